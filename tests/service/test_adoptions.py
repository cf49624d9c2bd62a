"""Another rubric for a cycle under way, over the API: shown whole, adopted by two people, the same everywhere."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from domain.adoption import sheets
from domain.cycle import Cycle
from domain.cycle_contents import Unit
from domain.interpretations import apply
from domain.moments import Moment
from domain.rubric.identity import canonical, identity
from domain.rubric.model import Rubric
from service.rubric_files import load
from service.verify.database import Kept, verify_database
from tests.service.city import CYCLE, UNITS, City, sheet
from tests.service.test_journeys import REASON, SHEET
from tests.service.test_publications import PLACE as PUBLICATIONS, advance, publish
from workers.rules import Rules

CHANGES = f"/cycles/{CYCLE}/rubric-changes"
SCORES = f"/cycles/{CYCLE}/units/zhongshan/scores"
STRICTER = apply(load("six-actions"), {"Q3": "zero"})
DENSE = apply(load("six-actions"), {"Q16": "dense", "Q6": "limited"})
FILED = ("1", "3", "10")  # sheets of Xigang that are filed on while a rubric is adopted


def published(city: City, rubric: Rubric = STRICTER) -> str:
    """A further version of the rubric, drafted by one administrator and published by the other."""
    city.done("administrator", "/rubrics", {"rubric": document(rubric)})
    city.done("second-administrator", f"/rubrics/{rubric.id}/publication", {"hash": identity(rubric)})
    return identity(rubric)


def document(rubric: Rubric) -> Any:
    return json.loads(canonical(rubric))


def nine_of_ten(city: City, unit: str = "zhongshan", who: str = "unit") -> None:
    """9 of 10 where all are asked for, filed and verified: 1.44, or nothing when read strictly."""
    place = sheet(unit)
    filed = city.done(who, place + "/submissions", {"figures": {"1b": {"numerator": 9, "denominator": 10}}})
    body = {"leaf": "1b", "submission": filed["events"][0]["data"]["submission"], "reason": REASON}
    city.done("reviewer", place + "/verifications", body, If_Match=f'"{filed["version"]}"')


def proposed(city: City, rubric: str) -> str:
    city.settle()
    told = city.done("administrator", CHANGES, {"hash": rubric, "reason": REASON})
    change: str = told["events"][0]["data"]["change"]
    return change


def adopted(city: City, rubric: Rubric = STRICTER) -> str:
    change = proposed(city, published(city, rubric))
    city.done("second-administrator", f"{CHANGES}/{change}/confirmation", {"reason": REASON})
    city.settle()
    return change


def final(city: City, position: int | None = None) -> str:
    query = "" if position is None else f"?as_of_position={position}"
    found: str = city.seen("auditor", SCORES + query)["leaves"]["1b"]["final"]
    return found


def problem(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["type"].removeprefix("urn:kaohe:problem:")


def test_everything_a_change_moves_is_shown_before_it_takes_effect_and_is_what_it_does(city: City) -> None:
    nine_of_ten(city)
    nine_of_ten(city, "xigang", "other-unit")
    change = proposed(city, published(city))
    told = city.seen("viewer", f"{CHANGES}/{change}")
    assert (told["state"], told["units"], told["ranks"], told["hash"]) == ("proposed", 2, 0, identity(STRICTER))
    rows = {(row["unit"], row["place"]): (row["before"], row["after"]) for row in told["differences"]}
    for place in ("leaves/1b/final", "items/1/final", "groups/G1/verified", "base/final", "total/final"):
        assert rows["zhongshan", place] == ("1.44", "0.00"), place
    assert final(city) == "1.44"
    before = city.office.reads.last()
    city.done("second-administrator", f"{CHANGES}/{change}/confirmation", {"reason": REASON})
    city.settle()
    after = {unit: city.seen("auditor", f"/cycles/{CYCLE}/units/{unit}/scores") for unit in UNITS}
    for (unit, place), (_, now) in rows.items():
        found: Any = after[unit]
        for step in place.split("/"):
            found = found[step]
        assert found == now, (unit, place)
    assert (final(city), final(city, before), final(city, city.office.reads.last())) == ("0.00", "1.44", "0.00")
    assert city.seen("unit", f"/cycles/{CYCLE}")["hash"] == identity(STRICTER)


def test_a_second_person_adopts_and_the_first_ones_try_is_on_the_record(city: City) -> None:
    nine_of_ten(city)
    change = proposed(city, published(city))
    assert problem(city.post("administrator", f"{CHANGES}/{change}/confirmation", {"reason": REASON})) == (
        403, "own-act",
    )  # fmt: skip
    assert final(city) == "1.44"
    told = city.done("second-administrator", f"{CHANGES}/{change}/confirmation", {"reason": REASON})
    assert {event["type"] for event in told["events"]} == {"RubricAdopted", "RubricApplied"}
    items = {unit: [item for item in STRICTER.items if cohort in item.points] for unit, cohort in UNITS.items()}
    assert len(told["events"]) == 1 + sum(map(len, items.values()))
    assert told["stream"] == f"cycle/{CYCLE}"
    city.settle()
    [shown] = city.seen("auditor", CHANGES)["changes"]
    assert (shown["state"], shown["decided_by"]) == ("adopted", city.people["second-administrator"])
    again = city.post("second-administrator", f"{CHANGES}/{change}/confirmation", {"reason": REASON})
    assert problem(again) == (409, "already-decided")
    refused = city.seen("auditor", "/events?type=ActRefused")["events"]
    assert [each["entry"]["data"]["code"] for each in refused] == ["own-act"]
    report = city.seen("auditor", f"/cycles/{CYCLE}/reports/duties")
    assert (report["holds"], report["checked"]["rubric-change"]) == (True, 1)


def test_a_change_whose_effect_has_moved_since_it_was_shown_is_refused_as_stale(city: City) -> None:
    change = proposed(city, published(city))
    assert city.seen("auditor", f"{CHANGES}/{change}")["differences"] == []
    nine_of_ten(city)  # not ordered yet: a decision looks at the sheets as they stand, not at where workers have come
    answer = city.post("second-administrator", f"{CHANGES}/{change}/confirmation", {"reason": REASON})
    assert problem(answer) == (409, "difference-changed")
    city.settle()
    assert final(city) == "1.44"
    refused = city.seen("auditor", "/events?type=ActRefused")["events"]
    assert [each["entry"]["data"]["code"] for each in refused] == ["difference-changed"]


def test_what_moves_nothing_of_what_was_shown_makes_no_change_stale(city: City) -> None:
    nine_of_ten(city)
    change = proposed(city, published(city))
    city.done("other-unit", sheet("xigang") + "/submissions", {"figures": {"1a": {"actual": 2, "target": 2}}})
    city.done("second-administrator", f"{CHANGES}/{change}/confirmation", {"reason": REASON})
    city.settle()
    assert final(city) == "0.00"


@pytest.mark.parametrize(("who", "state"), [("administrator", "withdrawn"), ("second-administrator", "declined")])
def test_a_proposal_is_withdrawn_by_who_made_it_and_declined_by_another(city: City, who: str, state: str) -> None:
    nine_of_ten(city)
    change = proposed(city, published(city))
    city.done(who, f"{CHANGES}/{change}/withdrawal", {"reason": "影响过大"})
    [shown] = city.seen("auditor", CHANGES)["changes"]
    assert (shown["state"], shown["decided_because"]) == (state, "影响过大")
    late = city.post("second-administrator", f"{CHANGES}/{change}/confirmation", {"reason": REASON})
    assert problem(late) == (409, "already-decided")
    assert final(city) == "1.44"


def test_no_cycle_goes_on_under_a_rubric_that_is_unknown_unpublished_or_in_force(city: City) -> None:
    city.settle()
    city.done("administrator", "/rubrics", {"rubric": document(STRICTER)})
    before = city.size()["record.documents"]
    for digest, told in (
        ("0" * 64, (404, "unknown-rubric")),
        (identity(STRICTER), (404, "unknown-rubric")),  # a draft is no rubric yet
        (city.seen("unit", f"/cycles/{CYCLE}")["hash"], (409, "rubric-in-force")),
    ):
        assert problem(city.post("administrator", CHANGES, {"hash": digest, "reason": REASON})) == told
    assert problem(city.post("administrator", "/cycles/1999/rubric-changes", {"hash": "0" * 64, "reason": REASON})) == (
        404, "unknown-cycle",
    )  # fmt: skip
    assert city.size()["record.documents"] == before
    nothing = f"{CHANGES}/0198c5b7-5e00-7000-8000-000000000001"
    assert problem(city.get("auditor", nothing)) == (404, "unknown-rubric-change")


def test_final_results_are_changed_only_in_a_cycle_that_was_reopened(city: City) -> None:
    nine_of_ten(city)
    digest = published(city)
    change = proposed(city, digest)
    advance(city, "closed", "review")
    publish(city, "provisional")
    advance(city, "provisional", "notice", "appeal")
    publish(city, "final")
    for answer in (
        city.post("administrator", CHANGES, {"hash": digest, "reason": REASON}),
        city.post("second-administrator", f"{CHANGES}/{change}/confirmation", {"reason": REASON}),
    ):
        assert problem(answer) == (409, "results-final")


def test_published_results_stay_true_at_their_position_after_another_rubric_was_adopted(city: City) -> None:
    nine_of_ten(city)
    advance(city, "closed", "review")
    publish(city, "provisional")
    adopted(city)
    check = city.seen("auditor", f"{PUBLICATIONS}/1/check")
    assert (check["same"], check["incident"], check["differences"]) == (True, False, [])
    assert city.seen("auditor", f"{PUBLICATIONS}/1")["table"]["zhongshan"]["total"]["final"] == "1.44"
    publish(city, "provisional")
    old, new = city.seen("auditor", PUBLICATIONS)["publications"]
    assert (old["in_force"], new["in_force"]) == (False, True)
    assert (old["rubric"] != new["rubric"], new["rubric"]) == (True, identity(STRICTER))
    assert (old["interpretations"]["Q3"], new["interpretations"]["Q3"]) == ("proportional", "zero")
    assert city.seen("auditor", f"{PUBLICATIONS}/2")["table"]["zhongshan"]["total"]["final"] == "0.00"
    for number in (1, 2):
        assert city.seen("auditor", f"{PUBLICATIONS}/{number}/check")["same"]


def test_results_proposed_under_one_rubric_are_not_published_under_another(city: City) -> None:
    advance(city, "closed", "review")
    city.settle()
    city.done("administrator", PUBLICATIONS, {"stage": "provisional", "reason": REASON})
    adopted(city)  # moves nothing of an empty table
    answer = city.post("second-administrator", f"{PUBLICATIONS}/1/confirmation", {"reason": REASON})
    assert problem(answer) == (409, "results-changed")


def test_figures_filed_after_an_adoption_are_scored_by_it_in_every_process(city: City) -> None:
    old = Rules(city.office.store)  # another process, which has read the cycle before
    assert old.item(CYCLE, "zhongshan", "1").scorer.score({"1b": {"numerator": 9, "denominator": 10}})["1b"] == 144
    city.settle()
    assert old.layout_at(CYCLE, Moment(city.office.reads.last())).rubric.conventions.ties == "share"
    adopted(city, apply(DENSE, {"Q3": "zero"}))
    nine_of_ten(city)
    city.settle()
    assert final(city) == "0.00"
    assert old.layout_at(CYCLE, Moment(city.office.reads.last())).rubric.conventions.ties == "dense"
    assert city.seen("unit", SHEET)["leaves"][1]["final"] == "0.00"
    told = city.get("unit", SHEET + "/explanation").get_json()
    assert told["item"]["leaves"][1]["points"] == "0.00"


def test_a_unit_enrolled_after_an_adoption_starts_under_it(city: City) -> None:
    adopted(city)
    body = {"unit": "shahekou", "cohort": "district", "name_zh": "沙河口", "name_en": "Shahekou"}
    city.done("administrator", f"/cycles/{CYCLE}/units", body)
    city.settle()
    rules = Rules(city.office.store)
    assert rules.item(CYCLE, "shahekou", "1").rubric == STRICTER
    assert city.seen("auditor", f"/cycles/{CYCLE}/units/shahekou/scores")["total"]["final"] == "0.00"


def test_the_timeline_names_the_adoption_as_what_moved_a_leaf(city: City) -> None:
    nine_of_ten(city)
    adopted(city)
    steps = city.seen("unit", f"{SCORES}/timeline?leaf=1b")["steps"]
    assert [(step["type"], step["final"]) for step in steps][-1] == ("RubricApplied", "0.00")


@pytest.mark.parametrize("numerator", [10, 9], ids=["what scores the same", "what the difference is about"])
def test_while_units_go_on_filing_an_adoption_takes_what_was_shown_or_nothing(city: City, numerator: int) -> None:
    nine_of_ten(city)
    change = proposed(city, published(city))
    whole = {"numerator": 10, "denominator": 10}
    figures = {"1": {"1a": {"actual": numerator, "target": 10}}, "3": {"3a": whole}, "10": {"10a": whole}}
    together = Barrier(4)

    def file(item: str) -> list[int]:
        together.wait()
        body = {"figures": figures[item]}
        return [city.post("other-unit", sheet("xigang", item) + "/submissions", body).status_code for _ in range(8)]

    def confirm() -> tuple[int, str]:
        together.wait()
        answer = city.post("second-administrator", f"{CHANGES}/{change}/confirmation", {"reason": REASON})
        return (201, "") if answer.status_code == 201 else problem(answer)

    with ThreadPoolExecutor(4) as pool:
        filing, confirming = [pool.submit(file, item) for item in FILED], pool.submit(confirm)
    outcome = confirming.result()
    assert outcome in {(201, ""), *([(409, "difference-changed")] if numerator == 9 else [])}
    assert [each.result() for each in filing] == [[201] * 8] * 3
    city.settle()
    store, applied = city.office.store, []
    filed = tuple(f"xigang/{item}" for item in FILED)
    for stream in sheets(Cycle(CYCLE, units={unit: Unit(unit, of, "", "") for unit, of in UNITS.items()}), STRICTER):
        told = [event.type for event in store.read(stream)]
        applied.append(told.count("RubricApplied"))
        assert told.count("FiguresSubmitted") == (stream.endswith("zhongshan/1") + 8 * stream.endswith(filed))
    assert set(applied) == {int(outcome[0] == 201)}
    assert [str(each) for each in verify_database(store, Kept()).findings] == []

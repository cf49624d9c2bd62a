"""Another target in a year under way, over the API: shown whole, confirmed by a second person, the same everywhere."""

from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import pytest

from domain import facts
from events.conflicts import WrongVersion
from service.queries import changes
from service.verify.__main__ import verify_file
from service.verify.database import Kept, verify_database
from service.verify.offline import Asked
from service.verify.writing import write_bundle_file
from tests.service.city import CYCLE, UNITS, City
from tests.service.log_house import LogHouse
from tests.service.targets import REASON, change, propose, wanted
from tests.service.test_api_lists import flat, pages
from tests.service.test_journeys import SHEET, file, seen, verify
from tests.service.test_publications import PLACE as PUBLICATIONS, advance, publish
from tests.service.timed import APRIL, MARCH
from tests.service.under_way import under_way

CHANGES = f"/cycles/{CYCLE}/target-changes"
SCORES = f"/cycles/{CYCLE}/units/zhongshan/scores"
XIGANG = SHEET.replace("zhongshan", "xigang")


def two_units(city: City, actual: int = 70) -> None:
    """Zhongshan at 80 of 100 before Xigang at 70 of 100."""
    verify(city, file(city, 80))
    told = city.done("other-unit", XIGANG + "/submissions", {"figures": {"1a": {"actual": actual, "target": 100}}})
    body = {"leaf": "1a", "submission": told["events"][0]["data"]["submission"], "reason": REASON}
    city.done("reviewer", XIGANG + "/verifications", body, If_Match=seen(city, XIGANG))


def confirm(city: City, asked: str, who: str = "second-administrator") -> Any:
    return city.post(who, f"{CHANGES}/{asked}/confirmation", {"reason": "影响已核对"})


def problem(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["type"].removeprefix("urn:kaohe:problem:")


def final(city: City, query: str = "") -> str:
    found: str = city.seen("auditor", SCORES + query)["leaves"]["1a"]["final"]
    return found


def test_pages_of_what_a_change_moves_are_all_of_it(city: City) -> None:
    two_units(city)
    path = f"{CHANGES}/{propose(city, wanted(160))}"
    whole = city.seen("viewer", path)["differences"]
    assert flat(pages(city, "viewer", f"{path}?limit=5", "differences")) == whole
    assert len(whole) > 5


def test_all_that_a_change_moves_is_shown_then_done_by_a_second_person_and_named_everywhere(city: City) -> None:
    two_units(city)
    asked = propose(city, wanted(160))
    told = city.seen("viewer", f"{CHANGES}/{asked}")
    assert (told["state"], told["before"], told["target"], told["units"], told["ranks"]) == (
        "proposed",
        None,
        160,
        2,
        2,
    )
    rows = {(row["unit"], row["place"]): (row["before"], row["after"]) for row in told["differences"]}
    for place in ("leaves/1a/final", "items/1/claimed", "groups/G1/verified", "base/final", "total/final"):
        assert rows["zhongshan", place] == ("1.28", "0.80"), place
    assert (rows["zhongshan", "rank"], rows["xigang", "rank"]) == ((1, 2), (2, 1))
    before = city.office.reads.last()
    assert problem(confirm(city, asked, "administrator")) == (403, "own-act")
    assert final(city) == "1.28"
    done = confirm(city, asked)
    assert [event["type"] for event in done.get_json()["events"]] == [
        "TargetChangeConfirmed", "TargetIssued", "TargetApplied",
    ]  # fmt: skip
    city.settle()
    after = {unit: city.seen("auditor", f"/cycles/{CYCLE}/units/{unit}/scores") for unit in UNITS}
    for (unit, place), (_, now) in rows.items():
        found: Any = after[unit]
        for step in place.split("/"):
            found = found[step]
        assert found == now, (unit, place)
    assert final(city, f"?as_of_position={before}") == "1.28"
    [shown] = city.seen("auditor", CHANGES)["changes"]
    assert (shown["state"], shown["decided_by"]) == ("confirmed", city.people["second-administrator"])
    assert problem(confirm(city, asked)) == (409, "already-decided")
    named(city, before)


def named(city: City, before: int) -> None:
    """Whoever asks why the points moved is told: the target, who confirmed it, and why it was proposed."""
    step = city.seen("unit", f"{SCORES}/timeline?leaf=1a")["steps"][-1]
    second = city.people["second-administrator"]
    assert (step["cause"], step["actor"], step["reason"], step["final"]) == ("target", second, REASON, "0.80")
    [cause] = city.seen("auditor", f"/cycles/{CYCLE}/differences?unit=zhongshan&from_position={before}")["causes"]
    assert cause["cause"] == "target"
    item = city.seen("unit", SHEET + "/explanation")["item"]
    assert [leaf["sources"][-1]["type"] for leaf in item["leaves"] if leaf["id"] == "1a"] == ["TargetApplied"]
    report = city.seen("auditor", f"/cycles/{CYCLE}/reports/duties")
    assert (report["holds"], report["checked"]["target-change"]) == (True, 1)
    refused = city.seen("auditor", "/events?type=ActRefused")["events"]
    assert [each["entry"]["data"]["code"] for each in refused] == ["own-act"]


def test_a_change_whose_effect_on_anybodys_place_has_moved_since_is_refused_as_stale(city: City) -> None:
    two_units(city, actual=40)
    asked = propose(city, wanted(160))
    assert city.seen("viewer", f"{CHANGES}/{asked}")["ranks"] == 0
    told = city.done("other-unit", XIGANG + "/submissions", {"figures": {"1a": {"actual": 70, "target": 100}}})
    body = {"leaf": "1a", "submission": told["events"][0]["data"]["submission"], "reason": REASON}
    city.done("reviewer", XIGANG + "/verifications", body, If_Match=seen(city, XIGANG))  # not ordered yet
    assert problem(confirm(city, asked)) == (409, "difference-changed")
    city.settle()
    assert final(city) == "1.28"
    city.done("second-administrator", f"{CHANGES}/{asked}/withdrawal", {"reason": "须重新提请"})
    assert problem(confirm(city, asked)) == (409, "already-decided")


def test_what_was_read_of_a_year_is_decided_on_only_while_nobody_acted_in_it(city: City) -> None:
    two_units(city)
    with city.app.app_context():
        read = changes.Standing(CYCLE).follow()
        with city.office.store.connection() as connection:
            read.still(connection)
            city.done("other-unit", XIGANG + "/submissions", {"figures": {"1a": {"actual": 75, "target": 100}}})
            with pytest.raises(WrongVersion):
                read.still(connection)


def test_an_act_under_way_is_waited_for_and_makes_the_confirmation_decide_anew(city: City) -> None:
    two_units(city, actual=40)
    asked = propose(city, wanted(160))
    told = city.done("other-unit", XIGANG + "/submissions", {"figures": {"1a": {"actual": 70, "target": 100}}})
    with ThreadPoolExecutor(1) as pool, city.office.store.connection() as connection:
        with connection.transaction():
            submission = told["events"][0]["data"]["submission"]
            verified = facts.FiguresVerified("1a", submission, {"actual": 70, "target": 100}, False, REASON)
            under_way(city, connection, ("xigang", "1"), verified, "reviewer")
            answer = pool.submit(confirm, city, asked)
            assert wait([answer], timeout=1.0).not_done  # nobody knows yet what the act comes to
        assert problem(answer.result(60)) == (409, "difference-changed")
    city.settle()
    assert final(city) == "1.28"


def test_published_results_stay_true_and_final_ones_are_changed_in_a_reopened_year_alone(city: City) -> None:
    two_units(city)
    advance(city, "closed", "review")
    publish(city, "provisional")
    advance(city, "provisional", "notice")
    change(city, 160)
    waiting = propose(city, wanted(90))
    assert city.seen("auditor", f"{PUBLICATIONS}/1/check")["same"]
    assert city.seen("auditor", f"{PUBLICATIONS}/1")["table"]["zhongshan"]["total"]["final"] == "1.28"
    advance(city, "appeal")
    publish(city, "final")
    assert city.seen("auditor", f"{PUBLICATIONS}/2")["table"]["zhongshan"]["total"]["final"] == "0.80"
    told = city.seen("auditor", f"/cycles/{CYCLE}/differences?from_publication=1&to_publication=2&unit=zhongshan")
    assert [each["cause"] for each in told["causes"]] == ["target"]
    for answer in (city.post("administrator", CHANGES, wanted(70)), confirm(city, waiting)):
        assert problem(answer) == (409, "results-final")


def test_a_change_may_hold_from_an_earlier_time_and_the_offline_verifier_agrees(city: City, tmp_path: Path) -> None:
    house = LogHouse(city)
    body = {"figures": {"1a": {"actual": 80, "target": 100}}, "effective": MARCH}
    told = city.done("unit", SHEET + "/submissions", body)["events"][0]["data"]["submission"]
    verify(city, told)
    change(city, 160, effective=MARCH)
    assert (final(city), final(city, f"?as_of_effective={APRIL}")) == ("0.80", "0.80")
    assert [each["effective"] for each in city.seen("auditor", CHANGES)["changes"]] == [MARCH]
    house.sign()
    write_bundle_file(city.office.store, CYCLE, tmp_path / "b.zip")
    for report in (verify_file(tmp_path / "b.zip", Asked()), verify_database(city.office.store, Kept())):
        assert report.exit_code == 0, report.lines


def test_nothing_is_proposed_that_nobody_could_issue(city: City) -> None:
    for body, told in (
        (wanted(90, "atlantis"), (404, "unknown-unit")),
        (wanted(90, leaf="1b"), (422, "wrong-rule")),
        (wanted(90, effective="2099-01-01T00:00:00Z"), (422, "bad-effective")),
    ):
        assert problem(city.post("administrator", CHANGES, body)) == told
    assert problem(city.post("administrator", "/cycles/1999/target-changes", wanted(90))) == (404, "unknown-cycle")
    nothing = f"{CHANGES}/0198c5b7-5e00-7000-8000-000000000001"
    assert problem(city.get("auditor", nothing)) == (404, "unknown-target-change")

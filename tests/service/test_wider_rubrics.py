"""A year goes on under a wider sheet: leaves and items come, another department answers, and nothing filed is lost."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from domain import facts
from domain.adoption import sheets
from domain.cycle import Cycle
from domain.rubric.leaves import Leaf
from domain.rubric.model import Rubric
from domain.rubric.rules import Judged
from events.codec import to_event
from events.entry import Actor
from events.store import Append
from service.rubric_files import load
from service.verify.database import Kept, verify_database
from tests.domain.extended import HANDED, ITEM, LEAF, NEW, extended
from tests.service.city import CYCLE, UNITS, City, sheet
from tests.service.rounds import told
from tests.service.test_adoptions import CHANGES, SCORES, adopted, nine_of_ten, problem, proposed, published
from tests.service.test_journeys import REASON, SHEET, seen
from tests.service.test_marking import sealed
from tests.service.test_publications import PLACE as PUBLICATIONS, advance, publish
from workers import recomputation as recomputations

WIDER = extended(load("six-actions"))
BEFORE, AFTER = "2026-01-15T00:00:00Z", "2999-01-01T00:00:00Z"
HALF = {"numerator": 5, "denominator": 10}


def filed(city: City, figures: dict[str, Any], item: str = "1", **more: str) -> str:
    told = city.done("unit", sheet(item=item) + "/submissions", {"figures": figures, **more})
    submission: str = told["events"][0]["data"]["submission"]
    return submission


def changed(leaf: str, change: Callable[[Leaf], Leaf]) -> Rubric:
    rubric = load("six-actions")
    groups = tuple(
        replace(
            group,
            items=tuple(
                replace(item, leaves=tuple(change(each) if each.id == leaf else each for each in item.leaves))
                for item in group.items
            ),
        )
        for group in rubric.groups
    )
    return replace(rubric, groups=groups)


def judged(*steps: int) -> Callable[[Leaf], Leaf]:
    def change(leaf: Leaf) -> Leaf:
        return replace(leaf, faces={of: replace(face, rule=Judged(steps)) for of, face in leaf.faces.items()})

    return change


def queue(city: City, who: str) -> set[str]:
    city.settle()
    return {row["leaf"] for row in city.seen(who, f"/cycles/{CYCLE}/queue")["waiting"]}


def findings(city: City) -> list[str]:
    return [str(each) for each in verify_database(city.office.store, Kept()).findings]


def test_what_comes_with_a_rubric_is_shown_scores_as_nothing_filed_and_is_filed_on_from_then(city: City) -> None:
    nine_of_ten(city)
    for item, figures in (("1", {LEAF: HALF}), (ITEM, {NEW: {"points": "0.25"}})):
        answer = city.post("unit", sheet(item=item) + "/submissions", {"figures": figures})
        assert problem(answer)[0] == 404
    change = proposed(city, published(city, WIDER))
    before = city.office.reads.last()
    shown = city.seen("viewer", f"{CHANGES}/{change}")
    assert {(each["cohort"], each["leaf"], each["change"], each["after"]) for each in shown["leaves"]} == {
        (cohort, *each)
        for cohort in ("district", "industry")
        for each in ((LEAF, "added", "1"), (NEW, "added", ITEM), (HANDED, "department", "legal"))
    }
    rows = {(row["unit"], row["place"]): (row["before"], row["after"]) for row in shown["differences"]}
    assert rows["zhongshan", "leaves/1b/final"] == ("1.44", "0.72")
    assert rows["zhongshan", f"leaves/{LEAF}/status"] == (None, "empty")
    assert rows["xigang", f"items/{ITEM}/final"] == (None, "0.00")
    city.done("second-administrator", f"{CHANGES}/{change}/confirmation", {"reason": REASON})
    submission = filed(city, {LEAF: HALF}, effective=BEFORE)
    filed(city, {NEW: {"points": "0.25"}}, ITEM)
    verified = {"leaf": LEAF, "submission": submission, "reason": REASON}
    assert city.post("reviewer", SHEET + "/verifications", verified, If_Match=seen(city, SHEET)).status_code == 403
    city.done("other-reviewer", SHEET + "/verifications", verified, If_Match=seen(city, SHEET))
    city.settle()
    told = city.seen("unit", SCORES)
    assert (told["leaves"][LEAF]["final"], told["leaves"][NEW]["claimed"]) == ("0.40", "0.25")
    assert told["items"]["1"]["final"] == "1.12"
    early = city.seen("auditor", f"{SCORES}?as_of_position={before}")
    assert (early["total"]["final"], LEAF in early["leaves"], ITEM in early["items"]) == ("1.44", False, False)
    asked = city.done("auditor", "/recomputations", {"reason": REASON})["events"][0]["data"]["recomputation"]
    city.settle()
    recomputations.recompute(city.projectors[0]._store, asked)
    assert city.seen("auditor", f"/recomputations/{asked}")["differences"] == 0
    assert findings(city) == []


def test_every_read_tells_of_a_wider_sheet_at_every_moment(city: City) -> None:
    nine_of_ten(city)
    adopted(city, WIDER)
    filed(city, {LEAF: HALF, "1c": HALF}, effective=BEFORE)  # together they hold from when 1z is read as it is
    filed(city, {NEW: {"points": "0.25"}}, ITEM, effective=BEFORE)
    city.settle()
    last, unit = city.office.reads.last(), f"/cycles/{CYCLE}/units/zhongshan"
    for moment in ("", f"as_of_position={last}", f"as_of_effective={AFTER}", f"as_of_effective={BEFORE}"):
        late = moment != f"as_of_effective={BEFORE}"
        for place in ("/scores", "/explanation", "/scores/timeline", "/sheets/1", "/sheets/1/explanation"):
            assert city.get("auditor", f"{unit}{place}?{moment}").status_code == 200, (moment, place)
        found = city.seen("auditor", f"{unit}/scores?{moment}")
        assert found["leaves"].get(LEAF, {}).get("claimed") == ("0.40" if late else None)
        assert city.get("auditor", f"{unit}/sheets/{ITEM}?{moment}").status_code == (200 if late else 404)
        board = city.seen("auditor", f"/cycles/{CYCLE}/departments/scores?{moment}")["departments"]
        assert {each["department"] for each in board} >= {"legal", "women"}
    live = city.seen("auditor", f"/cycles/{CYCLE}/departments/scores")["departments"]
    assert live == city.seen("auditor", f"/cycles/{CYCLE}/departments/scores?as_of_position={last}")["departments"]
    tree = city.seen("unit", f"{unit}/explanation")
    leaves = {leaf["id"]: leaf for group in tree["groups"] for item in group["items"] for leaf in item["leaves"]}
    assert (leaves[LEAF]["claimed"], leaves[NEW]["claimed"], leaves[LEAF]["department"]) == ("0.40", "0.25", "legal")
    steps = city.seen("unit", f"{unit}/scores/timeline?leaf={NEW}")["steps"]
    assert [(each["type"], each["claimed"]) for each in steps] == [("FiguresSubmitted", "0.25")]
    for export in ("sheet", "results"):
        path = f"{unit}/exports/{export}" if export == "sheet" else f"/cycles/{CYCLE}/exports/{export}"
        assert LEAF in city.get("auditor", f"{path}?format=json").get_data(as_text=True)


def test_the_difference_between_results_of_two_sheets_adds_up(city: City) -> None:
    nine_of_ten(city)
    change = proposed(city, published(city, WIDER))
    advance(city, "closed", "review")
    publish(city, "provisional")
    city.done("second-administrator", f"{CHANGES}/{change}/confirmation", {"reason": REASON})
    publish(city, "provisional")
    told = city.seen("auditor", f"/cycles/{CYCLE}/differences?from_publication=1&to_publication=2")
    [cause] = [each for each in told["causes"] if each["cause"] == "rubric"]
    assert cause["final"] == "-0.72"
    for number in (1, 2):
        assert city.seen("auditor", f"{PUBLICATIONS}/{number}/check")["same"]
    assert findings(city) == []


def test_what_waits_goes_to_the_department_that_answers_now(city: City) -> None:
    submission = filed(city, {HANDED: HALF})
    assert (HANDED in queue(city, "reviewer"), HANDED in queue(city, "other-reviewer")) == (True, False)
    adopted(city, WIDER)
    assert (HANDED in queue(city, "reviewer"), HANDED in queue(city, "other-reviewer")) == (False, True)
    verified = {"leaf": HANDED, "submission": submission, "reason": REASON}
    assert city.post("reviewer", SHEET + "/verifications", verified, If_Match=seen(city, SHEET)).status_code == 403
    city.done("other-reviewer", SHEET + "/verifications", verified, If_Match=seen(city, SHEET))
    assert HANDED not in queue(city, "other-reviewer")
    assert findings(city) == []


def test_another_kind_of_rule_is_taken_while_nothing_stands_on_the_leaf(city: City) -> None:
    back = city.seen("auditor", f"/cycles/{CYCLE}")["hash"]
    adopted(city, changed("12a", judged(0, 100, 300)))
    filed(city, {"12a": {"points": "1.00"}}, "12", effective=BEFORE)
    city.settle()
    for moment, claimed in ((AFTER, "1.00"), (BEFORE, "0.00")):
        found = city.seen("auditor", f"{SCORES}?as_of_effective={moment}")
        assert found["leaves"]["12a"]["claimed"] == claimed
    answer = city.post("administrator", CHANGES, {"hash": back, "reason": REASON})
    assert (*problem(answer), answer.get_json()["place"]) == (409, "rubric-unfit", "leaves.12a")
    assert "zhongshan 12a: another kind of rule" in answer.get_json()["detail_en"]
    assert findings(city) == []


def test_a_leaf_that_would_go_is_refused_by_its_name(city: City) -> None:
    narrower = city.seen("auditor", f"/cycles/{CYCLE}")["hash"]
    adopted(city, WIDER)
    answer = city.post("administrator", CHANGES, {"hash": narrower, "reason": REASON})
    assert (*problem(answer), answer.get_json()["place"]) == (409, "rubric-unfit", f"leaves.{LEAF}")
    assert "the leaf is gone" in answer.get_json()["detail_en"]


def test_a_rubric_waits_for_a_round_whose_sealed_judgement_may_be_no_step_of_it(city: City) -> None:
    sealed(city, "3.50")
    whole = published(city, changed("6b", judged(0, 100, 200, 300, 400)))
    city.settle()
    answer = city.post("administrator", CHANGES, {"hash": whole, "reason": REASON})
    assert (*problem(answer), answer.get_json()["place"]) == (409, "rubric-unfit", "leaves.6b")
    assert "settle the round first" in answer.get_json()["detail_en"]
    told(city, "second-reviewer", "second-judgements", "2.50")
    told(city, "approver", "moderations", "3.00")
    change = proposed(city, whole)
    city.done("second-administrator", f"{CHANGES}/{change}/confirmation", {"reason": REASON})
    city.settle()
    assert city.seen("unit", SCORES)["leaves"]["6b"]["final"] == "3.00"
    assert findings(city) == []


def test_the_offline_verifier_finds_a_rubric_applied_otherwise_than_adopted(city: City) -> None:
    adopted(city, WIDER)
    sound = findings(city)
    store, by = city.office.store, Actor(city.people["administrator"], "administrator", "*")
    stream, hash_ = f"sheet/{CYCLE}/zhongshan/1", city.seen("auditor", f"/cycles/{CYCLE}")["hash"]
    forged = to_event(facts.RubricApplied(hash_, REASON, []))
    store.append(stream, store.head(stream), [forged], by=by)
    city.settle()
    assert any("a rubric applied to a sheet that no cycle adopted" in each for each in findings(city))
    assert sound == []


def test_the_offline_verifier_finds_a_leaf_that_is_said_not_to_be_anew(city: City) -> None:
    digest, store = published(city, WIDER), city.office.store
    by, before = Actor(city.people["administrator"], "administrator", "*"), city.seen("auditor", f"/cycles/{CYCLE}")
    adopted_ = facts.RubricAdopted("c", before["hash"], digest, "0" * 64, "kaohe", REASON)
    wanted = [f"cycle/{CYCLE}", *sheets(office_cycle(city), WIDER)]
    appends = [
        Append(stream, store.head(stream), [to_event(facts.RubricApplied(digest, REASON, []) if number else adopted_)])
        for number, stream in enumerate(wanted)
    ]
    store.append_all(appends, by=by)
    city.settle()
    told = [each for each in findings(city) if "applied otherwise than it was adopted" in each]
    assert len(told) == 2 * len(UNITS)  # items 1 and 28 of every unit


def office_cycle(city: City) -> Cycle:
    return city.office.cycles.get(CYCLE)[0]

"""From an objection to another unit's score to an appeal, its decision, and the ranks it moved, over the API."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest

from domain import facts
from events.codec import to_event
from events.entry import Actor, new_id
from events.store import Append
from service.verify.database import Kept, verify_database
from tests.service.city import CYCLE, City, sheet
from tests.service.test_adoptions import problem
from tests.service.test_appeals import decide, noticed
from tests.service.test_journeys import REASON, SHEET
from tests.service.test_one_register import replayed
from tests.service.test_publications import PLACE, advance, publish

OBJECTIONS = f"/cycles/{CYCLE}/objections"
OBJECTION = {"publication": 1, "unit": "xigang", "about": "zhongshan", "text": "第一项数据与公开材料不符"}
REFERRED = {"outcome": "referred", "item": "1", "leaf": "1a", "reason": "须由未办理该表的人裁决"}


def objected(city: City) -> str:
    noticed(city)
    objection: str = city.done("other-unit", OBJECTIONS, OBJECTION)["events"][0]["data"]["objection"]
    return objection


def answer(city: City, objection: str, body: dict[str, Any], who: str = "administrator") -> Any:
    return city.post(who, f"{OBJECTIONS}/{objection}/answer", body)


def referred(city: City, phase: str = "appeal") -> str:
    """The address of the appeal that an objection was referred as."""
    objection = objected(city)
    if phase == "appeal":
        advance(city, "appeal")
    told = answer(city, objection, REFERRED)
    assert told.status_code == 201, told.get_data(as_text=True)
    return f"{SHEET}/appeals/{told.get_json()['events'][0]['data']['appeal']}"


def assign(city: City, place: str, who: str = "chief-approver") -> Any:
    return city.post("administrator", place + "/assignment", {"person": city.people[who], "reason": "与双方均无关"})


def findings(city: City) -> list[str]:
    city.settle()
    return [str(each) for each in verify_database(city.office.store, Kept()).findings]


def test_a_referred_objection_is_answered_and_appealed_in_one_commit_and_decided_with_points_down(city: City) -> None:
    objection = objected(city)
    told = answer(city, objection, REFERRED).get_json()
    assert [(each["stream"], each["type"]) for each in told["events"]] == [
        (f"cycle/{CYCLE}", "ObjectionAnswered"),
        (f"sheet/{CYCLE}/zhongshan/1", "AppealFiled"),
    ]
    appeal = told["events"][1]["data"]["appeal"]
    place = f"{SHEET}/appeals/{appeal}"
    [mine] = city.seen("unit", SHEET)["appeals"]
    assert (mine["objection"], mine["text"], mine["by"]) == (objection, OBJECTION["text"], city.people["administrator"])
    advance(city, "appeal")
    city.settle()
    waiting = city.seen("administrator", f"/cycles/{CYCLE}/queue")["waiting"]
    assert [row["subject"] for row in waiting if row["kind"] == "appeal"] == [appeal]
    assert problem(city.post("administrator", PLACE, {"stage": "final", "reason": REASON})) == (409, "appeals-open")
    assert assign(city, place).status_code == 201
    decide(city, place, "-0.16", "partly")
    city.settle()
    moved = [{"unit": "zhongshan", "total_before": "1.28", "total_after": "1.12", "rank_before": 1, "rank_after": 1}]
    shown = city.seen("unit", place)
    assert (shown["delta"], shown["objection"], shown["moved"]) == ("-0.16", objection, moved)
    report = city.seen("auditor", f"/cycles/{CYCLE}/reports/appeals")
    assert (report["points"], report["outcomes"]) == ("-0.16", {"partly": 1})
    assert [(each["objection"], each["moved"]) for each in report["appeals"]] == [(objection, moved)]
    number = publish(city, "final")
    changed = city.seen("auditor", f"{PLACE}/{number}/differences?since=1")["differences"]
    assert {"unit": "zhongshan", "place": "total/final", "before": "1.28", "after": "1.12"} in changed
    duties = city.seen("auditor", f"/cycles/{CYCLE}/reports/duties")
    assert (duties["holds"], duties["checked"]["referral"], duties["checked"]["objection"]) == (True, 2, 1)
    assert findings(city) == []
    replayed(city)


def test_who_objected_sees_how_far_the_appeal_is_and_nothing_of_the_other_units_sheet(city: City) -> None:
    place = referred(city)
    appeal = place.rpartition("/")[2]

    def told(who: str) -> dict[str, Any]:
        [found] = city.seen(who, OBJECTIONS)["objections"]
        return dict(found)

    assert (told("other-unit")["outcome"], told("other-unit")["reason"]) == ("referred", REFERRED["reason"])
    assert told("other-unit")["appeal"] == {"id": appeal, "item": "1", "leaf": "1a", "state": "filed"}
    assign(city, place)
    decide(city, place, "-0.16", "upheld")
    for who in ("unit", "other-unit", "viewer", "auditor"):
        assert told(who)["appeal"] == {"id": appeal, "item": "1", "leaf": "1a", "state": "upheld"}
    assert city.get("other-unit", place).status_code == 404
    assert REASON not in city.get("other-unit", OBJECTIONS).get_data(as_text=True)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({**REFERRED, "item": "99"}, (404, "unknown-item")),
        ({**REFERRED, "leaf": "1z"}, (404, "unknown-leaf")),
        ({**REFERRED, "leaf": "2a"}, (404, "unknown-leaf")),
        ({"outcome": "referred", "reason": REASON}, (422, "invalid")),
        ({"outcome": "referred", "item": "1", "reason": REASON}, (422, "invalid")),
        ({**REFERRED, "outcome": "upheld"}, (422, "invalid")),
        ({**REFERRED, "reason": "  "}, (422, "invalid")),
    ],
)
def test_a_referral_that_goes_nowhere_is_refused_and_leaves_the_objection_open(
    city: City, body: dict[str, Any], expected: tuple[int, str]
) -> None:
    objection = objected(city)
    assert problem(answer(city, objection, body)) == expected
    [shown] = city.seen("other-unit", OBJECTIONS)["objections"]
    assert (shown["outcome"], shown["appeal"]) == (None, None)
    assert city.seen("unit", SHEET)["appeals"] == []


def test_an_appeal_of_an_objection_waits_for_the_units_own_on_the_same_leaf(city: City) -> None:
    objection = objected(city)
    city.done("unit", SHEET + "/appeals", {"leaf": "1a", "text": "另有两个班组已建会"})
    assert problem(answer(city, objection, REFERRED)) == (409, "already-exists")
    told = answer(city, objection, {**REFERRED, "leaf": "1b"})
    assert told.status_code == 201
    assert problem(answer(city, objection, {**REFERRED, "leaf": "1c"})) == (409, "already-decided")


def test_it_is_laid_before_nobody_who_has_to_do_with_either_unit(city: City) -> None:
    place = referred(city)
    conflict = {"unit": "xigang", "reason": "亲属"}
    city.done("chief-approver", f"/people/{city.people['chief-approver']}/conflicts", conflict)
    assert problem(assign(city, place)) == (403, "not-impartial")
    assert problem(assign(city, place, "conflicted-approver")) == (422, "bad-assignee")
    assert assign(city, place, "approver").status_code == 201
    city.settle()
    [traced] = city.seen("auditor", "/events?type=ActRefused")["events"]
    assert (traced["entry"]["data"]["act"], traced["entry"]["data"]["code"]) == ("assign-appeal", "not-impartial")


def test_of_a_referral_and_the_units_own_appeal_at_the_same_moment_one_is_filed(city: City) -> None:
    objection = objected(city)
    together = Barrier(2)

    def at_once(act: Any) -> int:
        together.wait()
        return int(act().status_code)

    own = {"leaf": "1a", "text": "另有两个班组已建会"}
    with ThreadPoolExecutor(2) as pool:
        asked = [
            pool.submit(at_once, lambda: answer(city, objection, REFERRED)),
            pool.submit(at_once, lambda: city.post("unit", SHEET + "/appeals", own)),
        ]
        assert sorted(each.result() for each in asked) == [201, 409]
    assert len(city.seen("unit", SHEET)["appeals"]) == 1
    assert findings(city) == []


def forged(city: City, *told: tuple[str, str, str, facts.Fact]) -> list[str]:
    """What the verifier says once these facts (stream, person, role, fact) were written, one commit."""
    store = city.office.store
    for stream, who, role, fact in told:
        by = Actor(city.people[who], role, "*")
        store.append(stream, store.head(stream), [to_event(fact)], by=by)
    return findings(city)


def test_an_appeal_that_no_answer_filed_and_an_answer_without_its_appeal_are_found_offline(city: City) -> None:
    objection = objected(city)
    assert findings(city) == []
    filed = facts.AppealFiled(new_id(), "1b", OBJECTION["text"], [], objection)
    own = f"sheet/{CYCLE}/zhongshan/1"
    said = forged(city, (own, "administrator", "administrator", filed))
    assert [each for each in said if "no answer of an objection filed" in each] != []
    missing = facts.ObjectionAnswered(objection, "xigang", "zhongshan", "referred", REASON, "1", "1a", new_id())
    apart = facts.AppealFiled(missing.appeal, "1a", OBJECTION["text"], [], objection)
    said = forged(
        city,
        (f"cycle/{CYCLE}", "administrator", "administrator", missing),
        (own, "administrator", "administrator", apart),  # a commit of its own
    )
    assert [each for each in said if "referred and no appeal filed" in each] != []


def test_points_taken_by_the_units_own_appeal_or_by_a_party_are_found_offline(city: City) -> None:
    place = referred(city)
    own, appeal = f"sheet/{CYCLE}/zhongshan/1", place.rpartition("/")[2]
    assign(city, place)
    party = city.people["chief-approver"]
    city.done("chief-approver", f"/people/{party}/conflicts", {"unit": "xigang", "reason": "亲属"})
    decided = facts.AppealDecided(appeal, "1a", "upheld", "-0.16", new_id(), REASON)
    said = forged(city, (own, "chief-approver", "approver", decided))
    assert [each for each in said if "decided by a party to its objection" in each] != []
    assert [each for each in said if "cost its own unit" in each] == []
    mine = facts.AppealFiled(new_id(), "1b", "另有两家", [])
    store = city.office.store
    store.append(own, store.head(own), [to_event(mine)], by=Actor(city.people["unit"], "unit", "zhongshan"))
    said = forged(city, (own, "approver", "approver", replace(decided, appeal=mine.appeal, leaf="1b")))
    assert [each for each in said if "cost its own unit" in each] != []


def test_an_appeal_filed_with_another_answer_or_by_another_person_is_found_offline(city: City) -> None:
    objection = objected(city)
    appeal, own, store = new_id(), f"sheet/{CYCLE}/zhongshan/1", city.office.store
    answered = facts.ObjectionAnswered(objection, "xigang", "zhongshan", "referred", REASON, "1", "1a", appeal)
    filed = facts.AppealFiled(appeal, "1c", OBJECTION["text"], [], objection)  # another leaf than the answer names
    year = f"cycle/{CYCLE}"
    appends = [
        Append(year, store.head(year), [to_event(answered)]),
        Append(own, store.head(own), [to_event(filed)]),
    ]
    store.append_all(appends, by=Actor(city.people["administrator"], "administrator", "*"))
    assert [each for each in findings(city) if "no answer of an objection filed" in each] != []


def test_a_referral_in_the_notice_waits_for_the_appeal_phase_as_any_appeal(city: City) -> None:
    place = referred(city, "notice")
    assert assign(city, place).status_code == 201
    body = {"outcome": "upheld", "delta": "-0.16", "reason": REASON}
    early = city.post(
        "chief-approver", place + "/decision", body, If_Match=f'"{city.seen("auditor", SHEET)["version"]}"'
    )
    assert problem(early) == (409, "wrong-phase")
    advance(city, "appeal")
    decide(city, place, "-0.16")
    assert [each["state"] for each in city.seen("unit", sheet())["appeals"]] == ["upheld"]

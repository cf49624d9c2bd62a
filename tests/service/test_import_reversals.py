"""Imports taken back: all of it or nothing, in every phase in which they are made, and what stands in the way named."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from domain import facts
from events.codec import to_event
from events.entry import Actor
from service.rubric_files import load
from tests.service.city import CYCLE, City, office_of, sheet
from tests.service.test_adoptions import adopted
from tests.service.test_imports import (
    AT,
    FILED,
    NEXT,
    REASON,
    code,
    draft,
    imported,
    key_of,
    preview,
    refusals,
    wrong,
)  # fmt: skip
from tests.service.test_publications import advance
from tests.service.workbooks import FIGURES, ROSTER, xlsx

METAL = ("metal", "industry", "冶金工会", "Metal")


def enrolled(city: City, *rows: tuple[str, str, str, str]) -> str:
    """A roster imported while the year is open; answers its way back."""
    key = key_of(imported(city, "administrator", "roster", xlsx(ROSTER, *(rows or [METAL]))))
    return f"{AT}/{key}/reversal"


def clerk_of(city: City, *units: str) -> None:
    """Lets the clerk of Zhongshan act for more units."""
    store, stream = city.office.store, f"person/{city.people['unit']}"
    grants = [to_event(facts.RoleGranted("unit", unit, "test")) for unit in units]
    store.append(stream, store.head(stream), grants, by=office_of(city))


def test_an_administrator_imports_a_roster_and_takes_it_back_before_the_year_opens(city: City) -> None:
    draft(city)
    body = xlsx(
        ROSTER, ("ganjingzi", "district", "甘井子区总工会", "Ganjingzi"), ("metal", "industry", "冶金工会", "Metal")
    )
    receipt = imported(city, "administrator", "roster", body, NEXT)
    assert [each["type"] for each in receipt["events"]].count("UnitEnrolled") == 2
    city.settle()
    scores = f"/cycles/{NEXT}/units/ganjingzi/scores"
    stood = city.seen("viewer", scores)["position"]
    key = key_of(receipt)
    city.done("administrator", f"/cycles/{NEXT}/imports/{key}/reversal", {"reason": "名册有误"})
    city.settle()
    assert city.seen("viewer", f"/cycles/{NEXT}/scores")["units"] == []
    assert city.seen("viewer", f"/cycles/{NEXT}/departments/scores")["departments"] == []
    assert city.get("viewer", scores).status_code == 404
    then = city.seen("viewer", f"/cycles/{NEXT}/scores?as_of_position={stood}")["units"]
    assert {each["name_zh"] for each in then} == {"甘井子区总工会", "冶金工会"}
    right = xlsx(ROSTER, ("ganjingzi", "district", "甘井子区总工会", "Ganjingzi District"))
    imported(city, "administrator", "roster", right, NEXT)
    city.settle()
    assert [each["name_en"] for each in city.seen("viewer", f"/cycles/{NEXT}/scores")["units"]] == [
        "Ganjingzi District"
    ]


def test_a_withdrawn_unit_never_comes_back_in_another_cohort(city: City) -> None:
    draft(city)
    receipt = imported(city, "administrator", "roster", xlsx(ROSTER, ("metal", "district", "冶金", "Metal")), NEXT)
    key = key_of(receipt)
    city.done("administrator", f"/cycles/{NEXT}/imports/{key}/reversal", {"reason": REASON})
    seen = preview(city, "administrator", "roster", xlsx(ROSTER, ("metal", "industry", "冶金", "Metal")), cycle=NEXT)
    assert refusals(seen) == [(2, "unit", "enrolled-otherwise")]


def test_an_import_that_was_built_upon_stays_whole(city: City) -> None:
    receipt = imported(city, "unit", "figures", xlsx(FIGURES, *FILED))
    filed = city.seen("unit", sheet())["leaves"][0]["submission"]
    verified = {"leaf": "1a", "submission": filed, "reason": REASON}
    city.done("reviewer", sheet() + "/verifications", verified, If_Match='"1"')
    before = city.size()
    key = key_of(receipt)
    answer = city.post("unit", f"{AT}/{key}/reversal", {"reason": REASON})
    assert (answer.status_code, code(answer)) == (409, "already-decided")
    assert city.size() == before


def test_what_was_withdrawn_by_hand_is_no_hindrance_to_taking_an_import_back(city: City) -> None:
    receipt = imported(city, "unit", "figures", xlsx(FIGURES, *FILED))
    filed = city.seen("unit", sheet())["leaves"][0]["submission"]
    city.done("unit", f"{sheet()}/submissions/{filed}/withdrawal", {"reason": REASON})
    key = key_of(receipt)
    back = city.done("unit", f"{AT}/{key}/reversal", {"reason": REASON})
    assert [each["type"] for each in back["events"]] == ["ImportReversed", *["SubmissionWithdrawn"] * 2]


def test_a_roster_of_a_year_that_has_opened_goes_back_and_its_units_may_come_again(city: City) -> None:
    city.settle()
    before = city.seen("viewer", f"/cycles/{CYCLE}/departments/scores")["departments"]
    back = enrolled(city)
    adopted(city)  # an act on the whole year is nothing that was done for this unit
    receipt = city.done("administrator", back, {"reason": "名册有误"})
    told = [each["type"] for each in receipt["events"]]
    assert (told.count("ImportReversed"), told.count("UnitWithdrawn")) == (1, 1)
    items = {each["stream"] for each in receipt["events"] if each["type"] == "WithdrawalApplied"}
    assert len(items) == sum("industry" in item.points for item in load("six-actions").items)
    city.settle()
    assert city.get("viewer", f"/cycles/{CYCLE}/units/metal/scores").status_code == 404
    assert "metal" not in {each["unit"] for each in city.seen("viewer", f"/cycles/{CYCLE}/scores")["units"]}
    assert city.seen("viewer", f"/cycles/{CYCLE}/departments/scores")["departments"] == before
    clerk_of(city, "metal")
    figures = {"figures": {"1b": {"numerator": 9, "denominator": 10}}}
    assert city.post("unit", sheet("metal") + "/submissions", figures).status_code == 404
    enrolled(city)
    city.done("unit", sheet("metal") + "/submissions", figures)
    city.settle()
    assert city.seen("unit", f"/cycles/{CYCLE}/units/metal/scores")["leaves"]["1b"]["claimed"] == "0.00"  # STRICTER
    assert wrong(city) == []


def test_what_was_done_since_stands_in_the_way_of_a_roster_and_is_named_piece_by_piece(city: City) -> None:
    back = enrolled(city, METAL, ("ganjingzi", "district", "甘井子", "Ganjingzi"), ("coal", "industry", "煤矿", "Coal"))
    clerk_of(city, "metal", "ganjingzi")
    place = sheet("metal")
    filed = city.done("unit", place + "/submissions", {"figures": {"1b": {"numerator": 9, "denominator": 10}}})
    withdrawal = f"{place}/submissions/{filed['events'][0]['data']['submission']}/withdrawal"
    city.done("unit", withdrawal, {"reason": REASON})
    target = {"unit": "metal", "leaf": "1a", "target": 9, "reason": REASON}
    city.done("administrator", f"/cycles/{CYCLE}/targets", target)
    asked = target | {"unit": "coal", "target": 11}
    city.done("administrator", f"/cycles/{CYCLE}/target-changes", asked)
    shared = {"leaf": "7a", "key": "DL-1", "title": "合同", "partners": ["ganjingzi"], "statement": "合办"}
    city.done("unit", sheet(item="7") + "/joint-claims", shared)
    before = city.size()
    answer = city.post("administrator", back, {"reason": REASON})
    assert (answer.status_code, code(answer)) == (409, "unit-in-use")
    clerk = city.people["unit"]
    named = [(each["unit"], each["sort"], each["name"], each["facts"]) for each in answer.get_json()["in_the_way"]]
    assert named == [
        ("metal", "sheets", "1", ["FiguresSubmitted", "SubmissionWithdrawn", "TargetApplied"]),
        ("metal", "targets", "1a", ["TargetIssued"]),
        ("ganjingzi", "joint-claims", "7a zhongshan", ["JointClaimed"]),
        ("coal", "target-changes", "1a", ["TargetChangeProposed"]),
    ]
    assert answer.get_json()["in_the_way"][0]["by"] == [clerk, city.people["administrator"]]
    assert "metal sheet 1" in answer.get_json()["detail_en"]
    assert city.size() == before


def test_no_roster_goes_back_once_the_year_is_closed(city: City) -> None:
    back = enrolled(city)
    advance(city, "closed")
    answer = city.post("administrator", back, {"reason": REASON})
    assert (answer.status_code, code(answer)) == (409, "wrong-phase")


def test_whoever_files_while_his_unit_is_taken_out_either_stays_with_it_or_finds_it_gone(city: City) -> None:
    units = [f"u-{number}" for number in range(8)]
    back = {unit: enrolled(city, (unit, "district", unit, unit)) for unit in units}
    clerk_of(city, *units)
    for unit in units:
        together = Barrier(2)

        def file(unit: str = unit, together: Barrier = together) -> int:
            together.wait()
            body = {"figures": {"1b": {"numerator": 9, "denominator": 10}}}
            return city.post("unit", sheet(unit) + "/submissions", body).status_code

        def leave(unit: str = unit, together: Barrier = together) -> int:
            together.wait()
            return city.post("administrator", back[unit], {"reason": REASON}).status_code

        with ThreadPoolExecutor(2) as pool:
            filing, leaving = pool.submit(file), pool.submit(leave)
        assert (filing.result(), leaving.result()) in {(201, 409), (404, 201)}
    city.settle()
    assert wrong(city) == []


def test_a_partner_who_left_while_he_was_named_keeps_nobody_from_settling_the_claim(city: City) -> None:
    enrolled(city, ("ganjingzi", "district", "甘井子", "Ganjingzi"))
    shared = {"leaf": "7a", "key": "DL-1", "title": "合同", "partners": ["xigang", "ganjingzi"], "statement": "合办"}
    said = city.done("unit", sheet(item="7") + "/joint-claims", shared)
    store, stream = city.office.store, f"cycle/{CYCLE}"
    gone = to_event(facts.UnitWithdrawn("ganjingzi", REASON))  # decided before anybody saw the claim
    store.append(stream, store.head(stream), [gone], by=Actor(city.people["administrator"], "administrator", "*"))
    key: dict[str, Any] = {"leaf": "7a", "key": "DL-1", "reason": REASON}
    split = f"{sheet(item='7')}/joint-claims/{said['events'][0]['data']['bonus']}/split"
    wanted = key | {"shares": {"zhongshan": "1.50", "ganjingzi": "1.50"}}
    assert code(city.post("reviewer", split, wanted, If_Match='"1"')) == "unknown-unit"
    city.done("reviewer", split, key | {"shares": {"zhongshan": "3.00"}}, If_Match='"1"')
    city.done("approver", split + "/confirmation", key, If_Match='"2"')
    [row] = city.seen("auditor", f"/cycles/{CYCLE}/register")["keys"]
    assert row["joint"]["state"] == "decided"


def test_the_offline_verifier_finds_a_withdrawal_that_strands_something_or_that_nobody_made(city: City) -> None:
    enrolled(city)
    clerk_of(city, "metal")
    city.done("unit", sheet("metal") + "/submissions", {"figures": {"1b": {"numerator": 9, "denominator": 10}}})
    administrator = Actor(city.people["administrator"], "administrator", "*")
    forge(city, f"cycle/{CYCLE}", facts.UnitWithdrawn("metal", REASON), administrator)
    forge(city, f"sheet/{CYCLE}/metal/3", facts.WithdrawalApplied(REASON), administrator)
    filed = facts.FiguresSubmitted("forged", {"1b": {"numerator": 1, "denominator": 1}})
    forge(city, f"sheet/{CYCLE}/metal/1", filed, Actor(city.people["unit"], "unit", "metal"))
    forge(city, f"sheet/{CYCLE}/zhongshan/1", facts.WithdrawalApplied(REASON), administrator)
    assert [each.en for each in wrong(city)] == [
        "a unit was withdrawn that things were done for",
        "not every sheet of the unit got its withdrawal",
        "an act on the sheet of a unit that takes no part",
        "a withdrawal on a sheet that no cycle made",
    ]


def forge(city: City, stream: str, fact: facts.Fact, by: Actor) -> None:
    store = city.office.store
    store.append(stream, store.head(stream), [to_event(fact)], by=by)
    city.settle()

"""A number counts once in the city on whatever leaf of its register, and as before in a year whose sheet names none."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from domain import facts
from domain.rubric.identity import identity
from events.codec import to_event
from events.entry import Actor, new_id
from service.rubric_files import load
from service.verify.database import Kept, verify_database
from tests.domain.registers import bare
from tests.service.bonuses import BEFORE, REASON, another_year, claim, decide, granted, propose, seven
from tests.service.city import CYCLE, City
from tests.service.test_adoptions import problem, published
from workers import recomputation as recomputations

OLD = bare(load("six-actions"))
CHANGES = f"/cycles/{BEFORE}/rubric-changes"


def claimed(city: City, who: str, key: str, leaf: str, cycle: str = CYCLE) -> Any:
    return city.post(who, seven(who, cycle) + "/claims", {"leaf": leaf, "key": key, "title": "合同"})


def findings(city: City) -> list[str]:
    city.settle()
    return [str(each) for each in verify_database(city.office.store, Kept()).findings]


def test_of_two_units_that_claim_a_number_on_two_leaves_at_once_exactly_one_has_it(city: City) -> None:
    with ThreadPoolExecutor(2) as pool:
        for key in (f"DL-{number}" for number in range(8)):
            together = Barrier(2)

            def one(who: str, leaf: str, key: str = key, together: Barrier = together) -> tuple[int, str]:
                together.wait()
                answer = claimed(city, who, key, leaf)
                return (201, "") if answer.status_code == 201 else problem(answer)

            asked = [pool.submit(one, "unit", "7a"), pool.submit(one, "other-unit", "7c")]
            assert sorted(each.result() for each in asked) == [(201, ""), (409, "key-taken")]
    assert findings(city) == []


def test_a_number_is_free_again_for_every_leaf_once_it_was_declined_and_nobody_is_told_who_had_it(city: City) -> None:
    bonus = claim(city, "unit", "DL-1", "7c")
    taken = claimed(city, "other-unit", "dl-1", "7a")
    assert problem(taken) == (409, "key-taken")
    assert not any(secret in taken.get_data(as_text=True) for secret in ("zhongshan", "7c", bonus))
    moved = claimed(city, "unit", "DL-1", "7a").get_json()
    assert all(told in moved["detail"] for told in ("7c", bonus))
    propose(city, seven("unit"), bonus, "DL-1", "7c")
    decide(city, seven("unit"), bonus, "decline", "应申报在另一小项")
    granted(city, "unit", "DL-1", "7a")
    assert problem(claimed(city, "other-unit", "DL-1", "7b")) == (409, "key-taken")
    city.settle()
    [row] = city.seen("auditor", f"/cycles/{CYCLE}/register")["keys"]
    assert (row["register"], row["leaf"], row["leaves"], row["holders"]) == ("7", "7a", ["7c", "7a"], ["zhongshan"])
    assert findings(city) == []


def test_a_joint_claim_holds_its_number_on_every_leaf_and_is_agreed_to_on_its_own(city: City) -> None:
    joint = {"leaf": "7b", "key": "DL-1", "title": "合同", "partners": ["xigang"], "statement": "共同签订"}
    claim(city, "other-unit", "DL-1", "7c")
    assert problem(city.post("unit", seven("unit") + "/joint-claims", joint)) == (409, "key-taken")
    told = city.done("unit", seven("unit") + "/joint-claims", {**joint, "key": "DL-2"})
    bonus = told["events"][0]["data"]["bonus"]
    assert problem(claimed(city, "other-unit", "DL-2", "7c")) == (409, "key-taken")
    agreement = f"{seven('other-unit')}/joint-claims/{bonus}/agreement"
    assert problem(city.post("other-unit", agreement, {"leaf": "7c", "key": "DL-2"})) == (404, "unknown-bonus")
    city.done("other-unit", agreement, {"leaf": "7b", "key": "DL-2"})
    assert findings(city) == []


def test_a_number_that_counts_on_two_leaves_is_found_offline(city: City) -> None:
    granted(city, "unit", "DL-1", "7a")
    assert findings(city) == []
    store, by = city.office.store, Actor(city.people["other-unit"], "unit", "xigang")
    store.append(
        f"sheet/{CYCLE}/xigang/7", 0, [to_event(facts.BonusClaimed(new_id(), "7c", "dl-1", "同一合同"))], by=by
    )
    assert any("a key that counts twice" in each for each in findings(city))


def test_a_year_whose_sheet_names_no_register_goes_on_as_before_and_may_adopt_one_that_does(city: City) -> None:
    another_year(city, rubric=published(city, OLD))
    granted(city, "other-unit", "DL-1", "7a", BEFORE)
    again = granted(city, "unit", "DL-1", "7c", BEFORE)
    assert findings(city) == []
    asked = {"hash": identity(load("six-actions")), "reason": REASON}
    unfit = city.post("administrator", CHANGES, asked)
    assert problem(unfit) == (409, "rubric-unfit")
    for who, key, leaf in (("unit", again, "7c"), ("other-unit", _held(city, "other-unit"), "7a")):
        decide(city, seven(who, BEFORE), key, "revoke", f"{leaf} 改按登记册申报")
    city.settle()
    change = city.done("administrator", CHANGES, asked)["events"][0]["data"]["change"]
    shown = city.seen("administrator", f"{CHANGES}/{change}")["leaves"]
    assert {(row["leaf"], row["change"], row["before"], row["after"]) for row in shown} == {
        (leaf, "register", leaf, "7") for leaf in ("7a", "7b", "7c")
    }
    city.done("second-administrator", f"{CHANGES}/{change}/confirmation", {"reason": REASON})
    granted(city, "unit", "DL-1", "7c", BEFORE)
    assert problem(claimed(city, "other-unit", "DL-1", "7a", BEFORE)) == (409, "key-taken")
    [row] = city.seen("auditor", f"/cycles/{BEFORE}/register")["keys"]
    assert (row["register"], row["leaves"], row["elsewhere"]) == ("7", ["7a", "7c"], [])
    assert findings(city) == []
    replayed(city)


def test_another_register_for_a_number_that_is_held_is_found_offline(city: City) -> None:
    another_year(city, rubric=published(city, OLD))
    granted(city, "unit", "DL-1", "7c", BEFORE)
    store, stream = city.office.store, f"sheet/{BEFORE}/zhongshan/7"
    applied = facts.RubricApplied(identity(load("six-actions")), REASON, [])
    store.append(stream, store.head(stream), [to_event(applied)], by=Actor(city.people["administrator"]))
    assert any("another register for a key that is held" in each for each in findings(city))


def _held(city: City, who: str) -> str:
    [bonus] = city.seen("auditor", seven(who, BEFORE))["bonuses"]
    return str(bonus["id"])


def replayed(city: City) -> None:
    asked = city.done("auditor", "/recomputations", {"reason": REASON})["events"][0]["data"]["recomputation"]
    city.settle()
    recomputations.recompute(city.projectors[0]._store, asked)
    assert city.seen("auditor", f"/recomputations/{asked}")["differences"] == 0

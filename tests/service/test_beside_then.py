"""What stands beside a sheet in other units and years is that of the moment asked for, as the sheet itself is."""

from typing import Any

from tests.service.bonuses import BEFORE, another_year, attach, bonus_of, claim, decide, propose, seven
from tests.service.city import CYCLE, City, sheet
from tests.service.timed import APRIL


def now(city: City) -> int:
    city.settle()
    return city.office.reads.last()


def then(city: City, place: str, position: int) -> dict[str, Any]:
    return city.seen("auditor", f"{place}?as_of_position={position}")


def test_where_else_a_file_was_used_is_as_it_was_then(city: City) -> None:
    attach(city, "unit", "a contract")
    at = [now(city)]
    again = attach(city, "other-unit", "a contract")
    at.append(now(city))
    city.done("other-unit", f"{sheet('xigang')}/evidence/{again}/withdrawal", {"reason": "误传，撤回此件"})
    at.append(now(city))
    used = [then(city, sheet(), position)["evidence"][0]["also_used"] for position in at]
    assert used == [[], ["unit"], []]
    assert city.seen("auditor", sheet())["evidence"][0]["also_used"] == []
    assert city.seen("auditor", f"{sheet()}?as_of_effective={APRIL}")["evidence"] == []


def test_what_became_of_a_key_elsewhere_is_as_it_was_then(city: City) -> None:
    another_year(city)
    claim(city, "unit", "DL-1")
    at = [now(city)]
    bonus = claim(city, "other-unit", "DL-1", cycle=BEFORE)
    at.append(now(city))
    place = seven("other-unit", BEFORE)
    propose(city, place, bonus, "DL-1")
    decide(city, place, bonus)
    at.append(now(city))
    states = [[row["state"] for row in then(city, seven("unit"), when)["bonuses"][0]["elsewhere"]] for when in at]
    assert states == [[], ["claimed"], ["granted"]]


def test_how_far_a_joint_claim_was_is_as_it_was_then(city: City) -> None:
    key = {"leaf": "7a", "key": "DL-7"}
    body = {**key, "title": "行业集体合同", "partners": ["xigang"], "statement": "两区共同签订"}
    bonus = bonus_of(city.done("unit", seven("unit") + "/joint-claims", body))
    at = [now(city)]
    theirs = f"{seven('other-unit')}/joint-claims/{bonus}"
    city.done("other-unit", theirs + "/dispute", {**key, "statement": "我方独自签订"})
    at.append(now(city))
    city.done("other-unit", theirs + "/agreement", key)
    at.append(now(city))
    propose(city, seven("unit"), bonus, "DL-7")
    decide(city, seven("unit"), bonus, "decline")
    at.append(now(city))
    told = [then(city, seven("unit"), when)["bonuses"][0]["joint"] for when in at]
    assert [each and each["state"] for each in told] == ["held", "disputed", "agreed", None]
    assert told[1]["disputed"] == {"xigang": "我方独自签订"}
    assert told[2] | {"proposal": None} == {
        "bonus": bonus, "state": "agreed", "lead": "zhongshan", "statement": "两区共同签订", "proposal": None,
        "shares": {"xigang": "1.50", "zhongshan": "1.50"}, "agreed": ["xigang", "zhongshan"], "disputed": {},
    }  # fmt: skip
    assert city.seen("auditor", f"/cycles/{CYCLE}/units/zhongshan/sheets/7")["bonuses"][0]["joint"] is None


def test_who_may_not_compare_units_is_told_nothing_of_then_either(city: City) -> None:
    attach(city, "unit", "a contract")
    attach(city, "other-unit", "a contract")
    position = now(city)
    [file] = city.seen("unit", f"{sheet()}?as_of_position={position}")["evidence"]
    assert file["also_used"] is None

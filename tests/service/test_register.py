"""The register: every key of a cycle with who holds it, and the same key elsewhere told before anybody grants it."""

from typing import Any

import pytest

from events.entry import Actor, NewEvent
from tests.service.bonuses import BEFORE, another_year, claim, decide, granted, propose, seven
from tests.service.city import CYCLE, City, sheet
from tests.service.test_api_lists import flat, pages

REGISTER = f"/cycles/{CYCLE}/register"


@pytest.fixture(scope="module")
def full(shared_city: City) -> City:
    """A granted key of last year that comes again, one in two registers, one declined and taken on another leaf."""
    another_year(shared_city)
    granted(shared_city, "unit", "DL-1", cycle=BEFORE)
    granted(shared_city, "other-unit", "dl-1")
    claim(shared_city, "unit", "DL-2", "7a")
    experience = {"leaf": "27b", "key": "DL-2", "title": "经验"}
    shared_city.done("other-unit", sheet("xigang", "27") + "/claims", experience)
    bonus = claim(shared_city, "unit", "DL-3", "7c")
    propose(shared_city, seven("unit"), bonus, "DL-3", "7c")
    decide(shared_city, seven("unit"), bonus, "decline", "材料不全，不予加分")
    claim(shared_city, "other-unit", "DL-3", "7b")
    bonus = granted(shared_city, "unit", "DL-4", "7c")
    decide(shared_city, seven("unit"), bonus, "revoke", "合同已解除，撤销加分")
    shared_city.settle()
    return shared_city


def rows(city: City, who: str, query: str = "") -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["register"], row["key"]): row for row in city.seen(who, f"{REGISTER}?{query}")["keys"]}


def test_every_key_is_there_with_who_holds_it_and_its_state(full: City) -> None:
    told = {key: (row["state"], row["free"], row["holders"]) for key, row in rows(full, "auditor").items()}
    assert told == {
        ("7", "dl-1"): ("granted", False, ["xigang"]),
        ("7", "DL-2"): ("claimed", False, ["zhongshan"]),
        ("27b", "DL-2"): ("claimed", False, ["xigang"]),
        ("7", "DL-3"): ("claimed", False, ["xigang"]),
        ("7", "DL-4"): ("revoked", True, []),
    }


def test_a_key_tells_the_events_of_everybody_who_brought_it_forward(full: City) -> None:
    row = rows(full, "auditor", "leaf=7c&key=dl-3")["7", "DL-3"]
    assert row["units"] == ["zhongshan", "xigang"]
    assert (row["leaf"], row["leaves"], row["elsewhere"]) == ("7b", ["7c", "7b"], [])
    assert [each["type"] for each in row["events"]] == [
        "BonusClaimed", "BonusProposed", "BonusDeclined", "BonusClaimed",
    ]  # fmt: skip
    declined = row["events"][2]
    assert declined["by"] == full.people["approver"]
    at = full.seen("auditor", f"/events/{declined['position']}")["entry"]
    assert (at["id"], at["type"]) == (declined["id"], "BonusDeclined")


def test_a_key_granted_last_year_is_shown_with_that_years_event(full: City) -> None:
    [before] = rows(full, "auditor")["7", "dl-1"]["elsewhere"]
    assert (before["cycle"], before["unit"], before["leaf"], before["state"]) == (BEFORE, "zhongshan", "7a", "granted")
    assert full.seen("auditor", f"/events/{before['position']}")["entry"]["type"] == "BonusGranted"


def test_a_key_in_another_register_is_shown_in_both(full: City) -> None:
    found = rows(full, "auditor", "key=DL-2")
    told = {
        key: [(each["leaf"], each["unit"], each["state"]) for each in row["elsewhere"]] for key, row in found.items()
    }
    assert told == {
        ("7", "DL-2"): [("27b", "xigang", "claimed")],
        ("27b", "DL-2"): [("7a", "zhongshan", "claimed")],
    }


@pytest.mark.parametrize("who", ["reviewer", "approver", "auditor"])
def test_who_grants_is_told_on_the_sheet_what_became_of_the_key_before(full: City, who: str) -> None:
    bonuses = {each["key"]: each for each in full.seen(who, seven("other-unit"))["bonuses"]}
    assert [(each["cycle"], each["state"]) for each in bonuses["dl-1"]["elsewhere"]] == [(BEFORE, "granted")]
    assert bonuses["DL-3"]["elsewhere"] == []


def test_a_unit_sees_its_own_keys_and_nothing_of_another(full: City) -> None:
    found = rows(full, "unit")
    assert {key: (row["units"], row["elsewhere"]) for key, row in found.items()} == {
        ("7", "DL-2"): (["zhongshan"], None),
        ("7", "DL-3"): (["zhongshan"], None),
        ("7", "DL-4"): (["zhongshan"], None),
    }
    assert [each["type"] for each in found["7", "DL-3"]["events"]][-1] == "BonusDeclined"
    assert all(each["elsewhere"] is None for each in full.seen("unit", seven("unit"))["bonuses"])


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("state=free", {"DL-4"}),
        ("state=granted", {"dl-1"}),
        ("state=revoked", {"DL-4"}),
        ("leaf=27b", {"DL-2"}),
        ("leaf=7c", {"DL-3", "DL-4"}),
        ("register=27b", {"DL-2"}),
        ("register=7", {"dl-1", "DL-2", "DL-3", "DL-4"}),
        ("register=7a", set()),
        ("unit=zhongshan", {"DL-2", "DL-3", "DL-4"}),
        ("unit=xigang&leaf=7c", {"DL-3"}),
        ("key=%EF%BC%A4%EF%BC%AC-2", {"DL-2"}),
        ("leaf=9z", set()),
    ],
)
def test_filters_narrow_the_register(full: City, query: str, keys: set[str]) -> None:
    assert {key for _, key in rows(full, "auditor", query)} == keys


@pytest.mark.parametrize("query", ["unit=xigang", "key=dl-1", "state=granted", "leaf=27b"])
def test_no_filter_shows_a_unit_more(full: City, query: str) -> None:
    assert rows(full, "unit", query) == {}


@pytest.mark.parametrize("limit", [1, 2, 200])
def test_pages_of_the_register_are_the_register(full: City, limit: int) -> None:
    whole = full.seen("auditor", REGISTER)["keys"]
    assert flat(pages(full, "auditor", f"{REGISTER}?limit={limit}", "keys")) == whole


def test_a_department_that_answers_for_no_key_has_no_register(full: City) -> None:
    assert full.get("other-reviewer", REGISTER).status_code == 403
    assert full.get("viewer", REGISTER).status_code == 403


def test_bonuses_stand_beside_each_other_with_who_decided_what_and_why(full: City) -> None:
    found = full.seen("auditor", f"/cycles/{CYCLE}/reports/bonuses?leaf=7c")["bonuses"]
    told = {(row["key"], row["unit"]): row for row in found}
    declined, revoked = told["DL-3", "zhongshan"], told["DL-4", "zhongshan"]
    assert (declined["state"], declined["granted"], declined["reason"]) == ("declined", False, "材料不全，不予加分")
    assert (revoked["state"], revoked["points"], revoked["reason"]) == ("revoked", "0.50", "合同已解除，撤销加分")
    assert declined["proposed_by"] == full.people["reviewer"]
    assert declined["decided_by"] == full.people["approver"]
    assert (declined["claimed_by"], declined["evidence"]) == (full.people["unit"], 0)
    assert [
        row["state"] for row in full.seen("auditor", f"/cycles/{CYCLE}/reports/bonuses?state=granted")["bonuses"]
    ] == ["granted"]
    whole = full.seen("auditor", f"/cycles/{CYCLE}/reports/bonuses")["bonuses"]
    assert flat(pages(full, "auditor", f"/cycles/{CYCLE}/reports/bonuses?limit=2", "bonuses")) == whole


def test_an_unreadable_event_hides_no_other_key(city: City) -> None:
    claim(city, "unit", "DL-5")
    claim(city, "other-unit", "DL-6")
    store, stream = city.office.store, f"sheet/{CYCLE}/zhongshan/7"

    store.append(stream, store.head(stream), [NewEvent("BonusGranted", {"bonus": 1})], by=Actor("forger"))
    told = {key: row["state"] for key, row in rows(city, "auditor").items()}
    assert told == {("7", "DL-5"): "claimed", ("7", "DL-6"): "claimed"}

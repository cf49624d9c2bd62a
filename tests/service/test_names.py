"""People by name: one call tells a reader who was meant by the ids he read, and nobody more than he may know."""

from collections.abc import Iterable

import pytest

from events.entry import new_id
from tests.service.city import PEOPLE, STRANGER, City
from tests.service.test_journeys import SHEET, file

KNOWN = sorted(set(PEOPLE) - {STRANGER})
DESKS = {name for name, (roles, _) in PEOPLE.items() if {role for role, _ in roles} & {"reviewer", "approver"}}
ACTING = {name for name, (roles, _) in PEOPLE.items() if {role for role, _ in roles} - {"viewer"}}
OWN = {name for name, (roles, _) in PEOPLE.items() if ("unit", "zhongshan") in roles}


def query(ids: Iterable[str]) -> str:
    return "/people/names?" + "&".join(f"id={each}" for each in ids)


def named(city: City, who: str) -> set[str]:
    told = city.seen(who, query(city.people[name] for name in KNOWN))["names"]
    by_id = {key: name for name, key in city.people.items()}
    assert all(told[key] == {"name": f"名 {by_id[key]}", "erased": False} for key in told)
    return {by_id[key] for key in told}


@pytest.mark.parametrize("who", ["administrator", "auditor"])
def test_administrators_and_auditors_are_told_every_name(shared_city: City, who: str) -> None:
    assert named(shared_city, who) == set(KNOWN)


@pytest.mark.parametrize("who", sorted(DESKS))
def test_departments_are_told_who_acts_in_units_and_offices(shared_city: City, who: str) -> None:
    assert named(shared_city, who) == ACTING


@pytest.mark.parametrize("who", ["viewer", "department-viewer", "nobody", "other-unit"])
def test_who_only_looks_and_a_unit_of_one_person_are_told_their_own_name(shared_city: City, who: str) -> None:
    assert named(shared_city, who) == {who}


def test_a_unit_is_told_its_own_people(shared_city: City) -> None:
    assert named(shared_city, "unit") == OWN


def test_a_unit_still_knows_who_filed_for_it_once_he_has_left(city: City) -> None:
    file(city, 80)
    [by] = {event["actor"] for event in city.seen("auditor", SHEET + "/history")["events"]}
    left = {"role": "unit", "scope": "zhongshan", "reason": "调离"}
    city.done("administrator", f"/people/{by}/roles/revocations", left)
    new = city.done("administrator", f"/people/{city.people['nobody']}/roles", left)
    assert new["events"]
    assert city.seen("nobody", query([by]))["names"] == {by: {"name": "名 unit", "erased": False}}
    assert city.seen("unit", query([city.people["nobody"]]))["names"] == {}


def test_an_erased_name_says_so_and_the_record_keeps_its_id(city: City) -> None:
    by, reason = city.people["viewer"], {"reason": "个人信息保护法第四十七条"}
    city.done("administrator", "/erasures", {"subject": by, "basis": reason["reason"]})
    city.done("second-administrator", f"/erasures/{by}/approval", reason)
    assert city.seen("auditor", query([by]))["names"] == {by: {"name": None, "erased": True}}
    assert city.seen("unit", query([by]))["names"] == {}


def test_nobody_learns_from_an_empty_answer_whether_there_is_somebody(shared_city: City) -> None:
    assert shared_city.seen("viewer", query([new_id()])) == shared_city.seen(
        "viewer", query([shared_city.people["unit"]])
    )
    assert shared_city.seen("auditor", query([new_id()]))["names"] == {}


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "?id=",
        "?id=unit",
        "?id=%00",
        "?id=" + "0" * 32,
        "?id=" + "A" * 36,
        "?ids=01939f4e-0000-7000-8000-000000000000",
        "?id=01939f4e-0000-7000-8000-000000000000&limit=1",
        "?" + "&".join(["id=01939f4e-0000-7000-8000-000000000000"] * 201),
    ],
)
def test_what_is_no_list_of_ids_is_refused(shared_city: City, asked: str) -> None:
    answer = shared_city.get("auditor", "/people/names" + asked)
    assert (answer.status_code, answer.get_json()["type"]) == (422, "urn:kaohe:problem:invalid")


def test_the_same_id_twice_is_one_person_and_two_hundred_are_not_too_many(shared_city: City) -> None:
    key = shared_city.people["unit"]
    assert list(shared_city.seen("auditor", query([key] * 2))["names"]) == [key]
    assert list(shared_city.seen("auditor", query([key, *(new_id() for _ in range(199))]))["names"]) == [key]

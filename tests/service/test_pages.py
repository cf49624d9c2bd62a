"""Every list comes in pages that are the list, behind cursors that are good for it alone; what comes whole is named."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from domain import facts
from events.codec import to_event
from events.entry import Actor, new_id
from tests.service.city import API, CYCLE, UNITS, City, record, sheet
from tests.service.test_api_lists import flat, pages

REASON = "按规定办理 as the rules say"
PLACE = f"/cycles/{CYCLE}"
LONG = "2040-01-01T00:00:00.000000Z"
THREE = range(3)
LISTS = {
    "/cycles": "cycles",
    "/rubrics": "rubrics",
    "/me/credentials": "credentials",
    "/parked": "parked",
    f"{PLACE}/units": "units",
    f"{PLACE}/targets": "targets",
    f"{PLACE}/target-changes": "changes",
    f"{PLACE}/rubric-changes": "changes",
    f"{PLACE}/extensions": "extensions",
    f"{PLACE}/waivers": "waivers",
    f"{PLACE}/objections": "objections",
    f"{PLACE}/publications": "publications",
    f"{PLACE}/marking": "rules",
    f"{PLACE}/scores": "units",
    f"{PLACE}/robustness": "units",
    f"{PLACE}/reports/deadlines": "units",
    f"{PLACE}/reports/duties": "breaches",
    sheet() + "/history": "events",
}
# What has arrays and no pages: one thing with its parts, as many as the rubric, the calendar or two channels have.
WHOLE = {
    "people.get_me",
    "people.get_person",
    "cycles.get_cycle",
    "rubrics.get_rubric",
    "insight.get_interpretations",
    "insight.get_improvements",
    "insight.get_explanation",
    "scores.get_departments",
    "sheets.get_sheet",
    "appeals.get_appeal",
    "evidence.get_check",
    "notices.get_channels",
    "notices.get_person_channels",
    # Documents that are kept, and given, under the digest of all they say.
    "recomputations.get_recomputation",
    "erasures.get_erasure",
}


@pytest.fixture(scope="module")
def full(shared_city: City) -> City:
    """Three of everything, as it would be recorded."""
    nothing, store, city = "0" * 64, shared_city.office.store, shared_city
    for number in THREE:
        record(store, f"rubric/r-{number}", [facts.RubricDrafted(nothing, f"第{number}份")])
        record(
            store,
            f"cycle/next-{number}",
            [facts.CycleCreated("来年", "next year", "six-actions", city_rubric(city), {})],
        )
        extension = new_id()
        year: list[facts.Fact] = [
            facts.ExtensionProposed(extension, "zhongshan", "open", LONG, REASON),
            facts.WaiverSigned(city.people["conflicted-reviewer"], "zhongshan", f"d-{number}", REASON),
            facts.ObjectionFiled(new_id(), 1, "zhongshan", "xigang", "数据与公开材料不符"),
            facts.TargetIssued(list(UNITS)[number], "1a", 90, REASON),
            facts.TargetChangeProposed(new_id(), "xigang", "1a", 0, 80, "", nothing, 0, 0, "kaohe", 1, REASON),
            facts.RubricChangeProposed(new_id(), nothing, nothing, nothing, 0, 0, "kaohe", 1, REASON),
            facts.MarkingProposed(new_id(), 0, {}, "0.50", REASON),
            facts.ResultsProposed(number + 1, "provisional", nothing, nothing, {}, "kaohe", 1, REASON),
        ]
        # The same person proposes and grants: what the report on duties is there to find.
        year.append(facts.ExtensionGranted(extension, "zhongshan", "open", LONG, REASON))
        stream = f"cycle/{CYCLE}"
        events = [to_event(fact) for fact in year]
        store.append(stream, store.head(stream), events, by=Actor(city.people["administrator"], "administrator", "*"))
        city.done("administrator", f"/people/{city.people['auditor']}/credentials", {"days": 1})
        city.done("unit", sheet() + "/submissions", {"figures": {"1a": {"actual": number, "target": 10}}})
    city.settle()
    with city.projectors[0]._store.connection() as connection:
        connection.execute(
            "INSERT INTO scores.parked (projection, stream, position, error)"
            " SELECT 'leaves', 'sheet/2026/x/' || n, 9 - n, 'unreadable' FROM generate_series(1, 3) AS n"
        )
    return city


def city_rubric(city: City) -> str:
    found: str = city.seen("auditor", PLACE)["hash"]
    return found


@pytest.mark.parametrize("limit", [1, 2, 200])
@pytest.mark.parametrize("path", LISTS)
def test_pages_of_a_list_are_the_list(full: City, path: str, limit: int) -> None:
    whole = full.seen("auditor", path)[LISTS[path]]
    found = pages(full, "auditor", f"{path}?limit={limit}", LISTS[path])
    assert len(whole) >= len(THREE)
    assert flat(found) == whole
    assert all(0 < len(page) <= limit for page in found)


@pytest.mark.parametrize("path", LISTS)
def test_a_cursor_is_good_for_its_own_list_alone(full: City, path: str) -> None:
    other = next(each for each in LISTS if each != path)
    for wrong in (cursor(full, other), "WyJhIl0", "x"):
        answer = full.get("auditor", f"{path}?cursor={wrong}")
        assert (answer.status_code, answer.get_json()["type"]) == (400, "urn:kaohe:problem:bad-cursor")
    for wrong in ("limit=0", "limit=201", "limit=x", "limit=1&limit=2", "page=2"):
        assert full.get("auditor", f"{path}?{wrong}").status_code == 422


def cursor(city: City, path: str) -> str:
    link = city.get("auditor", f"{path}?limit=1").headers["Link"]
    return parse_qs(urlsplit(link.partition("<")[2].partition(">")[0]).query)["cursor"][0]


def test_a_cursor_behind_what_the_caller_may_not_see_is_none_of_his(full: City) -> None:
    path = f"{PLACE}/units"
    assert [row["unit"] for row in full.seen("other-unit", path)["units"]] == ["xigang"]
    assert full.get("other-unit", f"{path}?cursor={cursor(full, path)}").status_code == 400


def test_later_pages_of_a_board_stand_where_the_first_one_did(city: City) -> None:
    city.settle()
    whole = city.seen("viewer", f"{PLACE}/scores")
    first = city.get("viewer", f"{PLACE}/scores?limit=1")
    city.done("unit", sheet() + "/submissions", {"figures": {"1a": {"actual": 9, "target": 10}}})
    verified = {"leaf": "1a", "submission": newest(city), "reason": REASON}
    version = city.seen("reviewer", sheet())["version"]
    city.done("reviewer", sheet() + "/verifications", verified, If_Match=f'"{version}"')
    city.settle()
    link = first.headers["Link"].partition("<")[2].partition(">")[0].removeprefix(API)
    assert f"as_of_position={whole['position']}" in link
    assert first.get_json()["units"] + flat(pages(city, "viewer", link, "units")) == whole["units"]
    assert city.seen("viewer", f"{PLACE}/scores")["units"] != whole["units"]


def newest(city: City) -> str:
    found: str = city.seen("unit", sheet())["submissions"][-1]["id"]
    return found


def test_units_are_listed_as_they_took_part_at_a_moment(city: City) -> None:
    city.settle()
    before = city.seen("auditor", f"{PLACE}/scores")["position"]
    record_one(city, facts.UnitEnrolled("later", "district", "后来", "later"))
    city.settle()
    assert len(city.seen("auditor", f"{PLACE}/units")["units"]) == len(UNITS) + 1
    then = city.seen("auditor", f"{PLACE}/units?as_of_position={before}")
    assert [row["unit"] for row in then["units"]] == list(UNITS)
    assert then["as_of"]["position"] == before
    assert city.get("auditor", f"{PLACE}/units?as_of_position=0").status_code == 404


def record_one(city: City, fact: facts.Fact) -> None:
    store, stream = city.office.store, f"cycle/{CYCLE}"
    store.append(stream, store.head(stream), [to_event(fact)], by=Actor(city.people["administrator"]))


def test_every_list_of_the_document_is_paged_or_named_as_one_whole(shared_city: City) -> None:
    document = shared_city.call("stranger", "GET", "/openapi.json").get_json()
    unpaged = set()
    for path in document["paths"].values():
        operation = path.get("get", {})
        named = {each.get("name") for each in operation.get("parameters", ())}
        if operation and any(arrays(document, operation)) and not {"cursor", "limit"} <= named:
            unpaged.add(operation["operationId"])
    assert unpaged == WHOLE


def arrays(document: dict[str, Any], operation: dict[str, Any]) -> Iterator[str]:
    content = operation["responses"]["200"].get("content", {}).get("application/json", {})
    schema = content.get("schema", {})
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for name, member in schema.get("properties", {}).items():
        if "array" in (member.get("type"), *(member["type"] if isinstance(member.get("type"), list) else ())):
            yield name

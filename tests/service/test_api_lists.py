"""Lists and filters: what comes back is never more than the caller may see, page after page, without a count."""

from collections.abc import Callable
from itertools import chain
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.service.city import CYCLE, UNITS, City, sheet
from workers.recomputation import recompute
from workers.recomputation_steps import Recompute

REASON = "按规定办理 as the rules say"
QUEUE = f"/cycles/{CYCLE}/queue"


@pytest.fixture(scope="module")
def busy(shared_city: City) -> City:
    """Every unit has filed something for two departments, and somebody acted on what he had not seen."""
    for who, unit in (("unit", "zhongshan"), ("other-unit", "xigang")):
        shared_city.done(who, sheet(unit) + "/submissions", {"figures": {"1a": {"actual": 9, "target": 10}}})
        shared_city.done(who, sheet(unit, "16") + "/submissions", {"figures": {"16a": {"yes": True}}})
    stale = {"leaf": "16a", "submission": "0198c5b7-5e00-7000-8000-000000000001", "reason": "所见非所断"}
    answer = shared_city.post("other-reviewer", sheet("xigang", "16") + "/verifications", stale, If_Match='"9"')
    assert answer.status_code == 412
    shared_city.settle()
    return shared_city


def pages(city: City, who: str, path: str, name: str) -> list[list[dict[str, Any]]]:
    """All pages behind ``Link: rel=next``."""
    found = []
    while path:
        answer = city.get(who, path)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        found.append(answer.get_json()[name])
        link = answer.headers.get("Link", "")
        assert not link or link.endswith('; rel="next"')
        path = link.partition("<")[2].partition(">")[0].removeprefix("/api/v1")
    return found


def flat(found: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return list(chain.from_iterable(found))


def test_a_reviewer_waits_for_his_own_departments_only(busy: City) -> None:
    mine = busy.seen("reviewer", QUEUE)["waiting"]
    theirs = busy.seen("other-reviewer", QUEUE)["waiting"]
    everything = busy.seen("auditor", QUEUE)["waiting"]
    assert {row["department"] for row in mine} == {"organisation"}
    assert {row["department"] for row in theirs} == {"legal"}
    assert len(mine) + len(theirs) == len(everything) == 4


@pytest.mark.parametrize(
    "query", ["department=legal", "department=legal&unit=xigang", "department=women", "unit=atlantis"]
)
def test_no_filter_widens_a_queue(busy: City, query: str) -> None:
    assert busy.seen("reviewer", f"{QUEUE}?{query}")["waiting"] == []


def test_a_filter_narrows_a_queue(busy: City) -> None:
    rows = busy.seen("auditor", f"{QUEUE}?department=legal&unit=xigang")["waiting"]
    assert [(row["unit"], row["leaf"]) for row in rows] == [("xigang", "16a")]


def test_a_cursor_of_somebody_else_shows_nobody_more(busy: City) -> None:
    first = busy.get("auditor", f"{QUEUE}?limit=1").headers["Link"]
    cursor = parse_qs(urlsplit(first.partition("<")[2].partition(">")[0]).query)["cursor"][0]
    rows = busy.seen("other-reviewer", f"{QUEUE}?cursor={cursor}")["waiting"]
    assert {row["department"] for row in rows} <= {"legal"}


@pytest.mark.parametrize("limit", [1, 2, 3, 200])
def test_pages_of_a_queue_are_the_queue(busy: City, limit: int) -> None:
    whole = busy.seen("auditor", QUEUE)["waiting"]
    found = pages(busy, "auditor", f"{QUEUE}?limit={limit}", "waiting")
    assert flat(found) == whole
    assert all(len(page) <= limit for page in found)


@pytest.mark.parametrize("limit", [1, 7, 200])
def test_pages_of_the_record_are_the_record_without_a_gap(busy: City, limit: int) -> None:
    busy.settle()
    found = flat(pages(busy, "auditor", f"/events?limit={limit}", "events"))
    assert [each["position"] for each in found] == list(range(1, len(found) + 1))
    assert [each["leaf"] for each in found] == [
        busy.seen("auditor", f"/events/{each['position']}")["leaf"] for each in found
    ]


def about(event: dict[str, Any]) -> str:
    """The stream an event is about: its own, or the one that a refusal or a look at a file names."""
    named = event["entry"]["type"] in {"ActRefused", "EvidenceDownloaded"}
    found: str = event["entry"]["data"]["stream"] if named else event["entry"]["subject"]
    return found


FILTERS: dict[str, Callable[[dict[str, Any]], bool]] = {
    "type=FiguresSubmitted": lambda each: each["entry"]["type"] == "FiguresSubmitted",
    f"stream=cycle/{CYCLE}": lambda each: each["entry"]["subject"] == f"cycle/{CYCLE}",
    "stream=sheet/": lambda each: each["entry"]["subject"].startswith("sheet/"),
    f"stream=sheet/{CYCLE}/xigang/": lambda each: each["entry"]["subject"].startswith(f"sheet/{CYCLE}/xigang/"),
    "stream=sheet": lambda _: False,
    "actor=nobody": lambda _: False,
    f"cycle={CYCLE}": lambda each: about(each).split("/")[1] == CYCLE,
    "unit=xigang": lambda each: about(each).startswith("sheet/2026/xigang/"),
    "item=16": lambda each: about(each).endswith("/16"),
    "unit=xigang&item=16": lambda each: about(each) == "sheet/2026/xigang/16",
    f"cycle={CYCLE}&type=ActRefused&unit=xigang": lambda each: (
        each["entry"]["type"] == "ActRefused" and about(each).startswith("sheet/2026/xigang/")
    ),
    "cycle=2025": lambda _: False,
    "after=5&until=9": lambda each: 5 < each["position"] <= 9,
    "after=5&until=5": lambda _: False,
    "recorded_from=2100-01-01T00:00:00Z": lambda _: False,
    "recorded_to=2100-01-01T08:00:00%2B08:00": lambda _: True,
}


@pytest.mark.parametrize("query", FILTERS)
def test_a_filter_of_the_record_finds_all_it_should_and_nothing_else(busy: City, query: str) -> None:
    everything = flat(pages(busy, "auditor", "/events", "events"))
    wanted = [each for each in everything if FILTERS[query](each)]
    assert flat(pages(busy, "auditor", f"/events?{query}&limit=2", "events")) == wanted


def test_the_record_is_narrowed_to_what_one_person_did(busy: City) -> None:
    who = busy.people["administrator"]
    everything = flat(pages(busy, "auditor", "/events", "events"))
    mine = [each for each in everything if each["entry"].get("actor") == who]
    assert mine
    assert flat(pages(busy, "auditor", f"/events?actor={who}&limit=2", "events")) == mine


def test_an_entry_is_shown_as_its_own_bytes(busy: City) -> None:
    text = busy.get("auditor", "/events/1").get_data()
    with busy.office.store.connection() as connection:
        row = connection.execute("SELECT entry FROM record.events ORDER BY commit_seq, ordinal LIMIT 1").fetchone()
    assert row is not None
    assert bytes(row[0]) in text


def test_a_unit_sees_itself_alone_among_the_units_of_a_cycle(busy: City) -> None:
    def units(who: str) -> set[str]:
        return {each["unit"] for each in busy.seen(who, f"/cycles/{CYCLE}/units")["units"]}

    assert units("unit") == {"zhongshan"}
    assert units("other-unit") == {"xigang"}
    assert units("nobody") == set()
    assert units("viewer") == units("reviewer") == units("auditor") == set(UNITS)


def test_nobody_but_administrators_auditors_and_oneself_reads_a_person(busy: City) -> None:
    me = busy.people["unit"]
    assert busy.seen("unit", f"/people/{me}") == busy.seen("unit", "/me") == busy.seen("auditor", f"/people/{me}")
    assert busy.get("other-unit", f"/people/{me}").status_code == 403
    assert len(busy.seen("administrator", "/people")["people"]) == len(busy.people)


@pytest.mark.parametrize("limit", [1, 5, 200])
def test_pages_of_people_are_all_people(busy: City, limit: int) -> None:
    found = flat(pages(busy, "auditor", f"/people?limit={limit}", "people"))
    assert sorted(each["id"] for each in found) == sorted(busy.people.values())


def test_a_timeline_takes_only_its_own_unit_whatever_is_asked(busy: City) -> None:
    steps = busy.seen("unit", f"/cycles/{CYCLE}/units/zhongshan/scores/timeline?item=1")["steps"]
    assert {step["item"] for step in steps} == {"1"}
    assert {step["leaf"] for step in steps} <= {"1a", "1f"}
    behind = steps[-1]["position"]
    assert busy.seen("unit", f"/cycles/{CYCLE}/units/zhongshan/scores/timeline?after={behind}&item=1")["steps"] == []


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("units/zhongshan/scores/timeline?leaf=99z", "unknown-leaf"),
        ("units/zhongshan/scores/timeline?item=99", "unknown-item"),
        ("units/zhongshan/scores/timeline?item=1&leaf=2a", "unknown-leaf"),
        ("differences?item=1&leaf=2a", "unknown-leaf"),
    ],
)
def test_what_the_rubric_does_not_have_is_named_and_not_an_empty_list(busy: City, path: str, code: str) -> None:
    answer = busy.get("auditor", f"/cycles/{CYCLE}/{path}")
    assert (answer.status_code, answer.get_json()["type"]) == (404, f"urn:kaohe:problem:{code}")


def test_a_recomputation_is_asked_for_compared_and_reported(city: City) -> None:
    city.done("unit", sheet() + "/submissions", {"figures": {"1a": {"actual": 9, "target": 10}}})
    city.settle()
    asked = city.done("auditor", "/recomputations", {"reason": REASON})["events"][0]["data"]["recomputation"]
    path = f"/recomputations/{asked}"
    assert city.seen("auditor", path)["state"] == "requested"
    Recompute(city.projectors[0]._store, asked, lambda: None).step()
    begun = city.seen("auditor", path)["progress"]
    assert (begun["phase"], begun["filled"]) == ("filling", 0)
    assert begun["shares"] > 0
    recompute(city.projectors[0]._store, asked)
    city.settle()
    found = city.seen("auditor", path)
    assert (found["state"], found["differences"], found["progress"]) == ("identical", 0, None)
    assert found["report"]["digest"] == found["digest"]
    assert [each["id"] for each in city.seen("administrator", "/recomputations")["recomputations"]] == [asked]
    nothing = city.post("second-auditor", path + "/approval", {"reason": REASON})
    assert nothing.status_code == 409


def test_simulations_and_erasures_come_in_pages(city: City) -> None:
    city.settle()
    for option in ("zero", "tiers", "proportional"):
        body = {"cycle": CYCLE, "interpretations": {"Q3": option}, "reason": REASON}
        city.done("auditor", "/simulations", body)
        person = city.done("administrator", "/people", {"name": option})["stream"].removeprefix("person/")
        city.done("administrator", "/erasures", {"subject": person, "basis": "个人信息保护法第四十七条"})
    for name in ("simulations", "erasures"):
        whole = city.seen("administrator", f"/{name}")[name]
        assert len(whole) == 3
        assert flat(pages(city, "administrator", f"/{name}?limit=2", name)) == whole


def test_a_difference_goes_live_only_when_a_second_person_approves(city: City) -> None:
    city.done("unit", sheet() + "/submissions", {"figures": {"1a": {"actual": 9, "target": 10}}})
    city.settle()
    right = city.seen("unit", f"/cycles/{CYCLE}/units/zhongshan/scores")["total"]
    workers = city.projectors[0]._store
    with workers.connection() as connection:
        connection.execute("UPDATE scores.leaf_scores SET claimed = 1 WHERE unit = 'zhongshan' AND leaf = '1a'")
        connection.execute("UPDATE scores.unit_scores SET total = 9000 WHERE unit = 'zhongshan'")
    asked = city.done("auditor", "/recomputations", {"reason": REASON})["events"][0]["data"]["recomputation"]
    path = f"/recomputations/{asked}"
    recompute(workers, asked)
    found = city.seen("auditor", path)
    assert found["state"] == "different"
    assert found["differences"] > 0
    assert city.post("auditor", path + "/approval", {"reason": REASON}).status_code == 403
    city.done("second-auditor", path + "/approval", {"reason": REASON})
    assert city.seen("auditor", path)["state"] == "approved"
    recompute(workers, asked)
    assert city.seen("auditor", path)["state"] == "applied"
    assert city.seen("unit", f"/cycles/{CYCLE}/units/zhongshan/scores")["total"] == right
    board = city.seen("viewer", f"/cycles/{CYCLE}/scores")["units"]
    assert {row["unit"]: row["total"] for row in board}["zhongshan"] == right["final"]

"""Exports: the sheet as the federation prints it, nothing left out silently, each recorded, the same bytes again."""

import csv
import hashlib
import io
import json
import zipfile
from typing import Any
from urllib.parse import unquote

import pytest
from defusedxml import ElementTree
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from domain import facts
from domain.refusals import REASONS
from events.codec import to_event
from events.entry import Actor
from service.rubric_files import load
from tests.service.city import CYCLE, City, sheet

REASON = "按规定办理 as the rules say"
SHEET = f"/cycles/{CYCLE}/units/zhongshan/exports/sheet"
RESULTS = f"/cycles/{CYCLE}/exports/results"
QUEUE = f"/cycles/{CYCLE}/exports/queue"
FEED = "/exports/feed"
RUBRIC = load("six-actions")
ENTRIES = "SELECT e.entry FROM record.ledger l JOIN record.events e USING (commit_seq) ORDER BY l.first, e.ordinal"
NASTY = '=HYPERLINK("http://evil.example","点我")'


@pytest.fixture(scope="module")
def busy(shared_city: City) -> City:
    """A unit with an evil name, one leaf verified and one waiting."""
    city = shared_city
    stream, store = f"cycle/{CYCLE}", city.office.store
    evil = facts.UnitEnrolled("evil", "industry", NASTY, "+cmd|' /C calc'!A0")
    store.append(stream, store.head(stream), [to_event(evil)], by=Actor("founder"))
    filed = city.done("unit", sheet() + "/submissions", {"figures": {"1a": {"actual": 90, "target": 100}}})
    verified = {"leaf": "1a", "submission": filed["events"][0]["data"]["submission"], "reason": REASON}
    city.done("reviewer", sheet() + "/verifications", verified, If_Match='"1"')
    city.done("unit", sheet(item="16") + "/submissions", {"figures": {"16a": {"yes": True}}})
    city.settle()
    return city


def take(city: City, who: str, path: str) -> TestResponse:
    answer = city.get(who, path)
    assert answer.status_code == 200, answer.get_data(as_text=True)[:800]
    return answer


def rows(answer: TestResponse) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))


def manifest(city: City, answer: TestResponse, who: str = "auditor") -> dict[str, Any]:
    place = answer.headers["Link"].partition("<")[2].partition(">")[0].removeprefix("/api/v1")
    return city.seen(who, place)


def omitted(shown: dict[str, Any]) -> dict[str, list[str]]:
    return {each["code"]: each["things"] for each in shown["left_out"]["omissions"]}


def test_a_sheet_is_the_federations_table_filled_in(busy: City) -> None:
    answer = take(busy, "unit", SHEET)
    book = load_workbook(io.BytesIO(answer.get_data()))
    page = book.worksheets[0]
    said = [[cell.value for cell in row] for row in page.iter_rows(min_row=3)]
    items = said[: len(RUBRIC.items)]
    assert [row[2] for row in items] == [item.id for item in RUBRIC.items]
    assert [row[3] for row in items] == [item.text.zh for item in RUBRIC.items]
    assert [row[5] for row in items] == ["\n".join(item.objects) for item in RUBRIC.items]
    assert said[0][:2] == ["六个专项行动", "基层工会组建专项行动（17分）"]
    assert items[6][4] == "加分项目"
    assert (items[0][4], items[0][6:9]) == (8, [1.44, 1.44, 1.44])
    assert said[-1][1] == "总分"
    merged = {str(each) for each in page.merged_cells.ranges}
    assert {"A1:I1", f"A3:A{2 + len(items)}", "B3:B7"} <= merged
    assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "landscape")
    assert page.print_title_rows == "$1:$2"
    leaf = {row[1].value: row for row in book.worksheets[1].iter_rows(min_row=2)}["16a"]
    assert (leaf[5].value > 0, leaf[6].value, leaf[8].value) == (True, 0, "pending")


def test_the_three_formats_of_a_sheet_say_the_same(busy: City) -> None:
    document = take(busy, "unit", SHEET + "?format=json").get_json()
    table = rows(take(busy, "unit", SHEET + "?format=csv"))
    page = load_workbook(io.BytesIO(take(busy, "unit", SHEET).get_data())).worksheets[0]
    assert table[0] == list(document["items"][0])
    assert [[value or "" for value in row.values()] for row in document["items"]] == table[1:]
    shown = [row[8].value for row in page.iter_rows(min_row=3)]
    assert [float(row["final"]) if row["final"] else None for row in document["items"]] == shown
    leaves = rows(take(busy, "unit", SHEET + "?format=csv&table=leaves"))
    assert len(leaves) - 1 == len(document["leaves"])


def test_what_is_left_out_is_said(busy: City) -> None:
    answer = take(busy, "unit", SHEET + "?format=csv")
    shown = manifest(busy, answer, "unit")
    assert omitted(shown)["pending"] == ["16a"]
    assert omitted(shown)["other-tables"] == ["leaves"]
    assert omitted(shown)["beyond-this-layout"] == ["figures", "evidence", "history"]
    queue = manifest(busy, take(busy, "other-reviewer", QUEUE))
    assert "organisation" in omitted(queue)["other-departments"]
    assert "legal" not in omitted(queue)["other-departments"]
    book = load_workbook(io.BytesIO(take(busy, "unit", SHEET).get_data()))
    told = {row[0].value: row[4].value for row in book.worksheets[-1].iter_rows(min_row=3)}
    assert told["pending"] == "16a"
    assert all(each["zh"] and each["en"] for each in shown["left_out"]["omissions"])


def test_an_industry_unit_is_told_which_items_are_not_its_own(busy: City) -> None:
    answer = take(busy, "viewer", f"/cycles/{CYCLE}/units/transport/exports/sheet?format=json").get_json()
    apart = next(each for each in answer["manifest"]["omissions"] if each["code"] == "not-of-this-cohort")
    assert apart["things"] == [item.id for item in RUBRIC.items if "industry" not in item.points]
    assert [row["item"] for row in answer["items"] if row["points"] == "—"] == apart["things"]


def test_every_export_is_recorded_with_the_digest_of_its_bytes_before_it_is_given(busy: City) -> None:
    before = len(busy.seen("auditor", "/exports?limit=200")["exports"])
    answer = take(busy, "viewer", RESULTS)
    made = busy.seen("auditor", "/exports?limit=200")["exports"]
    assert len(made) == before + 1
    last = made[-1]
    assert last["digest"] == hashlib.sha256(answer.get_data()).hexdigest()
    assert (last["what"], last["format"], last["size"]) == ("results", "xlsx", len(answer.get_data()))
    assert (last["by"], last["role"]) == (busy.people["viewer"], "viewer")
    assert str(last["position"]) == answer.headers["Kaohe-Position"]
    busy.settle()
    events = busy.seen("auditor", "/events?type=ExportMade&limit=200")["events"]
    assert events[-1]["entry"]["data"]["export"] == last["export"]


@pytest.mark.parametrize("path", [SHEET, RESULTS])
@pytest.mark.parametrize("form", ["xlsx", "csv", "json"])
def test_the_same_export_of_the_same_position_is_the_same_bytes(busy: City, path: str, form: str) -> None:
    position = take(busy, "viewer", f"{path}?format=json").get_json()["position"]
    question = f"{path}?format={form}&as_of_position={position}"
    first = take(busy, "viewer", question)
    busy.settle()  # the export itself has moved the record on
    again = take(busy, "administrator", question)
    assert first.get_data() == again.get_data()
    assert first.headers["Repr-Digest"] == again.headers["Repr-Digest"]


def test_an_export_of_an_earlier_position_is_what_stood_there(busy: City) -> None:
    early = take(busy, "viewer", f"{RESULTS}?format=json&as_of_position=1").get_json()
    assert early["board"] == []
    later = next(each for each in early["manifest"]["omissions"] if each["code"] == "not-yet-enrolled")
    assert "zhongshan" in later["things"]


def test_a_book_of_results_is_the_board_and_every_leaf(busy: City) -> None:
    book = take(busy, "viewer", RESULTS + "?format=json").get_json()
    board = busy.seen("viewer", f"/cycles/{CYCLE}/scores")["units"]
    assert [(row["unit"], row["rank"], row["total"]) for row in book["board"]] == [
        (row["unit"], row["rank"], row["total"]) for row in board
    ]
    departments = busy.seen("viewer", f"/cycles/{CYCLE}/departments/scores")["departments"]
    assert [(row["department"], row["won"], row["rank"]) for row in book["departments"]] == [
        (row["department"], row["won"], row["rank"]) for row in departments
    ]
    for unit in ("zhongshan", "transport"):
        scores = busy.seen("viewer", f"/cycles/{CYCLE}/units/{unit}/scores")["leaves"]
        assert {row["leaf"]: row["final"] for row in book["leaves"] if row["unit"] == unit} == {
            leaf: of["final"] for leaf, of in scores.items()
        }


def test_no_text_is_ever_a_formula(busy: City) -> None:
    body = take(busy, "viewer", RESULTS).get_data()
    cells = [cell for page in load_workbook(io.BytesIO(body)) for row in page.iter_rows() for cell in row]
    evil = [cell for cell in cells if cell.value == NASTY]
    assert len(evil) > 1
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n"}
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        pages = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        trees = [ElementTree.fromstring(archive.read(name)) for name in pages]
        styles = archive.read("xl/styles.xml")
    assert not [each for tree in trees for each in tree.iter() if each.tag.endswith("}f")]
    assert b"quotePrefix" in styles
    told = [cell for row in rows(take(busy, "viewer", RESULTS + "?format=csv")) for cell in row]
    assert f"'{NASTY}" in told
    assert not [cell for cell in told if cell.startswith(("=", "+", "@", "\t", "\r"))]


def test_a_reviewer_exports_the_queue_he_reads_and_no_more(busy: City) -> None:
    waiting = busy.seen("other-reviewer", f"/cycles/{CYCLE}/queue")["waiting"]
    book = take(busy, "other-reviewer", QUEUE + "?format=json").get_json()
    assert [(row["unit"], row["leaf"], row["position"]) for row in book["queue"]] == [
        (row["unit"], row["leaf"], row["position"]) for row in waiting
    ]
    assert take(busy, "reviewer", QUEUE + "?format=json&department=legal").get_json()["queue"] == []
    page = load_workbook(io.BytesIO(take(busy, "other-reviewer", QUEUE).get_data())).worksheets[0]
    assert page["A1"].value.endswith("待审事项 review queue")


def entries(city: City) -> list[bytes]:
    with city.office.store.connection() as connection:
        return [bytes(row[0]) for row in connection.execute(ENTRIES)]


def test_the_feed_gives_entries_unaltered(busy: City) -> None:
    busy.settle()
    every = entries(busy)
    lines = take(busy, "auditor", f"{FEED}?until={len(every)}&limit=10000").get_data().splitlines()
    assert len(lines) == len(every)
    for number, (line, entry) in enumerate(zip(lines, every, strict=True), start=1):
        assert line.startswith(f'{{"position":{number},'.encode())
        assert line.endswith(b'"entry":' + entry + b"}")
    batch = take(busy, "auditor", f"{FEED}?format=cloudevents&until={len(every)}&limit=10000")
    assert batch.mimetype == "application/cloudevents-batch+json"
    assert batch.get_data() == b"[" + b",".join(every) + b"]"
    assert all(
        each["specversion"] == "1.0" and each["id"] and each["source"] and each["type"] for each in batch.get_json()
    )
    table = rows(take(busy, "auditor", f"{FEED}?format=csv&until={len(every)}&limit=10000"))
    assert [json.loads(row[-1]) for row in table[1:]] == [json.loads(entry)["data"] for entry in every]


def test_a_feed_in_pages_is_the_feed_and_says_where_it_was_cut(busy: City) -> None:
    busy.settle()
    every = entries(busy)
    found: list[bytes] = []
    path = f"{FEED}?limit=7&until={len(every)}"
    while path:
        answer = take(busy, "auditor", path)
        found += answer.get_data().splitlines()
        links = answer.headers.getlist("Link")
        following = [link for link in links if 'rel="next"' in link]
        assert omitted(manifest(busy, answer))["truncated"] == ([str(len(found))] if following else [])
        path = following[0].partition("<")[2].partition(">")[0].removeprefix("/api/v1") if following else ""
    assert len(found) == len(every)


def test_a_file_has_a_name_that_a_chinese_browser_shows(busy: City) -> None:
    answer = take(busy, "unit", SHEET)
    said = answer.headers["Content-Disposition"]
    assert said.startswith("attachment; filename=\"sheet.xlsx\"; filename*=UTF-8''")
    assert unquote(said.rpartition("''")[2]) == "2026 考核 zhongshan 总工会 检查项目表.xlsx"
    assert said.isascii()


def test_an_export_is_shown_to_its_maker_and_to_auditors_alone(busy: City) -> None:
    answer = take(busy, "unit", SHEET)
    place = answer.headers["Link"].partition("<")[2].partition(">")[0].removeprefix("/api/v1")
    assert busy.seen("unit", place)["left_out"] == busy.seen("auditor", place)["left_out"]
    assert busy.get("other-unit", place).get_json()["title_en"] == REASONS["unknown-export"].en


def test_a_table_that_is_none_is_named(busy: City) -> None:
    answer = busy.get("viewer", RESULTS + "?format=csv&table=nothing")
    assert answer.status_code == 422
    assert answer.get_json()["detail_en"] == "board, items, leaves, departments"

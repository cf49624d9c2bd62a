"""Tables that go out: whatever a text begins with or holds, it is read back as it was, and the bytes never differ."""

import csv
import io
import zipfile
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st
from openpyxl import load_workbook

from domain.acts import importing
from domain.points import show
from domain.rubric.texts import Text
from service.files import templates
from service.files.book import Book, Column, Omission, Table
from service.files.cells import unspelled
from service.files.escaping import escaped, unescaped
from service.files.paper import as_xlsx
from service.files.plain import as_csv, as_json
from service.files.reading import Columns, read_table
from service.files.worksheet import spelled
from service.rubric_files import load

RUBRIC = load("six-actions")
STARTS = "=+-@\t\r\n＝＋－＠'"
# What the record can hold: no NUL, no lone surrogate; the controls that no schema lets in may come in other ways.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)
EVIL = st.builds(lambda start, text: start + text, st.text(STARTS, min_size=1, max_size=3), TEXTS)
COLUMNS = (Column("name", Text("名称", "name")), Column("won", Text("得分", "won"), "points"))


def book(*rows: tuple[str, str]) -> Book:
    table = Table("rows", Text("行", "rows"), COLUMNS, rows, "=标题")
    return Book("rows", Text("行", "rows"), 7, {"cycle": "2026"}, [table], [Omission("none", "无", "nothing", ["a"])])


@given(TEXTS | EVIL)
def test_an_escaped_text_is_read_back_as_it_was(text: str) -> None:
    assert unescaped(escaped(text)) == text


@given(EVIL)
def test_no_escaped_text_begins_as_a_formula_does(text: str) -> None:
    assert escaped(text).startswith("'")


@given(TEXTS | st.from_regex(r"_x[0-9A-F]{4}_", fullmatch=True) | st.text("\ufffe\uffff_x0D", max_size=12))
def test_what_xml_cannot_hold_is_spelled_and_read_back(text: str) -> None:
    assert unspelled(spelled(text)) == text


@settings(max_examples=30, deadline=None)
@given(TEXTS | EVIL)
def test_a_text_goes_through_a_workbook_unharmed_and_is_never_a_formula(text: str) -> None:
    body = as_xlsx(book((text, "1.60")))
    cell = load_workbook(io.BytesIO(body)).worksheets[0]["A3"]
    assert cell.data_type != "f"
    if cell.value is not None:
        assert unspelled(cell.value) == text


@settings(max_examples=30, deadline=None)
@given(TEXTS | EVIL)
def test_a_text_goes_through_a_csv_unharmed(text: str) -> None:
    told = list(csv.reader(io.StringIO(as_csv(book((text, "1.60")).tables[0]).decode("utf-8-sig"), newline="")))
    assert unescaped(told[1][0]) == text
    assert not told[1][0].startswith(tuple("=+-@\t\r\n"))


@settings(max_examples=30, deadline=None)
@given(st.integers(-(10**12), 10**12))
def test_points_are_exact_numbers_in_a_workbook_and_bare_in_a_csv(hundredths: int) -> None:
    points = show(hundredths)
    body = as_xlsx(book(("a", points)))
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        page = archive.read("xl/worksheets/sheet1.xml").decode()
    stored = page.rpartition("<v>")[2].partition("</v>")[0]
    assert Decimal(stored) == Decimal(points)
    assert as_csv(book(("a", points)).tables[0]).decode().endswith(f"a,{points}\r\n")


@pytest.mark.parametrize("write", [as_xlsx, as_json, lambda each: as_csv(each.tables[0])])
def test_the_same_book_is_the_same_bytes(write: Callable[[Book], bytes]) -> None:
    assert write(book(("a", "1.60"))) == write(book(("a", "1.60")))
    assert write(book(("a", "1.60"))) != write(book(("a", "1.61")))


def test_a_workbook_tells_neither_when_nor_where_it_was_written() -> None:
    with zipfile.ZipFile(io.BytesIO(as_xlsx(book(("a", "1.60"))))) as archive:
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {each.compress_type for each in archive.infolist()} == {zipfile.ZIP_STORED}
        assert archive.read("docProps/core.xml").count(b"2000-01-01T00:00:00Z") == 2


@pytest.mark.parametrize("cohort", ["district", "industry"])
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_template_is_read_back_row_by_row(cohort: str, form: str) -> None:
    made = templates.figures(RUBRIC, cohort, "2026", "zhongshan", "zh")
    body = as_xlsx(made, codes=True) if form == "xlsx" else as_csv(made.tables[0], "zh")
    lines = read_table(io.BytesIO(body), f"template.{form}", templates.FIGURES).lines
    asked = [tuple(row[:4]) for row in made.tables[0].rows]
    assert [tuple(line.values[name] for name in importing.COLUMNS[:4]) for line in lines] == asked
    assert not any(line.flaws or line.values["value"] for line in lines)
    assert {leaf for _, _, leaf, _ in asked} | set(made.omissions[0].things) == {
        leaf.id for leaf in RUBRIC.leaves if cohort in leaf.faces
    }


def test_a_filled_template_keeps_points_as_they_were_typed() -> None:
    page = load_workbook(
        io.BytesIO(as_xlsx(templates.figures(RUBRIC, "district", "2026", "zhongshan", "zh"), codes=True))
    )
    sheet = page.worksheets[0]
    row = next(row for row in sheet.iter_rows(min_row=2) if (row[2].value, row[3].value) == ("2a", "points"))
    assert row[4].number_format == "@"
    lists = [each for each in sheet.data_validations.dataValidation if row[4].coordinate in each.sqref]
    assert [each.formula1 for each in lists] == ['"0.00,0.50,1.00"']
    row[4].value = "0.50"
    body = io.BytesIO()
    page.save(body)
    body.seek(0)
    lines = read_table(body, "filled.xlsx", templates.FIGURES).lines
    assert next(line.values["value"] for line in lines if line.values["leaf"] == "2a") == "0.50"


def test_an_empty_roster_is_a_template_with_nothing_in_it() -> None:
    body = as_csv(templates.roster("zh", ()).tables[0], "zh").decode("utf-8-sig")
    assert body == "unit 单位编号,cohort 组别,name_zh 中文名称,name_en 英文名称\r\n"
    filled = (body + "metal,industry,冶金工会,Metal\r\n").encode()
    assert (
        read_table(io.BytesIO(filled), "a.csv", Columns(templates.ROSTER.read)).lines[0].values["cohort"] == "industry"
    )

"""Uploaded tables are never trusted: every doubt has its name, row and column, and nothing is guessed or computed."""

import io
import zipfile
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from domain.acts import importing
from service.files.grid import FLAWS, BadFile
from service.files.packed import MOST_MEMBERS
from service.files.reading import Columns, Upload, read_table
from tests.service.papers import packed
from tests.service.workbooks import FIGURES, changed, csv, raw, row, saved, text, workbook, xlsx

COLUMNS = Columns(importing.COLUMNS)
ONE = ("zhongshan", "1", "1b", "numerator", 12)
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'


def read(body: bytes, name: str = "figures.xlsx") -> Upload:
    return read_table(io.BytesIO(body), name, COLUMNS)


def value(cell: str) -> tuple[str, list[str]]:
    """What the value column of a row with this cell says, and its flaws."""
    line = read(raw(row(cell))).lines[0]
    assert all((flaw.row, flaw.column) == (2, "value") for flaw in line.flaws)
    return line.values["value"], [flaw.code for flaw in line.flaws]


def refused(body: bytes, name: str = "figures.xlsx") -> str:
    with pytest.raises(BadFile) as bad:
        read(body, name)
    assert bad.value.zh != bad.value.en
    return bad.value.code


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("<c><v>12</v></c>", "12"),
        ("<c><v>12.0</v></c>", "12.0"),
        ("<c><v>1E3</v></c>", "1E3"),
        ("<c><v>0.1</v></c>", "0.1"),
        ("<c><v>9007199254740993</v></c>", "9007199254740993"),
        ('<c t="str"><v>0.50</v></c>', "0.50"),
        ('<c t="b"><v>1</v></c>', "true"),
        ("<c><v></v></c>", ""),
        (text(" 　12 "), "12"),
        ('<c t="inlineStr"><is><r><t>1</t></r><rPh><t>yi</t></rPh><r><t>2</t></r></is></c>', "12"),
        (text("_x0031_2"), "12"),
    ],
)
def test_a_cell_says_exactly_what_is_stored(cell: str, said: str) -> None:
    assert value(cell) == (said, [])


@pytest.mark.parametrize(
    ("cell", "flaw"),
    [
        ("<c><f>1+1</f><v>2</v></c>", "formula"),
        ('<c t="str"><f>HYPERLINK("http://x")</f><v>12</v></c>', "formula"),
        ("<c><f/></c>", "formula"),
        ('<c t="d"><v>2026-01-01</v></c>', "date"),
        ('<c t="e"><v>#REF!</v></c>', "error-value"),
        (text("_x0000_"), "not-text"),
        (text("_xD800_"), "not-text"),
        (text("1" * 5_000), "too-long"),
    ],
)
def test_a_cell_that_cannot_be_taken_is_named_with_its_place(cell: str, flaw: str) -> None:
    assert value(cell)[1] == [flaw]


@pytest.mark.parametrize(
    ("shown", "flaw"),
    [("yyyy-mm-dd", "date"), ('m"月"d"日"', "date"), ("0%", "percent"), ("[h]:mm", "date"), ("#,##0", ""), ("@", ""),
     ('0"days"', ""), ("General", "")],
)  # fmt: skip
def test_a_number_that_is_shown_as_a_date_or_a_percentage_is_not_what_was_typed(shown: str, flaw: str) -> None:
    made = workbook(FIGURES, [ONE])
    made.active["E2"].number_format = shown
    flaws = read(saved(made)).lines[0].flaws
    assert [each.code for each in flaws] == ([flaw] if flaw else [])


def test_a_built_in_date_of_chinese_excel_is_a_date() -> None:
    styles = b'<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="57"/></cellXfs></styleSheet>'
    body = changed(raw(row('<c s="1"><v>46000</v></c>')), xl__styles_DOT_xml=styles)
    assert [flaw.code for flaw in read(body).lines[0].flaws] == ["date"]


@pytest.mark.parametrize("unseen", ['hidden="1"', 'hidden="true"', 'ht="0" customHeight="1"', 'ht="0.00"'])
def test_a_hidden_row_is_refused_by_itself(unseen: str) -> None:
    lines = read(raw(row("<c><v>1</v></c>") + row("<c><v>2</v></c>", attributes=unseen))).lines
    assert [[flaw.code for flaw in line.flaws] for line in lines] == [[], ["hidden-row"]]


@pytest.mark.parametrize("last", ['<row r="1048576"/>', '<row r="1048576" hidden="1"><c r="A1048576" s="0"/></row>'])
def test_the_empty_last_row_that_libreoffice_writes_is_no_row(last: str) -> None:
    [line] = read(raw(row("<c><v>1</v></c>") + last)).lines
    assert line.flaws == ()


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ('min="6" max="16384" hidden="1"', ""),
        ('min="6" max="6" width="0"', ""),
        ('min="4" max="16384" hidden="1"', "hidden-column"),
        ('min="5" max="5" width="0" customWidth="1"', "hidden-column"),
    ],
)
def test_only_a_hidden_column_in_which_something_stands_is_refused(columns: str, code: str) -> None:
    body = raw(row("<c><v>1</v></c>"), before=f"<cols><col {columns}/></cols>")
    assert (refused(body) if code else len(read(body).lines)) == (code or 1)


def test_a_value_beside_the_named_columns_is_not_overlooked() -> None:
    line = read(xlsx(FIGURES, (*ONE, "更正：13"))).lines[0]
    assert [(flaw.code, flaw.column) for flaw in line.flaws] == [("outside", "F")]


def bomb() -> bytes:
    return changed(xlsx(FIGURES, ONE), xl__media__big_DOT_bin=b"\0" * (40 << 20))


def crowd() -> bytes:
    return changed(xlsx(FIGURES, ONE), **{f"xl__media__{n}_DOT_bin": b"x" for n in range(MOST_MEMBERS)})


def hidden(state: str) -> bytes:
    made = workbook(FIGURES, [ONE])
    made.create_sheet("more").sheet_state = state
    return saved(made)


def second() -> bytes:
    made = workbook(FIGURES, [ONE])
    made.create_sheet("Sheet2")["B7"] = "and these"
    return saved(made)


def merged() -> bytes:
    made = workbook(FIGURES, [ONE, ONE])
    made.active.merge_cells("E2:E3")
    return saved(made)


def narrow() -> bytes:
    made = workbook(FIGURES, [ONE])
    made.active.column_dimensions["C"].hidden = True
    return saved(made)


def macros() -> bytes:
    return changed(xlsx(FIGURES, ONE), xl__vbaProject_DOT_bin=b"x")


def disguised() -> bytes:
    with zipfile.ZipFile(io.BytesIO(xlsx(FIGURES, ONE))) as archive:
        types = archive.read("[Content_Types].xml")
    kind = types.replace(b"spreadsheetml.sheet.main+xml", b"x").replace(
        b"application/vnd.openxmlformats-officedocument.x", b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx(FIGURES, ONE))) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            after.writestr(name, kind if name == "[Content_Types].xml" else before.read(name))
    return out.getvalue()


def linked() -> bytes:
    return changed(xlsx(FIGURES, ONE), xl__externalLinks__externalLink1_DOT_xml=b"<x/>")


HOSTILE = {
    "macros": macros,
    "macros in disguise": disguised,
    "links to another workbook": linked,
    "a zip bomb": bomb,
    "a crowd of members": crowd,
    "a hidden sheet": lambda: hidden("hidden"),
    "a very hidden sheet": lambda: hidden("veryHidden"),
    "a second sheet": second,
    "merged cells": merged,
    "a hidden column": narrow,
    "entities": lambda: changed(xlsx(FIGURES, ONE), xl__worksheets__sheet1_DOT_xml=LAUGHS),
    "an external entity": lambda: changed(
        xlsx(FIGURES, ONE),
        xl__worksheets__sheet1_DOT_xml=b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><worksheet>&x;</worksheet>',
    ),
    "no XML": lambda: changed(xlsx(FIGURES, ONE), xl__worksheets__sheet1_DOT_xml=b"<worksheet"),
    "a far cell": lambda: raw('<row r="1048576"><c r="A1048576"><v>1</v></c></row>'),
    "a wide cell": lambda: raw('<row r="3"><c r="XFD3"><v>1</v></c></row>'),
    "a cell twice": lambda: raw('<row r="3"><c r="A3"><v>1</v></c><c r="A3"><v>2</v></c></row>'),
    "a cell of another row": lambda: raw('<row r="3"><c r="A4"><v>1</v></c></row>'),
    "an unknown text": lambda: raw(row('<c t="s"><v>99</v></c>')),
    "an unknown kind": lambda: raw(row('<c t="zz"><v>99</v></c>')),
    "deep XML": lambda: raw("<a>" * 2_000_000),
    "no member of the sheet": lambda: packed("[Content_Types].xml", "xl/workbook.xml"),
    "a plain zip": lambda: packed("a"),
    "no header": lambda: xlsx(("unit", "item", "leaf", "figure"), ONE[:4]),
    "a strange column": lambda: xlsx((*FIGURES, "points"), (*ONE, 1)),
    "a column twice": lambda: xlsx((*FIGURES, "value"), (*ONE, 1)),
    "no rows": lambda: xlsx(FIGURES),
}
NAMES = {
    "macros": "macros", "macros in disguise": "macros", "links to another workbook": "macros", "a zip bomb": "too-much",
    "a crowd of members": "too-much", "a hidden sheet": "hidden-sheet", "a very hidden sheet": "hidden-sheet",
    "a second sheet": "extra-sheet", "merged cells": "merged-cells", "a hidden column": "hidden-column",
    "entities": "xml-entities", "an external entity": "xml-entities", "a far cell": "too-much",
    "a wide cell": "too-much",
    "deep XML": "too-much", "a plain zip": "unknown-type", "no header": "no-header", "a strange column": "no-header",
    "a column twice": "no-header", "no rows": "empty-file",
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_workbook_that_cannot_be_trusted_is_refused_by_name(kind: str) -> None:
    assert refused(HOSTILE[kind]()) == NAMES.get(kind, "bad-workbook")


@pytest.mark.parametrize(
    ("body", "name", "code"),
    [
        (b"unit,item\r\n", "a.csv", "no-header"),
        (csv(FIGURES), "a.csv", "empty-file"),
        (csv(FIGURES, ONE, encoding="utf-16"), "a.csv", "encoding"),
        (b"\xff\x00\x80", "a.csv", "encoding"),
        (csv(FIGURES) + b'"a', "a.csv", "bad-csv"),
        (csv(FIGURES, ["x"] * 99), "a.csv", "too-much"),
        (csv(FIGURES, ONE), "a.xlsx", "unknown-type"),
        (xlsx(FIGURES, ONE), "a.xlsm", "unknown-type"),
        (macros(), "a.xlsm", "macros"),
        (b"%PDF-1.4", "a.pdf", "unknown-type"),
        (b"", "a.csv", "no-header"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_by_name(body: bytes, name: str, code: str) -> None:
    assert refused(body, name) == code


def test_a_control_character_of_a_csv_is_named_with_its_row_and_column() -> None:
    line = read(csv(FIGURES, ("zhongshan", "1", "1b", "numerator", "1\x002")), "a.csv").lines[0]
    assert [(flaw.code, flaw.row, flaw.column) for flaw in line.flaws] == [("not-text", 2, "value")]


def test_every_flaw_speaks_both_languages() -> None:
    assert all(zh and en and zh != en for zh, en in FLAWS.values())


BOOK = xlsx(FIGURES, ONE)  # made once: a workbook names the moment it was written, so two are never alike


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_is_cut_or_flipped_in_a_workbook_is_read_or_refused_by_name(data: Any) -> None:
    body = bytearray(BOOK)
    for _ in range(data.draw(st.integers(1, 8))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    with suppress(BadFile):  # its code is a row of the table, or it could not be made
        read(bytes(body[: data.draw(st.integers(1, len(body)))]))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_whatever_bytes_stand_in_a_sheet_they_are_read_or_refused_by_name(junk: bytes) -> None:
    with suppress(BadFile):
        read(changed(BOOK, xl__worksheets__sheet1_DOT_xml=b"<worksheet><sheetData>" + junk))

"""Workbooks for the tests: as other programs write them, and as attackers do."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

FIGURES = ("unit", "item", "leaf", "figure", "value")
ROSTER = ("unit", "cohort", "name_zh", "name_en")
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def workbook(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> Workbook:
    made = Workbook()
    made.active.append(list(header))
    for row in rows:
        made.active.append(list(row))
    return made


def saved(made: Workbook) -> bytes:
    body = io.BytesIO()
    made.save(body)
    return body.getvalue()


def xlsx(header: Sequence[str], *rows: Sequence[Any]) -> bytes:
    return saved(workbook(header, rows))


def csv(header: Sequence[str], *rows: Sequence[Any], encoding: str = "utf-8") -> bytes:
    return "".join(",".join(map(str, row)) + "\r\n" for row in (header, *rows)).encode(encoding)


def changed(body: bytes, **members: bytes) -> bytes:
    """A workbook with members replaced or added; a name's "__" is a slash, its "_DOT_" a dot."""
    names = {name.replace("__", "/").replace("_DOT_", "."): content for name, content in members.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(name, names.pop(name) if name in names else before.read(name))
        for name, content in names.items():
            after.writestr(name, content)
    return out.getvalue()


def raw(cells: str, before: str = "", behind: str = "", head: str = "") -> bytes:
    """A workbook of figures whose sheet is this XML below a right header."""
    names = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in FIGURES)
    sheet = (
        f'{head}<worksheet {MAIN}>{before}<sheetData><row r="1">{names}</row>{cells}</sheetData>{behind}</worksheet>'
    )
    return changed(xlsx(FIGURES), xl__worksheets__sheet1_DOT_xml=sheet.encode())


def text(value: str) -> str:
    return f'<c t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'


def row(value: str, *, attributes: str = "", leaf: str = "1b", figure: str = "numerator") -> str:
    """A row of figures whose value is a cell of this XML."""
    keys = "".join(text(each) for each in ("zhongshan", "1", leaf, figure))
    return f"<row {attributes}>{keys}{value}</row>"

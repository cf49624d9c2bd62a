"""One table as a worksheet of a workbook: every text a text, as high as its lines, ready to print on A4."""

import re
from typing import Any
from unicodedata import east_asian_width

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from service.files.book import Column, Table
from service.files.plain import is_points

_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠']")
# What XML cannot hold, or what would be read as such an escape (ECMA-376 part 1, section 22.9.2.19, ST_Xstring).
_ODD = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_LINE_HEIGHT = 15  # in points
_MOST_LINES = 27  # no row is higher than 409 points
_LINE = Side(style="thin", color="999999")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEAD = PatternFill("solid", fgColor="E8EEF4")
_WRAP = Alignment(wrap_text=True, vertical="center")
_MIDDLE = Alignment(wrap_text=True, vertical="center", horizontal="center")


def spelled(text: str) -> str:
    """A text as a workbook's XML spells it: what XML cannot hold as _xHHHH_, and such a text itself escaped."""
    return _ODD.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def fill(sheet: Worksheet, table: Table, lang: str, *, codes: bool) -> None:
    """Writes a table onto an empty worksheet. ``codes``: the header begins with column codes."""
    last = get_column_letter(len(table.columns))
    top = 1
    if table.heading:
        _text(sheet.cell(1, 1), table.heading)
        sheet.cell(1, 1).font = Font(bold=True, size=14)
        sheet.cell(1, 1).alignment = _MIDDLE
        sheet.merge_cells(f"A1:{last}1")
        sheet.row_dimensions[1].height = 2 * _LINE_HEIGHT
        top = 2
    for number, column in enumerate(table.columns, start=1):
        head = sheet.cell(top, number)
        _text(head, column.coded(lang) if codes else _heading(column, lang))
        head.font, head.fill, head.alignment, head.border = Font(bold=True), _HEAD, _MIDDLE, _BOX
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.row_dimensions[top].height = _LINE_HEIGHT * (1 if codes else 2)
    _body(sheet, table, top)
    for first, left, end, right in table.spans:
        sheet.merge_cells(start_row=top + 1 + first, start_column=1 + left, end_row=top + 1 + end, end_column=1 + right)
    _choices(sheet, table, top)
    _printed(sheet, top, len(table.rows))


def _heading(column: Column, lang: str) -> str:
    """In Chinese with the English below it; in English alone."""
    return column.title.en if lang == "en" else f"{column.title.zh}\n{column.title.en}"


def _body(sheet: Worksheet, table: Table, top: int) -> None:
    for row, values in enumerate(table.rows, start=top + 1):
        sheet.row_dimensions[row].height = _height(table, row - top - 1)
        for number, (column, value) in enumerate(zip(table.columns, values, strict=True), start=1):
            cell = sheet.cell(row, number)
            cell.border, cell.alignment = _BOX, _WRAP
            if value is None:
                if column.choices == ("text",):
                    cell.number_format = "@"
            elif column.kind == "points" and is_points(str(value)):
                # A number spelled by us: openpyxl would make 97.29 a float, and that 97.29000000000001.
                cell.value, cell.data_type, cell.number_format = str(value), "n", "0.00"
            elif column.kind == "whole" and isinstance(value, int):
                cell.value = int(value)
            else:
                _text(cell, str(value))


def _height(table: Table, row: int) -> int:
    """How high a row has to be to show its texts: programs do not work that out beside merged cells."""
    spanned = {column for first, column, last, _ in table.spans if first <= row <= last}
    texts = [
        (str(value), column.width)
        for number, (column, value) in enumerate(zip(table.columns, table.rows[row], strict=True))
        if value is not None and number not in spanned
    ]
    lines = [sum(_lines(part, width) for part in text.split("\n")) for text, width in texts]
    return _LINE_HEIGHT * min(max(lines, default=1), _MOST_LINES)


def _lines(text: str, width: int) -> int:
    """Lines that a text takes in a column: a Chinese letter is two wide."""
    wide = sum(1 + (east_asian_width(letter) in "WF") for letter in text)
    return max(1, -(-wide // max(width - 1, 1)))


def _text(cell: Any, text: str) -> None:
    cell.value = spelled(text)
    cell.data_type = "s"
    if _FORMULA.match(text):
        cell.quotePrefix = True


def _choices(sheet: Worksheet, table: Table, top: int) -> None:
    by_list: dict[tuple[str, ...], DataValidation] = {}
    column = next((n for n, each in enumerate(table.columns, start=1) if each.choices), 0)
    for row, choices in table.choices:
        cell = sheet.cell(top + 1 + row, column)
        cell.number_format = "@"  # typed as it stands: 0.50 stays 0.50
        if choices not in by_list:
            listed = '"' + ",".join(choices) + '"'
            by_list[choices] = DataValidation(type="list", formula1=listed, allow_blank=True, showErrorMessage=True)
            sheet.add_data_validation(by_list[choices])
        by_list[choices].add(cell)


def _printed(sheet: Worksheet, top: int, rows: int) -> None:
    sheet.freeze_panes = sheet.cell(top + 1, 1)
    sheet.print_title_rows = f"1:{top}"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "&P / &N"
    sheet.print_area = f"A1:{get_column_letter(sheet.max_column)}{top + max(rows, 1)}"

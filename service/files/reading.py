"""An uploaded table as lines under named columns: what it is by its bytes, and every doubt with its row and column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from domain.imports import Flaw, Line
from domain.rubric.texts import Text
from service.files.grid import FLAWS, BadFile, Cell, Grid, column_name
from service.files.separated import read_separated
from service.files.workbooks import read_workbook
from service.sniff import SHEET, UnknownType, media_type_of

NOTES = Text("说明 notes", "notes")


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a file: those that are read, and those of a template that only help who fills it in."""

    read: tuple[str, ...]
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Upload:
    """The lines of a file, and its format."""

    format: str
    lines: Sequence[Line]


def read_table(stream: BinaryIO, name: str, columns: Columns) -> Upload:
    """The lines of an XLSX or CSV file; raises BadFile for one that is refused as a whole."""
    grid = read_separated(stream) if name.lower().endswith(".csv") else _workbook(stream, name)
    return Upload(grid.format, _lines(grid, _header(grid, columns), columns))


def _workbook(stream: BinaryIO, name: str) -> Grid:
    try:
        kind = media_type_of(stream, name)
    except UnknownType as unknown:
        raise BadFile("macros" if "macros" in str(unknown) else "unknown-type") from None
    if kind != SHEET:
        raise BadFile("unknown-type")
    return read_workbook(stream, frozenset({NOTES.zh, NOTES.en}))


def _header(grid: Grid, columns: Columns) -> dict[int, str]:
    """Column number -> column; a column is named by its code, whatever title stands behind it in the cell."""
    named = {
        column: cell.text.split(maxsplit=1)[0] if cell.text and not cell.flaw else "?"
        for (row, column), cell in sorted(grid.cells.items())
        if row == 1
    }
    names = list(named.values())
    wrong = [name for name in names if name not in {*columns.read, *columns.told} or names.count(name) > 1]
    missing = [name for name in columns.read if name not in names]
    if wrong or missing:
        raise BadFile("no-header", ", ".join(dict.fromkeys((*wrong, *missing)))[:120])
    return named


def _lines(grid: Grid, header: Mapping[int, str], columns: Columns) -> list[Line]:
    rows: dict[int, dict[int, Cell]] = {}
    for (row, column), cell in grid.cells.items():
        if row > 1:
            rows.setdefault(row, {})[column] = cell
    if not rows:
        raise BadFile("empty-file")
    return [_line(row, rows[row], header, columns, hidden=row in grid.hidden_rows) for row in sorted(rows)]


def _line(row: int, cells: Mapping[int, Cell], header: Mapping[int, str], columns: Columns, *, hidden: bool) -> Line:
    flaws = [_flaw("hidden-row", row, "")] if hidden else []
    for column, cell in sorted(cells.items()):
        name = header.get(column)
        if name is None:
            flaws.append(_flaw("outside", row, column_name(column)))
        elif cell.flaw and name in columns.read:
            flaws.append(_flaw(cell.flaw, row, name))
    values = {name: cells[column].text for column, name in header.items() if column in cells and name in columns.read}
    return Line(row, {name: values.get(name, "") for name in columns.read}, tuple(flaws))


def _flaw(code: str, row: int, column: str) -> Flaw:
    return Flaw(code, *FLAWS[code], row, column)

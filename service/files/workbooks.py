"""XLSX to a grid, cell by cell as it was stored: a formula is refused, never computed, and no number becomes a float.

Read here and not by openpyxl, which answers a formula's cached value, makes 0.1 a float and 1E3 a 1000.0, and does
not tell a date from a number in time (ECMA-376 part 1, sections 18.3.1, 18.4, 18.8).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.etree.ElementTree import Element

from service.files.cellstyles import styles
from service.files.grid import MOST_COLUMNS, MOST_ROWS, BadFile, Cell, Grid, cell_of, column_name
from service.files.packed import Package

_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_SPELLED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TRUE = frozenset({"1", "true"})
_RELATIONS = "xl/_rels/workbook.xml.rels"


@dataclass(slots=True)
class _Sheet:
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    merged: str = ""
    hidden_column: str = ""
    row: int = 0
    column: int = 0

    def begin_row(self, element: Element) -> None:
        """A row begins; it may leave its number out."""
        self.row, self.column = _number(element.get("r"), self.row + 1), 0
        if self.row > MOST_ROWS:
            raise BadFile("too-much", f"row {self.row}")
        if element.get("hidden") in _TRUE:
            self.hidden.add(self.row)

    def take(self, element: Element, texts: list[str], marked: list[str]) -> None:
        """A cell of that row; an empty one is none."""
        self.column = _column(element.get("r"), self.row, self.column + 1)
        place = f"{column_name(self.column)}{self.row}"
        cell = _cell(element, texts, marked)
        if not cell.text and not cell.flaw:
            return
        if self.column > MOST_COLUMNS:
            raise BadFile("too-much", place)
        if (self.row, self.column) in self.cells:
            raise BadFile("bad-workbook", place)
        self.cells[self.row, self.column] = cell

    def look_at_column(self, element: Element) -> None:
        """A run of columns, hidden perhaps."""
        first = _number(element.get("min"), 1)
        if element.get("hidden") in _TRUE and first <= MOST_COLUMNS:
            self.hidden_column = self.hidden_column or column_name(first)


def read_workbook(stream: BinaryIO, notes: frozenset[str]) -> Grid:
    """The first sheet of a workbook; every other must be empty, or one of the ``notes`` that came with a template."""
    package = Package(stream)
    sheets = list(_sheets(package))
    if not sheets:
        raise BadFile("bad-workbook")
    texts = _texts(package)
    marked = styles(package)
    first, *others = ((name, _sheet(package, path, texts, marked)) for name, path in sheets)
    for name, other in others:
        if name not in notes and any(cell.text or cell.flaw for cell in other.cells.values()):
            raise BadFile("extra-sheet", name[:40])
    found = first[1]
    if found.merged:
        raise BadFile("merged-cells", found.merged)
    if found.hidden_column:
        raise BadFile("hidden-column", found.hidden_column)
    return Grid("xlsx", found.cells, frozenset(found.hidden))


def _sheets(package: Package) -> Iterator[tuple[str, str]]:
    """Name and member of every sheet, in the order of the tabs."""
    targets = {
        element.get("Id"): element.get("Target", "")
        for kind, element in package.elements(_RELATIONS)
        if kind == "end" and element.tag == "Relationship"
    }
    for kind, element in package.elements("xl/workbook.xml"):
        if kind != "end" or element.tag != "sheet":
            continue
        if element.get("state", "visible") != "visible":
            raise BadFile("hidden-sheet", element.get("name", "")[:40])
        target = targets.get(element.get("id"))
        if target is None:
            raise BadFile("bad-workbook", element.get("name", "")[:40])
        yield element.get("name", ""), target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _texts(package: Package) -> list[str]:
    """The shared strings."""
    if not package.has("xl/sharedStrings.xml"):
        return []
    found = []
    for kind, element in package.elements("xl/sharedStrings.xml"):
        if kind == "end" and element.tag == "si":
            found.append(_rich(element))
            element.clear()
    return found


def _rich(element: Element) -> str:
    """The text of a string item: its own, or that of its runs; what is only read aloud (rPh) is left out."""
    parts = [each for each in element if each.tag == "t"]
    parts += [text for run in element if run.tag == "r" for text in run if text.tag == "t"]
    return unspelled("".join(part.text or "" for part in parts))


def unspelled(text: str) -> str:
    """What a text of a workbook says: _x000D_ is a carriage return (ST_Xstring, section 22.9.2.19)."""
    return _SPELLED.sub(lambda found: chr(int(found[1], 16)), text)


def _sheet(package: Package, path: str, texts: list[str], marked: list[str]) -> _Sheet:
    found = _Sheet()
    for kind, element in package.elements(path):
        match kind, element.tag:
            case "start", "row":
                found.begin_row(element)
            case "end", "c":
                found.take(element, texts, marked)
            case "end", "row":
                element.clear()
            case "end", "mergeCell":
                found.merged = found.merged or element.get("ref", "?")[:40]
            case "end", "col":
                found.look_at_column(element)
    return found


def _number(text: str | None, otherwise: int) -> int:
    if text is None:
        return otherwise
    if not re.fullmatch(r"[1-9][0-9]{0,6}", text):
        raise BadFile("bad-workbook", text[:20])
    return int(text)


def _column(place: str | None, row: int, otherwise: int) -> int:
    if place is None:
        return otherwise
    shape = _PLACE.fullmatch(place)
    if shape is None or int(shape[2]) != row:
        raise BadFile("bad-workbook", place[:20])
    column = 0
    for letter in shape[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column


def _cell(element: Element, texts: list[str], marked: list[str]) -> Cell:
    parts = {part.tag: part for part in element}
    value = parts["v"].text or "" if "v" in parts else ""
    if "f" in parts:
        return cell_of(value, "formula")
    match element.get("t", "n"):
        case "s":
            return cell_of(_shared(texts, value))
        case "inlineStr":
            return cell_of(_rich(parts["is"]) if "is" in parts else "")
        case "str":
            return cell_of(unspelled(value))
        case "b":
            return cell_of({"1": "true", "0": "false"}.get(value.strip(), value))
        case "e":
            return cell_of(value, "error-value")
        case "d":
            return cell_of(value, "date")
        case "n":
            return cell_of(value, _style(element.get("s"), marked) if value else "")
    raise BadFile("bad-workbook", element.get("r", "")[:20])


def _shared(texts: list[str], value: str) -> str:
    if not re.fullmatch(r"[0-9]{1,7}", value) or int(value) >= len(texts):
        raise BadFile("bad-workbook", "sharedStrings")
    return texts[int(value)]


def _style(style: str | None, marked: list[str]) -> str:
    if style is None or not re.fullmatch(r"[0-9]{1,5}", style):
        return ""
    return marked[int(style)] if int(style) < len(marked) else ""

"""One sheet of a workbook while it is read: its cells exactly as they were stored, and what of it nobody sees.

A formula is refused, never computed, and no number becomes a float (ECMA-376 part 1, sections 18.3.1 and 18.4).
"""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from service.files.grid import MOST_COLUMNS, MOST_ROWS, BadFile, Cell, cell_of, column_name

_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_SPELLED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TRUE = frozenset({"1", "true"})


@dataclass(slots=True)
class Sheet:
    """What was read of a sheet so far; ``cells`` by row and column."""

    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    merged: str = ""
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    row: int = 0
    column: int = 0

    def begin_row(self, element: Element) -> None:
        """A row begins; it may leave its number out."""
        self.row, self.column = _number(element.get("r"), self.row + 1), 0
        if self.row <= MOST_ROWS and _unseen(element, "ht"):
            self.hidden.add(self.row)

    def take(self, element: Element, texts: list[str], marked: list[str]) -> None:
        """A cell of that row; an empty one is none, wherever it is: LibreOffice writes the last row of a sheet, too."""
        self.column = _column(element.get("r"), self.row, self.column + 1)
        place = f"{column_name(self.column)}{self.row}"
        cell = _cell(element, texts, marked)
        if not cell.text and not cell.flaw:
            return
        if self.row > MOST_ROWS or self.column > MOST_COLUMNS:
            raise BadFile("too-much", place)
        if (self.row, self.column) in self.cells:
            raise BadFile("bad-workbook", place)
        self.cells[self.row, self.column] = cell

    def look_at_column(self, element: Element) -> None:
        """A run of columns, hidden perhaps."""
        first = _number(element.get("min"), 1)
        if _unseen(element, "width") and first <= MOST_COLUMNS:
            self.hidden_columns.append((first, _number(element.get("max"), first)))

    def hidden_column(self) -> str:
        """The first hidden column in which something stands; "" for none: many hide what they do not use."""
        taken = sorted({column for _, column in self.cells})
        return next((column_name(each) for each in taken if any(a <= each <= z for a, z in self.hidden_columns)), "")


def rich(element: Element) -> str:
    """The text of a string item: its own, or that of its runs; what is only read aloud (rPh) is left out."""
    parts = [each for each in element if each.tag == "t"]
    parts += [text for run in element if run.tag == "r" for text in run if text.tag == "t"]
    return unspelled("".join(part.text or "" for part in parts))


def unspelled(text: str) -> str:
    """What a text of a workbook says: _x000D_ is a carriage return (ST_Xstring, section 22.9.2.19)."""
    return _SPELLED.sub(lambda found: chr(int(found[1], 16)), text)


def _unseen(element: Element, size: str) -> bool:
    """Whether a row or a run of columns is hidden, or has no ``size`` to be seen by."""
    return element.get("hidden") in _TRUE or re.fullmatch(r"0+(\.0*)?", element.get(size, "")) is not None


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
            return cell_of(rich(parts["is"]) if "is" in parts else "")
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

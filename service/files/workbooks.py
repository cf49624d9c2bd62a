"""XLSX to a grid, cell by cell as it was stored: a formula is refused, never computed, and no number becomes a float.

Read here and not by openpyxl, which answers a formula's cached value, makes 0.1 a float and 1E3 a 1000.0, and does
not tell a date from a number in time (ECMA-376 part 1, sections 18.3.1, 18.4, 18.8).
"""

from collections.abc import Iterator
from typing import BinaryIO

from service.files.cells import Sheet, rich
from service.files.cellstyles import styles
from service.files.grid import BadFile, Grid
from service.files.packed import Package

_RELATIONS = "xl/_rels/workbook.xml.rels"


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
    if column := found.hidden_column():
        raise BadFile("hidden-column", column)
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
            found.append(rich(element))
            element.clear()
    return found


def _sheet(package: Package, path: str, texts: list[str], marked: list[str]) -> Sheet:
    found = Sheet()
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

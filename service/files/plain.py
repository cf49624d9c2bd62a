"""A book as CSV (one of its tables) and as JSON (all of them, and the manifest)."""

import csv
import io
import re
from collections.abc import Iterable
from typing import Any

import msgspec

from service.files.book import Book, Column, Omission, Table
from service.files.escaping import escaped

_POINTS = re.compile(r"-?[0-9]{1,13}\.[0-9]{2}")
BOM = "\ufeff"


def as_csv(table: Table, titles: str = "") -> bytes:
    """RFC 4180 in UTF-8 with its mark, which Excel needs; formula starts escaped, points and numbers as they are.

    ``titles``: behind each code its title in that language, for people who fill the table in.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.coded(titles) if titles else column.id for column in table.columns])
    for row in table.rows:
        writer.writerow([_cell(column, value) for column, value in zip(table.columns, row, strict=True)])
    return (BOM + out.getvalue()).encode()


def _cell(column: Column, value: str | int | None) -> str:
    if value is None:
        return ""
    plain = column.kind == "whole" or (column.kind == "points" and is_points(str(value)))
    return str(value) if plain else escaped(str(value))


def is_points(text: str) -> bool:
    """Whether a cell of points holds points, and not a word in their place."""
    return bool(_POINTS.fullmatch(text))


def as_json(book: Book) -> bytes:
    """All tables as objects by column, and the manifest."""
    tables = {table.id: [_object(table.columns, row) for row in table.rows] for table in book.tables}
    return msgspec.json.encode({"what": book.what, "position": book.position, **tables, "manifest": book.manifest()})


def _object(columns: Iterable[Column], row: Iterable[str | int | None]) -> dict[str, Any]:
    return {column.id: value for column, value in zip(columns, row, strict=True)}


def others(book: Book, chosen: Table) -> list[Omission]:
    """What a CSV of one table leaves out of its book."""
    rest = [table.id for table in book.tables if table is not chosen]
    if not rest:
        return []
    return [Omission("other-tables", "CSV只含一个表，其他表未列入", "a CSV is one table; these are left out", rest)]

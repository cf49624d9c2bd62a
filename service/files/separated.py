"""CSV to a grid: UTF-8 with or without its mark, or GB 18030 as Excel in China writes (RFC 4180, read strictly)."""

import csv
import io
from typing import BinaryIO

from service.files.escaping import unescaped
from service.files.grid import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, BadFile, Cell, Grid, cell_of

_MARKS = (b"\xff\xfe", b"\xfe\xff")  # UTF-16, which GB 18030 would read as nonsense


def read_separated(stream: BinaryIO) -> Grid:
    """The grid of a CSV file."""
    text = _text(stream.read())
    cells: dict[tuple[int, int], Cell] = {}
    try:
        for row, values in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), start=1):
            if row > MOST_ROWS or len(values) > MOST_COLUMNS:
                raise BadFile("too-much", f"row {row}")
            for column, value in enumerate(values, start=1):
                if value:
                    cells[row, column] = cell_of(unescaped(value) if len(value) <= LONGEST_CELL else value)
    except csv.Error as bad:
        raise BadFile("bad-csv", str(bad)[:80]) from None
    return Grid("csv", cells)


def _text(body: bytes) -> str:
    if body.startswith(_MARKS):
        raise BadFile("encoding")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadFile("encoding")

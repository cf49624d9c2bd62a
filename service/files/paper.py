"""A book as XLSX: the same bytes for the same book, every text a text, ready to print on A4.

A text is never a formula, whatever it begins with, and Excel asks for none when it is edited (quotePrefix). The zip
is not compressed, so that its bytes depend on no compressor.
"""

import io
import re
import zipfile
from datetime import datetime

from openpyxl import Workbook

from domain.rubric.texts import Text
from service.files.book import Book, Column, Row, Table
from service.files.reading import NOTES
from service.files.worksheet import fill

_THEN = datetime(2000, 1, 1)  # noqa: DTZ001 - openpyxl takes no zone; a file has no time of its own
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_CODE = Column("code", Text("代码", "code"), width=22)
_SAID = {
    "zh": Column("zh", Text("说明", "in Chinese"), width=44),
    "en": Column("en", Text("英文说明", "note"), width=44),
}
_WHICH = (Column("count", Text("数量", "count"), "whole", 8), Column("things", Text("内容", "which"), width=60))


def as_xlsx(book: Book, *, codes: bool = False) -> bytes:
    """The workbook of a book: a sheet a table, then the manifest. ``codes``: the header begins with column codes."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    workbook.properties.creator = "kaohe"
    workbook.properties.created = _THEN
    for table in book.tables:
        fill(workbook.create_sheet(table.title.in_(book.language)[:31]), table, book.language, codes=codes)
    fill(workbook.create_sheet(NOTES.in_(book.language)), _manifest(book), book.language, codes=False)
    return _steady(workbook)


def _manifest(book: Book) -> Table:
    said = book.manifest()
    facts = {**said["scope"], "position": said["position"], **{f"rows.{of}": n for of, n in said["tables"].items()}}
    facts |= {name: value for name, value in book.about.items() if isinstance(value, str | int)}
    languages = ("zh", "en") if book.language == "zh" else ("en",)
    rows: list[Row] = [[name, *(None for _ in languages), None, str(value)] for name, value in facts.items()]
    rows += [
        [each["code"], *(each[lang] for lang in languages), each["count"], ", ".join(each["things"])]
        for each in said["omissions"]
    ]
    rows += [
        [f"{column.id}.{code}", *(text.in_(lang) for lang in languages), None, None]
        for column in {column.id: column for table in book.tables for column in table.columns if column.words}.values()
        for code, text in column.words.items()
    ]
    columns = (_CODE, *(_SAID[lang] for lang in languages), *_WHICH)
    heading = Text(f"{book.title.zh} · 未列入的内容 what was left out", f"{book.title.en}: what was left out")
    return Table("manifest", NOTES, columns, rows, heading.in_(book.language))


def _steady(workbook: Workbook) -> bytes:
    written, out = io.BytesIO(), io.BytesIO()
    workbook.save(written)
    with zipfile.ZipFile(written) as loose, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as steady:
        for name in loose.namelist():
            body = loose.read(name)
            if name == "docProps/core.xml":
                body = _MODIFIED.sub(rb"\g<1>2000-01-01T00:00:00Z", body)
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.create_system = 3  # or it would tell the system it was written on
            steady.writestr(member, body)
    return out.getvalue()

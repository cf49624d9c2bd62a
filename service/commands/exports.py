"""Giving a copy out: its bytes are hashed, its manifest kept, the export recorded; only then does it leave."""

import hashlib
from dataclasses import dataclass

from domain import facts
from domain.people import Grant
from events.canonical import canonical
from events.entry import Head, new_id
from service.auth import actor
from service.commands.commit import append, to
from service.files.book import Book, Omission, Table
from service.files.paper import as_xlsx
from service.files.plain import as_csv, as_json, others
from service.office import office
from service.problems import Problem


@dataclass(frozen=True, slots=True)
class Copy:
    """The bytes of a book in a format, how many rows they hold, and what this format leaves out."""

    form: str
    body: bytes
    rows: int
    without: tuple[Omission, ...] = ()


def copy(book: Book, form: str, table: str | None) -> Copy:
    """A book as XLSX or JSON, whole, or one of its tables as CSV."""
    if form == "xlsx":
        return Copy(form, as_xlsx(book), book.rows)
    if form == "json":
        return Copy(form, as_json(book), book.rows)
    chosen = _table(book, table)
    return Copy(form, as_csv(chosen), len(chosen.rows), tuple(others(book, chosen)))


def record(book: Book, made: Copy, grant: Grant) -> str:
    """Records that the caller takes this copy; answers the id of the export."""
    key = new_id()
    manifest = office().store.keep_document(canonical(book.manifest(made.without)))
    digest = hashlib.sha256(made.body).hexdigest()
    fact = facts.ExportMade(
        key, book.what, made.form, digest, len(made.body), made.rows, book.position, dict(book.scope), manifest
    )
    append(actor(grant), to(f"export/{key}", Head(), [fact]), keyed=False)
    return key


def _table(book: Book, wanted: str | None) -> Table:
    if wanted is None:
        return book.tables[0]
    for table in book.tables:
        if table.id == wanted:
            return table
    known = ", ".join(table.id for table in book.tables)
    raise Problem(422, "unknown-table", "没有这个表", "there is no such table", known, known)

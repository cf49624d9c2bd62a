"""/exports and what may be exported: a unit's sheet, the book of results, the review queue, the audit feed."""

from typing import Any

from flask import Response

from domain.people import Grant
from service.auth import caller, hidden_unless, permit
from service.commands.exports import Copy, copy, record
from service.files.book import Book
from service.files.listbooks import as_cloudevents, as_lines, feed_book
from service.files.plain import as_csv
from service.languages import told, wanted
from service.office import office
from service.openapi import files
from service.queries import exports, moments
from service.queries.events import feed
from service.queries.pages import cursor_of, linked, opened_cursor, page
from service.reading import Blueprint
from service.resources.answers import document
from service.resources.downloads import download
from service.resources.queue import desk, queue_departments
from service.resources.scores import known
from service.schemas import exports as schemas
from service.schemas.pages import Page

blueprint = Blueprint("exports", __name__, url_prefix="/api/v1")
at = blueprint.route
_BOOK = ("xlsx", "csv", "json")


@at("/cycles/<slug:cycle>/units/<slug:unit>/exports/sheet")
@blueprint.arguments(schemas.BookQuestion, location="query")
@blueprint.response(200)
@files(*_BOOK)
def get_sheet(query: dict[str, Any], cycle: str, unit: str) -> Response:
    """A unit's sheet in the federation's own layout, filled in, now or as of a moment."""
    grant = hidden_unless("see-unit", "unknown-unit", unit, unit=unit)
    found = known(cycle)
    book = exports.sheet(found, unit, moments.asked(query) or moments.now(), wanted(query))
    return _given(book, copy(book, query["format"], query["table"]), grant)


@at("/cycles/<slug:cycle>/exports/results")
@blueprint.arguments(schemas.BookQuestion, location="query")
@blueprint.response(200)
@files(*_BOOK)
def get_results(query: dict[str, Any], cycle: str) -> Response:
    """The results of all units: board, items, leaves, departments, now or as of a moment."""
    grant = permit("see-board")
    book = exports.results(known(cycle), moments.asked(query) or moments.now(), wanted(query))
    return _given(book, copy(book, query["format"], query["table"]), grant)


@at("/cycles/<slug:cycle>/exports/queue")
@blueprint.arguments(schemas.QueueQuestion, location="query")
@blueprint.response(200)
@files(*_BOOK)
def get_queue(query: dict[str, Any], cycle: str) -> Response:
    """What waits for the caller's departments."""
    grant, found = permit("see-board"), known(cycle)
    departments = queue_departments(query["department"])
    book = exports.queue(found, departments, query["unit"], desk(), wanted(query))
    return _given(book, copy(book, query["format"], None), grant)


@at("/exports/feed")
@blueprint.arguments(schemas.FeedQuestion, location="query")
@blueprint.response(200)
@files("csv", "jsonl", "cloudevents")
def get_feed(query: dict[str, Any]) -> Response:
    """Events of the record by position, their entries unaltered in JSON Lines and CloudEvents."""
    grant = permit("audit")
    form, limit, cursor = query.pop("format"), query.pop("limit"), opened_cursor(query.pop("cursor"), (int,)) or (0,)
    after, position = max(query.pop("after"), *cursor), office().reads.last()
    query["until"] = min(position, query["until"] or position)
    rows = feed(office().store, query, after, limit + 1)
    entries, rest = rows[:limit], len(rows) > limit
    scope = {name: str(value) for name, value in query.items() if value is not None} | {"after": str(after)}
    book = feed_book(entries, scope, position, exports.erased(), rest)
    body = {"csv": lambda: as_csv(book.tables[0]), "jsonl": lambda: as_lines(entries)}.get(
        form, lambda: as_cloudevents(entries)
    )()
    answer = _given(book, Copy(form, body, len(entries)), grant)
    return linked(answer, cursor_of(entries[-1][0])) if rest else answer


@at("/exports")
@blueprint.arguments(Page, location="query")
@blueprint.response(200, schemas.Exports)
def get_exports(query: dict[str, Any]) -> Response:
    """Every export that was made, by whom, of what, with the digest of its bytes: for auditors."""
    permit("audit")
    keys, cursor = page(office().names("export/"), query)
    return linked(document({"exports": exports.made(keys)}), cursor)


@at("/exports/<uuid:export>")
@blueprint.response(200, schemas.ExportWithManifest)
def get_export(export: Any) -> Response:
    """An export with its manifest: for whoever made it, and for auditors."""
    person = caller()
    return document(exports.one(str(export), None if person.holds("auditor") else person.id))


def _given(book: Book, made: Copy, grant: Grant) -> Response:
    key = record(book, made, grant)
    answer = download(made.body, made.form, book.what, book.title.in_(book.language))
    answer.headers.add("Link", f'</api/v1/exports/{key}>; rel="describedby"')
    answer.headers["Kaohe-Position"] = str(book.position)
    return told(answer, book.language) if "language" in book.scope else answer

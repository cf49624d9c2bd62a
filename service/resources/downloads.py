"""Files as answers: their bytes with their digest (RFC 9530) and a name that also Chinese browsers show (RFC 6266)."""

import base64
import hashlib
from urllib.parse import quote

from flask import Response

from service.files.book import Book
from service.files.mediatypes import MEDIA_TYPES
from service.files.paper import as_xlsx
from service.files.plain import as_csv
from service.languages import told

EXTENSIONS = {"cloudevents": "json"}


def template(book: Book, form: str) -> Response:
    """An empty table to fill in; it says nothing of the record, so it is no export."""
    body = as_csv(book.tables[0], book.language) if form == "csv" else as_xlsx(book, codes=True)
    return told(download(body, form, book.what, book.title.in_(book.language)), book.language)


def download(body: bytes, form: str, plain: str, name: str) -> Response:
    """A file to keep, under an ASCII name and under its own."""
    response = Response(body, 200, content_type=MEDIA_TYPES[form])
    extension = EXTENSIONS.get(form, form)
    encoded = quote(f"{name}.{extension}", safe="")
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}.{extension}\"; filename*=UTF-8''{encoded}"
    )
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    response.headers["Repr-Digest"] = f"sha-256=:{digest}:"
    response.headers["Digest"] = f"sha-256={digest}"  # RFC 3230, for clients that know only that
    return response

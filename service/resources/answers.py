"""How commands and documents are answered, the same in every resource."""

from typing import Any

import msgspec
from flask import Response

from events.store import Commit
from service.commands.commit import receipt
from service.languages import chosen, told

_JSON = "application/json"


def committed(commit: Commit, status: int = 201, *, stream: str = "", **more: Any) -> Response:
    """The receipt of a commit, the version of its ``stream`` as the ETag; the same again for the same request."""
    body = receipt(commit, stream) | more
    response = Response(msgspec.json.encode(body), status, mimetype=_JSON)
    response.headers["ETag"] = f'"{body["version"]}"'
    return response


def spoken(response: Response) -> Response:
    """An answer that says something in the caller's language, and which that is."""
    return told(response, chosen())


def document(body: Any, version: int | None = None) -> Response:
    """A JSON document, with the stream version as its ETag where it has one."""
    raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
    response = Response(raw, 200, mimetype=_JSON)
    if version is not None:
        response.headers["ETag"] = f'"{version}"'
    return response

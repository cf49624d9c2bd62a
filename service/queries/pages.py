"""Keyset cursors: opaque to callers, checked when they come back."""

import base64
import binascii
from typing import Any
from urllib.parse import urlencode

import msgspec
from flask import Response, request
from werkzeug.urls import iri_to_uri

from service.problems import Problem


def cursor_of(*key: Any) -> str:
    """A cursor behind the row of this key."""
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).decode().rstrip("=")


def opened_cursor(cursor: str | None, shape: tuple[type, ...]) -> tuple[Any, ...] | None:
    """The key of a cursor; the 400 problem when it is not one of ours."""
    if cursor is None:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        key = tuple(msgspec.json.decode(raw, type=list))
    except (binascii.Error, msgspec.MsgspecError, ValueError):
        key = ()
    fits = len(key) == len(shape) and all(type(part) is kind for part, kind in zip(key, shape, strict=True))
    if (
        not fits
        or any(type(part) is int and not 0 <= part < 2**53 for part in key)
        or any("\x00" in str(part) for part in key)
    ):
        raise Problem(400, "bad-cursor", "游标无效", "the cursor is not one of ours")
    return key


def linked(response: Response, cursor: str) -> Response:
    """Adds ``Link: rel=next`` with the same query and the next cursor."""
    query = urlencode({**request.args, "cursor": cursor})
    response.headers["Link"] = f'<{iri_to_uri(request.path)}?{query}>; rel="next"'
    return response

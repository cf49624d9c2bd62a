"""Keyset cursors: opaque to callers, checked when they come back."""

import base64
import binascii
from collections.abc import Mapping, Sequence
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


def page(keys: Sequence[str], query: Mapping[str, Any]) -> tuple[Sequence[str], str | None]:
    """The keys (in order) of the page that ``query`` asks for, and the cursor of the next one, None on the last."""
    behind = opened_cursor(query["cursor"], (str,))
    rest = [key for key in keys if behind is None or key > behind[0]]
    found = rest[: query["limit"]]
    return found, cursor_of(found[-1]) if len(rest) > len(found) else None


def linked(response: Response, cursor: str | None) -> Response:
    """Adds ``Link: rel=next`` with the same query and the next cursor, unless there is none."""
    if cursor is None:
        return response
    query = urlencode({**request.args, "cursor": cursor})
    response.headers.add("Link", f'<{iri_to_uri(request.path)}?{query}>; rel="next"')
    return response

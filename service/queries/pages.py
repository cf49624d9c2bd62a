"""Keyset cursors: opaque to callers, good for the list that gave them, checked when they come back."""

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec
from flask import Response, request
from werkzeug.urls import iri_to_uri

from service.problems import Problem

Row = TypeVar("Row")


def cursor_of(*key: Any) -> str:
    """A cursor behind the row of this key in the list that is asked for."""
    return base64.urlsafe_b64encode(msgspec.json.encode((_list(), *key))).decode().rstrip("=")


def opened_cursor(cursor: str | None, shape: tuple[type, ...]) -> tuple[Any, ...] | None:
    """The key of a cursor; the 400 problem when it is not one of this list."""
    if cursor is None:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        of, *key = msgspec.json.decode(raw, type=list)
    except (binascii.Error, msgspec.MsgspecError, ValueError):
        of, key = "", []
    fits = len(key) == len(shape) and all(type(part) is kind for part, kind in zip(key, shape, strict=True))
    if (
        not fits
        or of != _list()
        or any(type(part) is int and not 0 <= part < 2**53 for part in key)
        or any("\x00" in str(part) for part in key)
    ):
        raise _bad()
    return tuple(key)


def page(keys: Sequence[str], query: Mapping[str, Any]) -> tuple[Sequence[str], str | None]:
    """The keys (in order) of the page that ``query`` asks for, and the cursor of the next one, None on the last."""
    behind = opened_cursor(query["cursor"], (str,))
    rest = [key for key in keys if behind is None or key > behind[0]]
    found = rest[: query["limit"]]
    return found, cursor_of(found[-1]) if len(rest) > len(found) else None


def page_in_turn(rows: Mapping[str, Row], query: Mapping[str, Any]) -> tuple[list[Row], str | None]:
    """The same of rows that stand in another order than that of their keys, such as the record's."""
    keys, first = list(rows), 0
    if (behind := opened_cursor(query["cursor"], (str,))) is not None:
        if behind[0] not in rows:
            raise _bad()
        first = keys.index(behind[0]) + 1
    found = keys[first : first + query["limit"]]
    return [rows[key] for key in found], cursor_of(found[-1]) if len(keys) > first + len(found) else None


def page_of_rows(
    rows: Iterable[Row], key: Callable[[Row], tuple[Any, ...]], shape: tuple[type, ...], query: Mapping[str, Any]
) -> tuple[list[Row], str | None]:
    """The same of rows that come in the order of ``key``, whose parts are of the types of ``shape``."""
    behind = opened_cursor(query["cursor"], shape)
    rest = [row for row in rows if behind is None or key(row) > behind]
    found = rest[: query["limit"]]
    return found, cursor_of(*key(found[-1])) if len(rest) > len(found) else None


def page_of_differences(
    rows: Iterable[dict[str, Any]], query: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], str | None]:
    """The same of what two tables disagree in, by unit and place: see ``domain.results``."""
    return page_of_rows(rows, lambda row: (row["unit"], row["place"]), (str, str), query)


def linked(response: Response, cursor: str | None, position: int | None = None) -> Response:
    """Adds ``Link: rel=next`` with the same query and the next cursor, unless there is none.

    Of rows that trade places the next page stands where this one does, at ``position``.
    """
    if cursor is None:
        return response
    held = {} if position is None or "as_of_recorded" in request.args else {"as_of_position": position}
    query = urlencode({**request.args, **held, "cursor": cursor})
    response.headers.add("Link", f'<{iri_to_uri(request.path)}?{query}>; rel="next"')
    return response


def _list() -> str:
    # A key of one list may look like one of another, where it would begin somewhere by chance.
    return sha256(request.path.encode()).hexdigest()[:8]


def _bad() -> Problem:
    return Problem(400, "bad-cursor", "游标无效", "the cursor is not one of ours")

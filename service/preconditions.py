"""Headers that every command may carry: If-Match (the version seen) and Idempotency-Key."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import g, request

from service.problems import Problem

_VERSION = re.compile(r'(?:W/)?"([0-9]{1,9})"|([0-9]{1,9})')
_KEY = re.compile(r"[\x21-\x7e]{1,200}")


def read_headers() -> None:
    """Checks both headers of a command; raises the 400 problem naming the one that cannot be read."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _KEY.fullmatch(key):
        raise Problem(
            400,
            detail_zh="Idempotency-Key 须为1至200个可见ASCII字符",
            detail_en="Idempotency-Key: 1 to 200 visible ASCII characters",
        )
    given = request.headers.get("If-Match")
    g.expected_version = None
    if given is not None:
        shape = _VERSION.fullmatch(given.strip())
        if shape is None:
            raise Problem(400, detail_zh='If-Match 须为版本号，例如 "3"', detail_en='If-Match: one version such as "3"')
        g.expected_version = int(shape[1] or shape[2])


def seen_version_required(view: Callable[..., Any]) -> Callable[..., Any]:
    """For acts that judge what somebody else filed: the caller must say which version he saw (428)."""

    @wraps(view)
    def checked(*args: Any, **options: Any) -> Any:
        if request.headers.get("If-Match") is None:
            raise Problem(428)
        return view(*args, **options)

    checked.__dict__["seen_version_required"] = True  # for the document
    return checked

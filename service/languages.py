"""Which language a caller is answered in: Chinese, unless he prefers English (RFC 9110, 12.5.4)."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request

CHINESE, ENGLISH = "zh", "en"
_ANY = "*"


def chosen() -> str:
    """Gives "zh" or "en": what a page's own switch says, else what Accept-Language prefers, Chinese on a tie."""
    if not request.path.startswith("/api/") and (said := request.args.get("lang")) in {CHINESE, ENGLISH}:
        return str(said)
    wishes: dict[str, float] = {}
    for tag, quality in request.accept_languages:
        primary = tag.partition("-")[0].lower()  # zh-Hant-TW asks for Chinese, as en-GB asks for English
        wishes[primary] = max(quality, wishes.get(primary, 0.0))
    others = wishes.get(_ANY, 0.0)
    return ENGLISH if wishes.get(ENGLISH, others) > wishes.get(CHINESE, others) else CHINESE


def wanted(query: Mapping[str, Any]) -> str:
    """The language that a query names for a file, else the one that its caller prefers."""
    return str(query["language"] or chosen())


def told(response: Response, language: str) -> Response:
    """The response, saying which language it is in and that another caller may get another."""
    response.headers["Content-Language"] = language
    response.vary.add("Accept-Language")
    return response

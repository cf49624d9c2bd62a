"""Pages for people with a browser: templates without a script, in the reader's language, under a strict policy."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Response, render_template, request

from domain.workdays import in_shanghai
from service.languages import CHINESE, chosen, told

# Nothing is loaded but our own style sheet, nothing runs, nobody frames the page, and its forms come back here.
POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
FOR_PROGRAMS = ("/api/", "/log/", "/openapi.json", "/metrics", "/livez", "/readyz")
STEPS = ("/sign-in", "/sign-out")
ROLES = {
    "unit": ("单位", "unit"),
    "reviewer": ("复核人", "reviewer"),
    "approver": ("审批人", "approver"),
    "auditor": ("审计人", "auditor"),
    "administrator": ("管理员", "administrator"),
    "viewer": ("查看人", "viewer"),
}
_PROBLEM = "application/problem+json"


def page(template: str, status: int = 200, **values: Any) -> Response:
    """A template filled in; it says each text by ``t(zh, en)`` and each moment by ``when``."""
    language = chosen()
    switch = _switch if _again() else None
    body = render_template(template, t=_speaker(language), when=shanghai, lang=language, switch=switch, **values)
    response = Response(body, status, mimetype="text/html")
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    return told(response, language)


def wanted() -> bool:
    """Whether the caller prefers a page to a document for programs, where there may be one."""
    if request.path.startswith(FOR_PROGRAMS):
        return False
    return request.accept_mimetypes.best_match([_PROBLEM, "application/json", "text/html"]) == "text/html"


def problem(body: dict[str, Any]) -> Response:
    """A problem as a page."""
    response = page("problem.html", body["status"], problem=body)
    response.headers["Cache-Control"] = "no-store"
    return response


def shanghai(moment: str) -> str:
    """A moment (RFC 3339) as people in Shanghai read it: ``2026-12-01 17:00``."""
    return in_shanghai(datetime.fromisoformat(moment)).strftime("%Y-%m-%d %H:%M")


def _speaker(language: str) -> Callable[[str, str], str]:
    return (lambda zh, _en: zh) if language == CHINESE else (lambda _zh, en: en)


def _again() -> bool:
    """Whether the page may be asked for again: a step of signing in or out is taken once."""
    return request.method in {"GET", "HEAD"} and not request.path.startswith(STEPS)


def _switch(language: str) -> str:
    """The address of the same page in the other language."""
    return f"{request.path}?lang={language}"

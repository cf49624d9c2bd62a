"""The one error table: what was refused -> status, problem type, title in both languages (RFC 9457)."""

from dataclasses import dataclass
from typing import Any

import psycopg
import structlog
from flask import Flask, Response, g, json
from psycopg.errors import IdleInTransactionSessionTimeout as Hung
from sqlalchemy.exc import DBAPIError, TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from domain.refusals import Kind, Refused
from events.canonical import NotCanonical
from events.conflicts import KeyReused, WrongVersion
from events.entry import EntryTooLarge
from events.log.errors import MalformedPolicyError
from service import pages
from service.evidence import Damaged
from service.languages import chosen, told

log = structlog.get_logger()
MEDIA_TYPE = "application/problem+json"

STATUS_OF = {Kind.UNKNOWN: 404, Kind.FORBIDDEN: 403, Kind.INVALID: 422, Kind.RULE: 409}

TITLES = {
    400: ("bad-request", "请求无法读取", "the request cannot be read"),
    401: ("unauthenticated", "需要有效的访问令牌", "a valid bearer token is needed"),
    403: ("not-permitted", "您的角色不允许此操作", "your roles do not permit this"),
    404: ("not-found", "没有这个资源", "there is nothing here"),
    405: ("method-not-allowed", "此处不支持该方法", "this method is not offered here"),
    406: ("not-acceptable", "没有可接受的格式", "no acceptable representation"),
    409: ("conflict", "与当前记录冲突", "the record says no"),
    410: ("erased", "已依法删除", "this was lawfully erased"),
    412: ("stale", "内容已被更新，请重新读取后再试", "it has moved on since you read it: read again, then try again"),
    413: ("too-large", "内容过大", "the content is too large"),
    414: ("uri-too-long", "地址过长", "the address is too long"),
    415: ("unsupported-media-type", "不支持的内容类型", "this media type is not taken here"),
    416: ("range-not-satisfiable", "范围无效", "the range cannot be satisfied"),
    422: ("invalid", "内容不符合要求", "the content does not fit the schema"),
    428: ("precondition-required", "请用 If-Match 给出您看到的版本", "say with If-Match which version you saw"),
    429: ("too-many-requests", "同时传输的内容过多，请稍候再试", "too much on its way for you at once; wait a moment"),
    431: ("headers-too-large", "请求头过大", "the headers are too large"),
    500: ("internal", "内部错误", "an internal error; it was logged"),
    503: ("unavailable", "数据库暂时不可用，请稍后再试", "the database is not reachable just now; try again"),
}

_NO_POLICY = ("policy-unreadable", "本日志的策略文件无法使用", "the policy file of this log cannot be used")
_DAMAGED = ("damaged", "文件已丢失或被改动，已记录", "the file is gone or was altered; this is recorded")

# What a status says beside its document.
_HEADERS = {401: {"WWW-Authenticate": "Bearer"}, 429: {"Retry-After": "5"}, 503: {"Retry-After": "30"}}


@dataclass(eq=False)
class Problem(Exception):
    """A problem to be answered; ``extra`` are further members of the problem document."""

    status: int
    code: str = ""
    zh: str = ""
    en: str = ""
    detail_zh: str = ""
    detail_en: str = ""
    extra: dict[str, Any] | None = None


def answer(problem: Problem) -> Response:
    """The problem as application/problem+json, its title in the language asked for, both in members."""
    code, zh, en = TITLES.get(problem.status, TITLES[500 if problem.status >= 500 else 400])  # noqa: PLR2004 - the class
    code, zh, en = problem.code or code, problem.zh or zh, problem.en or en
    language = chosen()
    chinese = language == "zh"
    body: dict[str, Any] = {
        "type": f"urn:kaohe:problem:{code}",
        "title": zh if chinese else en,
        "status": problem.status,
        "title_zh": zh,
        "title_en": en,
        "request_id": g.get("request_id", ""),
    }
    if problem.detail_zh or problem.detail_en:
        body["detail"] = problem.detail_zh if chinese else problem.detail_en
        body |= {"detail_zh": problem.detail_zh, "detail_en": problem.detail_en}
    body |= problem.extra or {}
    if pages.wanted():
        response = pages.problem(body)
    else:
        response = told(Response(json.dumps(body, ensure_ascii=False), problem.status, mimetype=MEDIA_TYPE), language)
    response.headers.update(_HEADERS.get(problem.status, {}))
    return response


def of_refusal(refused: Refused) -> Problem:
    """The problem of a refused act."""
    reason = refused.reason
    extra: dict[str, Any] = {"place": refused.place} if refused.place else {}
    extra |= {"in_the_way": list(refused.named)} if refused.named else {}
    status = STATUS_OF[reason.kind]
    return Problem(status, refused.code, reason.zh, reason.en, refused.detail_zh, refused.detail_en, extra)


def register(app: Flask) -> None:
    """Makes every error an answer of the table; only the unforeseen are logged with a trace."""
    app.register_error_handler(Problem, answer)
    app.register_error_handler(Refused, lambda refused: answer(of_refusal(refused)))
    app.register_error_handler(WrongVersion, lambda wrong: answer(Problem(412, extra={"version": wrong.actual})))
    app.register_error_handler(
        KeyReused,
        lambda _: answer(
            Problem(422, "key-reused", "该幂等键已用于另一请求", "this Idempotency-Key was used for another request")
        ),
    )
    app.register_error_handler(
        NotCanonical, lambda error: answer(Problem(422, detail_zh=f"无法记录：{error}", detail_en=str(error)))
    )
    app.register_error_handler(
        EntryTooLarge, lambda error: answer(Problem(413, detail_zh=f"无法记录：{error}", detail_en=str(error)))
    )
    app.register_error_handler(MalformedPolicyError, _no_policy)
    app.register_error_handler(Damaged, lambda _: answer(Problem(500, *_DAMAGED)))
    for kind in (DBAPIError, psycopg.OperationalError, psycopg.InterfaceError, Hung, PoolTimeout):
        app.register_error_handler(kind, _database)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unforeseen)


def _no_policy(error: Exception) -> Response:
    log.error("no policy", error=str(error))
    return answer(Problem(503, *_NO_POLICY))


def _http(error: HTTPException) -> Response:
    response = answer(Problem(error.code or 500))
    for name in ("Allow", "Retry-After"):
        for value in dict(error.get_headers()).get(name, "").split("\n"):
            if value:
                response.headers[name] = value
    return response


def _database(error: Exception) -> Response:
    log.error("database error", error=f"{type(error).__name__}: {error}"[:500])
    return answer(Problem(503))


def _unforeseen(error: Exception) -> Response:
    log.error("unforeseen error", error=type(error).__name__, exc_info=error)
    return answer(Problem(500))

"""/openapi.json: what the routes say of themselves, completed by what is the same for all of them.

The library describes errors as plain JSON, forgets exclusive bounds and knows no bearer; here every operation says
its problems (RFC 9457), its headers, its patterns and who may ask it, and a test holds every answer to it.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask_smorest.spec import FlaskPlugin
from werkzeug.routing import Rule

from service.cookies import session_name
from service.files.mediatypes import MEDIA_TYPES
from service.office import Office
from service.problems import MEDIA_TYPE
from service.sniff import ALLOWED
from service.words.spoken import problems, spoken

API = "/api/"
FILES = "evidence.get_evidence"
_COMMAND = ("400", "401", "403", "404", "409", "412", "413", "415", "422", "429", "503")
_READ = ("400", "401", "403", "404", "422", "503")
_SEEN = ("428",)
_ERASABLE = ("410", "429")
_TEXT = {"type": "string"}
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "title_zh", "title_en", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "urn:kaohe:problem:{code}"},
        "title": {"type": "string", "description": "in the language asked for with Accept-Language"},
        "status": {"type": "integer"},
        "title_zh": _TEXT,
        "title_en": _TEXT,
        "detail": _TEXT,
        "detail_zh": _TEXT,
        "detail_en": _TEXT,
        "place": {"type": "string", "description": "the member of the body that was refused"},
        "version": {"type": "integer", "description": "where the stream stands now"},
        "in_the_way": {"type": "array", "items": {"type": "object"}, "description": "each thing that blocks the act"},
        "erasure": {"type": "string", "description": "410: the subject whose erasure took it"},
        "position": {"type": ["integer", "null"], "description": "410: of the erasure's last event, once ordered"},
        "request_id": _TEXT,
        "errors": {
            "type": "array",
            "items": {"type": "object", "properties": {"place": _TEXT, "zh": _TEXT, "en": _TEXT}},
        },
    },
}
_IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
}
_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
}
_ETAG = {"description": "the version of the stream, in quotes", "schema": {"type": "string"}}
_BINARY = {"type": "string", "format": "binary"}
_BODIES = {"application/json": {"type": "object"}, MEDIA_TYPES["cloudevents"]: {"type": "array"}}
_LINK = {"description": 'the next page, rel="next"; absent on the last one', "schema": {"type": "string"}}


def erasable(view: Any) -> Any:
    """Marks a view that answers 410 for what was lawfully erased."""
    view.__dict__["erasable"] = True
    return view


def files(*forms: str) -> Callable[[Any], Any]:
    """Marks a view that answers a file in one of these formats."""

    def marked(view: Any) -> Any:
        view.__dict__["files"] = tuple(MEDIA_TYPES[form] for form in forms)
        return view

    return marked


def schema_name(schema: Any) -> str:
    """A schema's name in the document: its subject and its class, for two subjects may each have a "Summary"."""
    kind = schema if isinstance(schema, type) else type(schema)
    room = kind.__module__.split(".")
    subject = room[2] if room[:2] == ["service", "schemas"] else room[-1]
    return f"{subject}.{kind.__name__}"


def complete(document: dict[str, Any], app: Flask) -> dict[str, Any]:
    """The document with problems, headers and security on every operation of ``app``."""
    components = document.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = _PROBLEM
    components["responses"] = {status: _problem(int(status)) for status in (*_COMMAND, *_SEEN, *_ERASABLE)}
    schemes = components["securitySchemes"] = _schemes(app)
    for rule in app.url_map.iter_rules():
        path = document["paths"].get(FlaskPlugin.flaskpath2openapi(rule.rule), {})
        for method, operation in path.items():
            if method.upper() in (rule.methods or ()):
                _complete(operation, rule, app, [{name: []} for name in schemes])
    spoken(document)
    return document


def _schemes(app: Flask) -> dict[str, Any]:
    """How a caller says who he is: by a token, and where people sign in also by their session's cookie."""
    office: Office = app.extensions["kaohe"]
    schemes: dict[str, Any] = {"bearer": {"type": "http", "scheme": "bearer"}}
    if (provider := office.settings.admission.provider) is not None:
        schemes["session"] = {
            "type": "apiKey",
            "in": "cookie",
            "name": session_name(provider),
            "description": f"自 {provider.public_url}/sign-in 开始；写入须来自本站页面（Origin）"
            f" / begins at {provider.public_url}/sign-in; what writes comes from our own page (Origin)",
        }
    return schemes


def _complete(operation: dict[str, Any], rule: Rule, app: Flask, security: list[dict[str, Any]]) -> None:
    view = app.view_functions[rule.endpoint]
    operation["operationId"] = rule.endpoint
    posted, private = "POST" in (rule.methods or ()), rule.rule.startswith(API)
    answers = {code: said for code, said in operation["responses"].items() if code.startswith("2")}
    command = posted and "201" in answers  # what is only posted to be looked at records nothing
    for answer in answers.values():
        answer.setdefault("headers", {})["X-Request-Id"] = {"schema": _TEXT}
    parameters = operation.setdefault("parameters", [])
    if private:
        operation["security"] = security
        seen = getattr(view, "seen_version_required", False)
        always, more = (_COMMAND, _SEEN * seen) if posted else (_READ, _ERASABLE * getattr(view, "erasable", False))
        operation["responses"] = answers | {code: {"$ref": f"#/components/responses/{code}"} for code in always + more}
    if private and command:
        parameters += [_IF_MATCH | {"required": seen}, _KEY]
        answers["201"]["headers"]["ETag"] = _ETAG
    kinds = ALLOWED if rule.endpoint == FILES else getattr(view, "files", ())
    if kinds:
        answers["200"]["content"] = {kind: {"schema": _BODIES.get(kind, _BINARY)} for kind in kinds}
    if any(each.get("name") == "cursor" for each in parameters):
        answers["200"]["headers"]["Link"] = _LINK


def _problem(status: int) -> dict[str, Any]:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": problems(status), "content": content}

"""The Flask factory: wiring, and nothing else."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask, Response
from flask_smorest import Api

from service import auth, logs, openapi, problems
from service.arriving import Door
from service.office import Office
from service.paths import CONVERTERS
from service.reading import Request
from service.subjects import BLUEPRINTS
from workers.settings import Settings

BODY_LIMIT = 1 << 20
TEMPLATES = Path(__file__).parent / "templates"


class Kaohe(Flask):
    """Flask for views that are plain functions, all of ours."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is: Flask would look whether it is a coroutine, ten times a request."""
        return func


class ProblemApi(Api):  # type: ignore[misc]
    """OpenAPI from the blueprints; errors are answered by ``problems``, not by the library."""

    def _openapi_json(self) -> Response:
        """The document, made once: the routes of a running app do not change."""
        if self._document is None:
            self._document = msgspec.json.encode(openapi.complete(self.spec.to_dict(), self._app))
        return Response(self._document, mimetype="application/json")

    _document: bytes | None = None

    def _register_error_handlers(self) -> None:
        """Leaves every error to the one error table."""


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI app; connects to nothing before the first request."""
    settings = settings or Settings.from_environment()
    app = Kaohe("kaohe", static_folder=None, template_folder=str(TEMPLATES))
    app.request_class = Request
    app.url_map.converters |= CONVERTERS
    app.url_map.strict_slashes = False
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.config.update(_configured(settings))
    app.extensions["kaohe"] = office = Office(settings)
    office.mailing  # noqa: B018 - a setting that cannot be used is said now, not to somebody's request
    logs.register(app)
    problems.register(app)
    auth.register(app)
    api = ProblemApi(app, spec_kwargs={"marshmallow_plugin": MarshmallowPlugin(openapi.schema_name)})
    for converter in CONVERTERS.values():
        api.register_converter(converter, lambda one: {"type": "string", "pattern": f"^{one.regex}$"})
    for blueprint in BLUEPRINTS:
        _add(api, blueprint)
    app.wsgi_app = app.extensions["door"] = Door(app.wsgi_app)  # type: ignore[method-assign]
    return app


def _configured(settings: Settings) -> dict[str, Any]:
    return {
        "API_TITLE": "Kaohe 考核",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": "/",
        "OPENAPI_JSON_PATH": "openapi.json",
        # The largest body that is not a file; an upload has the evidence limit and some room for its form.
        "MAX_CONTENT_LENGTH": settings.max_upload + BODY_LIMIT,
        # Above the 64 KiB that werkzeug reads at a time, or every larger file would be refused as a text too long.
        "MAX_FORM_MEMORY_SIZE": 256 * 1024,
        "MAX_FORM_PARTS": 10,
    }


def _add(api: Api, blueprint: Any) -> None:
    if hasattr(blueprint, "arguments"):
        api.register_blueprint(blueprint)
    else:
        api._app.register_blueprint(blueprint)  # noqa: SLF001 - the app it was made with

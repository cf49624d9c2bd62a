"""How requests are read: bodies strictly, queries without strangers, every error with its place."""

from collections.abc import Callable
from functools import wraps
from typing import IO, Any, NoReturn

import flask
import flask_smorest
from flask import request
from marshmallow import RAISE, Schema, ValidationError
from marshmallow.fields import List
from webargs import core
from webargs.flaskparser import FlaskParser, is_json_request
from werkzeug.datastructures import MultiDict

from service.json_bodies import read_json
from service.logs import BODY_LIMIT
from service.problems import Problem
from service.schemas.messages import complaints


class Request(flask.Request):
    """A request that closes what it received, also the half of a file whose other half was too much."""

    def _get_file_stream(self, *sizes: Any, **names: Any) -> IO[bytes]:
        stream = super()._get_file_stream(*sizes, **names)
        self.__dict__.setdefault("arrived", []).append(stream)
        return stream

    def close(self) -> None:
        """Gives temporary files back to the disk."""
        super().close()
        for stream in self.__dict__.get("arrived", ()):
            stream.close()


class StrictParser(FlaskParser):
    """Reads arguments by schema; a schema is made once, and no query costs next to nothing."""

    DEFAULT_UNKNOWN_BY_LOCATION = FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION | {
        # A misspelt filter that is ignored would answer another question than was asked.
        "query": RAISE,
        "files": RAISE,
    }

    def __init__(self) -> None:
        super().__init__()
        self._schemas: dict[Any, Schema] = {}
        self._defaults: dict[Any, dict[str, Any]] = {}

    def parse(self, argmap: Any, req: Any = None, *, location: str | None = None, **options: Any) -> Any:
        """The arguments of a request; the defaults when there is no query at all."""
        if location != "query" or request.query_string:
            return super().parse(argmap, req, location=location, **options)
        if argmap not in self._defaults:
            self._defaults[argmap] = super().parse(argmap, req, location=location, **options)
        return dict(self._defaults[argmap])

    def _get_schema(self, argmap: Any, req: Any) -> Schema:
        if argmap not in self._schemas:
            self._schemas[argmap] = super()._get_schema(argmap, req)
        return self._schemas[argmap]

    def _raw_load_json(self, req: flask.Request) -> Any:
        if not is_json_request(req):
            if req.mimetype or req.get_data():
                raise Problem(415)
            return core.missing
        body = req.get_data()
        if req.content_length is None and len(body) >= BODY_LIMIT:
            raise Problem(413)  # sent in chunks, and cut off where it became too much
        return read_json(body)

    def load_files(self, req: flask.Request, schema: Schema) -> Any:
        """The texts and the files of a multipart body; its files are on disk by then, never in memory as a whole."""
        if req.mimetype != "multipart/form-data":
            raise Problem(415)
        fields = _each_once(MultiDict([*req.form.items(multi=True), *req.files.items(multi=True)]))
        return self._makeproxy(fields, schema)

    def load_querystring(self, req: flask.Request, schema: Schema) -> Any:
        """The parameters of a query, each of them once but for those that are lists."""
        lists = {name for name, field in schema.load_fields.items() if isinstance(field, List)}
        _each_once(MultiDict(item for item in req.args.items(multi=True) if item[0] not in lists))
        return self._makeproxy(req.args, schema)

    def handle_error(self, error: ValidationError, *_: Any, **__: Any) -> NoReturn:
        """The 422 problem, naming every place in both languages."""
        raise Problem(422, extra={"errors": complaints(error.messages)})


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]
    """A resource's routes, read by the strict parser."""

    ARGUMENTS_PARSER = StrictParser()

    def add_url_rule(
        self, rule: str, endpoint: str | None = None, view_func: Callable[..., Any] | None = None, **options: Any
    ) -> None:
        """Adds a route; one that takes no query refuses any, as the others refuse what they do not know."""
        if view_func is not None and "query" not in _locations(view_func):
            view_func = _unasked(view_func)
        super().add_url_rule(rule, endpoint, view_func, **options)


def _locations(view: Callable[..., Any]) -> set[str]:
    """Where a view reads arguments from."""
    arguments = getattr(view, "_apidoc", {}).get("arguments", {})
    return {each["in"] for each in arguments.get("parameters", ())}


def _unasked(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def checked(*args: Any, **options: Any) -> Any:
        if request.args:
            strange = {name: ["Unknown field."] for name in request.args}
            raise Problem(422, extra={"errors": complaints({"query": strange})})
        return view(*args, **options)

    return checked


def _each_once(fields: MultiDict[str, Any]) -> MultiDict[str, Any]:
    # The first of two would be taken and the second silently dropped: a file, or half of a question.
    doubled = [name for name, values in fields.lists() if len(values) > 1]
    if doubled:
        raise ValidationError({name: ["给出了不止一次 / Given more than once."] for name in doubled})
    return fields

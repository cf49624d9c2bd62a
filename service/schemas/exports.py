"""What exports take, and how those that were made are shown."""

from marshmallow import Schema, fields, validate

from service.queries.exports import MOST
from service.schemas.audit import Feed
from service.schemas.fields import Id, Language, Part
from service.schemas.moments import AsOf

TABLE = "which table a CSV is of; the first one unless said"


class BookQuestion(AsOf):
    """A format, a language, and for a CSV the table."""

    language = Language()
    format = fields.String(load_default="xlsx", validate=validate.OneOf(("xlsx", "csv", "json")))
    table = Part(load_default=None, metadata={"description": TABLE})


class QueueQuestion(Schema):
    """A format, a language, and which part of the review queue."""

    language = Language()
    format = fields.String(load_default="xlsx", validate=validate.OneOf(("xlsx", "csv", "json")))
    department = Part(load_default=None)
    unit = Part(load_default=None)


class FeedQuestion(Feed):
    """A format, a range of positions and filters."""

    format = fields.String(load_default="jsonl", validate=validate.OneOf(("csv", "jsonl", "cloudevents")))
    limit = fields.Integer(load_default=1_000, validate=validate.Range(min=1, max=MOST))


class ExportShown(Schema):
    """An export that was made: of what, as which bytes, by whom."""

    export = Id()
    what = fields.String()
    format = fields.String()
    digest = fields.String(metadata={"description": "SHA-256 of the bytes given, hexadecimal"})
    size = fields.Integer()
    rows = fields.Integer()
    position = fields.Integer()
    scope = fields.Dict(values=fields.String())
    manifest = fields.String(metadata={"description": "SHA-256 of the manifest"})
    by = fields.String()
    role = fields.String()
    recorded_at = fields.String()


class ExportWithManifest(ExportShown):
    """The same, with the manifest: what is in it, what was left out, and why."""

    left_out = fields.Dict(allow_none=True)


class Exports(Schema):
    """Exports in the order in which they were made."""

    exports = fields.List(fields.Nested(ExportShown))

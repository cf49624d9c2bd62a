"""Forms and answers about imports."""

from marshmallow import Schema, fields, validate

from domain.imports import CHANGES, KINDS
from service.schemas.fields import Digest, File, Id, Language, Slug, Text
from service.schemas.sheets.acts import Holding


class TableFile(Schema):
    """An XLSX or CSV file, to see what it would change."""

    file = File(required=True)


class ConfirmedFile(Schema):
    """The same file again, with the digest of the difference that is confirmed and why it is imported."""

    file = File(required=True)
    difference = Digest(required=True)
    reason = Text(required=True, most=2000)


class FiguresFile(TableFile, Holding):
    """A file of figures, and when they became true."""


class ConfirmedFigures(ConfirmedFile, Holding):
    """The same file again with the digest of the difference that is confirmed, and when its figures became true."""


class RowFlaw(Schema):
    """Why a row is refused."""

    row = fields.Integer()
    column = fields.String()
    code = fields.String()
    zh = fields.String()
    en = fields.String()


class RowChange(Schema):
    """What the rows of one business key would change."""

    key = fields.String(metadata={"description": "the unit of a roster; unit and leaf of figures"})
    rows = fields.List(fields.Integer())
    change = fields.String(validate=validate.OneOf(CHANGES))
    before = fields.Dict(values=fields.String())
    after = fields.Dict(values=fields.String())
    refused = fields.List(fields.Nested(RowFlaw))


class Difference(Schema):
    """What a file would change as the record stands; nothing of it is recorded."""

    kind = fields.String(validate=validate.OneOf(KINDS))
    file = fields.String(metadata={"description": "SHA-256 of the file's bytes, hexadecimal"})
    format = fields.String()
    difference = fields.String(metadata={"description": "names exactly this difference, to confirm it by"})
    importable = fields.Boolean()
    counts = fields.Dict(values=fields.Integer())
    versions = fields.Dict(values=fields.Integer(), metadata={"description": "of the streams it was compared with"})
    changes = fields.List(fields.Nested(RowChange))


class ImportShown(Schema):
    """An import, and whether it was taken back."""

    import_id = Id()
    kind = fields.String()
    file = fields.String()
    format = fields.String()
    difference = fields.String()
    rows = fields.Integer()
    new = fields.Integer()
    changed = fields.Integer()
    unchanged = fields.Integer()
    blank = fields.Integer()
    reason = fields.String()
    by = fields.String()
    kept = fields.Boolean(metadata={"description": "whether the file can be had"})
    effective = fields.String(
        allow_none=True, metadata={"description": "since when the figures are so, if it was said"}
    )
    recorded_at = fields.String()
    units = fields.List(fields.String())
    reversed_by = fields.String(allow_none=True)
    reversal_reason = fields.String(allow_none=True)


class Imports(Schema):
    """The imports of a cycle, oldest first."""

    imports = fields.List(fields.Nested(ImportShown))


class TemplateQuestion(Schema):
    """A template's format and language; what is filled in is read in either."""

    language = Language()
    format = fields.String(load_default="xlsx", validate=validate.OneOf(("xlsx", "csv")))


class UnitTemplateQuestion(TemplateQuestion):
    """The unit whose figures are asked for."""

    unit = Slug(required=True)

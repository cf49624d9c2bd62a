"""Bodies and answers about double marking."""

from typing import Any

from marshmallow import Schema, fields, validate

from domain.marking import ALL
from service.schemas.fields import Points, Slug, Text


class Percent(fields.Integer):
    """A whole number of percent."""

    def __init__(self, **options: Any) -> None:
        super().__init__(strict=True, validate=validate.Range(min=0, max=ALL), **options)


class MarkingBody(Schema):
    """How many percent of the judged leaves are judged twice, with other percentages by department, and the limit."""

    percent = Percent(required=True)
    departments = fields.Dict(keys=Slug(), values=Percent(), load_default=dict, validate=validate.Length(max=40))
    limit = Points(required=True)
    reason = Text(required=True, most=2000)


class MarkingShown(Schema):
    """A rule of double marking."""

    marking = fields.String()
    percent = fields.Integer()
    departments = fields.Dict(values=fields.Integer())
    limit = fields.String(metadata={"description": "a difference above it goes to moderation"})
    reason = fields.String()
    proposed_by = fields.String()
    in_force = fields.Boolean()
    commitment = fields.String(allow_none=True, metadata={"description": "to the seed; null until it is set"})
    seed = fields.String(allow_none=True, metadata={"description": "null while it draws"})


class Markings(Schema):
    """The rules of a cycle, oldest first."""

    rules = fields.List(fields.Nested(MarkingShown))

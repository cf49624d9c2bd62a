"""Bodies and answers about targets of task leaves."""

from marshmallow import Schema, fields, validate

from domain.figures import LARGEST
from service.schemas.fields import Slug, Text
from service.schemas.moments import AsOf, AsOfShown
from service.schemas.pages import Page
from service.schemas.sheets.acts import Holding, Leaf


class TargetQuestion(Schema):
    """A target that might be issued."""

    unit = Slug(required=True)
    leaf = Leaf(required=True)
    target = fields.Integer(required=True, validate=validate.Range(min=1, max=LARGEST))


class Target(Holding):
    """A target to issue or revise."""

    unit = Slug(required=True)
    leaf = Leaf(required=True)
    target = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=LARGEST))
    reason = Text(required=True, most=2000)


class WhichTargets(AsOf, Page):
    """A page of the targets in force, now or as of a moment."""


class Issued(Schema):
    """A target as somebody issued it."""

    target = fields.Integer()
    reason = fields.String()
    by = fields.String(metadata={"description": "the person who issued it, or confirmed it as the second of two"})
    role = fields.String(metadata={"description": "under which role, and in which scope"})
    scope = fields.String()
    at = fields.String(metadata={"description": "when it was recorded"})
    effective = fields.String(metadata={"description": "from when on it holds"})
    event = fields.String(metadata={"description": "the id of the event"})
    position = fields.Integer(allow_none=True, metadata={"description": "null until the event is ordered"})


class IssuedInCycle(Issued):
    """The same where a change may stand behind it."""

    change = fields.String(
        allow_none=True, metadata={"description": "the change that two people decided; null: issued by one"}
    )


class IssuedShown(Issued):
    """A target in force on a sheet, and those before it, oldest first."""

    before = fields.List(fields.Nested(Issued))


class TargetShown(IssuedInCycle):
    """A target in force and those before it, oldest first."""

    unit = fields.String()
    leaf = fields.String()
    before = fields.List(fields.Nested(IssuedInCycle))


class Targets(Schema):
    """The targets in force, by unit and leaf."""

    as_of = fields.Nested(AsOfShown)
    targets = fields.List(fields.Nested(TargetShown))


class TargetEffect(Schema):
    """What a target would change; leaves and ranks that stay are left out."""

    position = fields.Integer()
    leaves = fields.Dict()
    total = fields.Dict()
    ranks = fields.Dict()

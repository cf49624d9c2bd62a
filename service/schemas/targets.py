"""Bodies and answers about targets of task leaves."""

from marshmallow import Schema, fields, validate

from domain.figures import LARGEST
from service.schemas.fields import Slug, Text
from service.schemas.sheets import Holding, Leaf


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


class TargetBefore(Schema):
    """A target that was in force before."""

    target = fields.Integer()
    reason = fields.String()


class TargetShown(Schema):
    """A target in force and those before it."""

    unit = fields.String()
    leaf = fields.String()
    target = fields.Integer()
    reason = fields.String()
    before = fields.List(fields.Nested(TargetBefore))


class Targets(Schema):
    """The targets in force."""

    targets = fields.List(fields.Nested(TargetShown))


class TargetEffect(Schema):
    """What a target would change; leaves and ranks that stay are left out."""

    position = fields.Integer()
    leaves = fields.Dict()
    total = fields.Dict()
    ranks = fields.Dict()

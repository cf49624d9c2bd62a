"""What score reads take and answer."""

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from service.schemas.fields import Moment, Part, Position


class AsOf(Schema):
    """When: at a position of the record, or as it was then known at a recorded time; neither is now."""

    as_of_position = Position(load_default=None)
    as_of_recorded = Moment(load_default=None)

    @validates_schema
    def one_at_most(self, data: dict[str, object], **_: object) -> None:
        """A moment is given in one way."""
        if data.get("as_of_position") is not None and data.get("as_of_recorded") is not None:
            raise ValidationError("as_of_position 与 as_of_recorded 只能给一个 / give one of the two", "as_of_recorded")


class Timeline(Schema):
    """A page of a score timeline."""

    item = Part(load_default=None)
    leaf = Part(load_default=None)
    after = Position(load_default=0)
    limit = fields.Integer(load_default=100, validate=validate.Range(min=1, max=200))


class Queue(Schema):
    """Which part of the review queue."""

    department = Part(load_default=None)
    unit = Part(load_default=None)
    cursor = fields.String(load_default=None, validate=validate.Length(max=400))
    limit = fields.Integer(load_default=100, validate=validate.Range(min=1, max=200))


class Columns(Schema):
    """The three columns, points as text."""

    claimed = fields.String()
    verified = fields.String()
    final = fields.String()


class UnitScores(Schema):
    """One unit's scores."""

    cycle = fields.String()
    unit = fields.String()
    cohort = fields.String()
    rank = fields.Integer(metadata={"description": "inside the cohort, ties share: 1-2-2-4"})
    position = fields.Integer(metadata={"description": "the position of the record these scores stand at"})
    lag = fields.Integer(metadata={"description": "positions that are ordered but not yet in these scores"})
    base = fields.Nested(Columns)
    bonus = fields.Nested(Columns)
    total = fields.Nested(Columns)
    groups = fields.Dict(values=fields.Nested(Columns))
    items = fields.Dict(values=fields.Nested(Columns))
    leaves = fields.Dict()


class BoardRow(Schema):
    """One row of the score board."""

    unit = fields.String()
    name_zh = fields.String()
    name_en = fields.String()
    cohort = fields.String()
    rank = fields.Integer()
    claimed = fields.String()
    verified = fields.String()
    base = fields.String()
    bonus = fields.String()
    total = fields.String()


class Board(Schema):
    """The score board of a cycle, by cohort and rank."""

    cycle = fields.String()
    position = fields.Integer()
    lag = fields.Integer()
    units = fields.List(fields.Nested(BoardRow))


class DepartmentRow(Schema):
    """A department's standing: points won of points possible over the leaves it answers for."""

    department = fields.String()
    name_zh = fields.String()
    name_en = fields.String()
    won = fields.String()
    possible = fields.String()
    bonus = fields.String()
    rank = fields.Integer()


class Departments(Schema):
    """All departments."""

    cycle = fields.String()
    position = fields.Integer()
    lag = fields.Integer()
    departments = fields.List(fields.Nested(DepartmentRow))


class Steps(Schema):
    """Changes of a unit's leaves, oldest first."""

    cycle = fields.String()
    unit = fields.String()
    position = fields.Integer()
    lag = fields.Integer()
    steps = fields.List(fields.Dict())


class QueueRows(Schema):
    """What waits for review."""

    cycle = fields.String()
    position = fields.Integer()
    lag = fields.Integer()
    waiting = fields.List(fields.Dict())

"""Where units and departments stand: three columns, board, ranks."""

from marshmallow import Schema, fields

from service.schemas.moments import AsOf, AsOfShown
from service.schemas.pages import Page


class Columns(Schema):
    """The three columns, points as text."""

    claimed = fields.String()
    verified = fields.String()
    final = fields.String()


class LeafColumns(Columns):
    """A leaf's columns, its bound, and how far it is."""

    maximum = fields.String(allow_none=True, metadata={"description": "null: a bonus without a cap"})
    status = fields.String()


class UnitScores(Schema):
    """One unit's scores."""

    cycle = fields.String()
    unit = fields.String()
    cohort = fields.String()
    rank = fields.Integer(metadata={"description": "inside the cohort, ties share: 1-2-2-4"})
    position = fields.Integer(metadata={"description": "the position of the record these scores stand at"})
    lag = fields.Integer(metadata={"description": "positions that are ordered but not yet in these scores"})
    as_of = fields.Nested(AsOfShown)
    base = fields.Nested(Columns)
    bonus = fields.Nested(Columns)
    total = fields.Nested(Columns)
    groups = fields.Dict(values=fields.Nested(Columns))
    items = fields.Dict(values=fields.Nested(Columns))
    leaves = fields.Dict(values=fields.Nested(LeafColumns))


class WhichBoard(AsOf, Page):
    """A page of the score board, now or as of a moment."""


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
    as_of = fields.Nested(AsOfShown)
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
    as_of = fields.Nested(AsOfShown)
    departments = fields.List(fields.Nested(DepartmentRow))

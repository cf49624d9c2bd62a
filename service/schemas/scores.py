"""What score reads take and answer."""

from marshmallow import Schema, fields, validate

from service.schemas.fields import Part, Position
from service.schemas.moments import AsOf, AsOfShown
from service.schemas.pages import Page


class Timeline(AsOf):
    """A page of a score timeline, up to a moment."""

    item = Part(load_default=None)
    leaf = Part(load_default=None)
    after = Position(load_default=0, metadata={"description": "steps behind this position; a cursor goes before it"})
    cursor = fields.String(load_default=None, validate=validate.Length(max=400))
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


class EventShown(Schema):
    """The event behind moved points; who acted and why is null for who may not read the sheet."""

    position = fields.Integer()
    event = fields.String()
    type = fields.String()
    cause = fields.String(metadata={"description": "submission, correction, judgement, adjustment, target, engine …"})
    gone = fields.Boolean(
        metadata={"description": "the event stands at the first of two moments and not at the second"}
    )
    recorded = fields.String()
    effective = fields.String(metadata={"description": "from when it holds"})
    actor = fields.String(allow_none=True)
    role = fields.String(allow_none=True)
    scope = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)
    item = fields.String()


class OtherShown(Schema):
    """The event of another unit that moved this one's rank."""

    unit = fields.String()
    item = fields.String()
    event = fields.String()
    type = fields.String()
    cause = fields.String()
    recorded = fields.String()
    effective = fields.String()


class StepShown(Schema):
    """One leaf whose points moved: its columns, what moved, and item, unit and rank after it.

    Or a rank that others moved (``cause`` "other-unit", or "rubric"): then only position, cause, total and rank are
    said, and ``other`` to who may see that unit.
    """

    position = fields.Integer()
    event = fields.String(allow_none=True)
    type = fields.String(allow_none=True)
    cause = fields.String()
    gone = fields.Boolean(allow_none=True)
    recorded = fields.String(allow_none=True)
    effective = fields.String(allow_none=True)
    actor = fields.String(allow_none=True)
    role = fields.String(allow_none=True)
    scope = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)
    item = fields.String(allow_none=True)
    leaf = fields.String(allow_none=True)
    claimed = fields.String(allow_none=True)
    verified = fields.String(allow_none=True)
    final = fields.String(allow_none=True)
    moved = fields.Nested(Columns, allow_none=True)
    item_total = fields.Nested(Columns, allow_none=True)
    total = fields.Nested(Columns)
    rank = fields.Integer(allow_none=True)
    other = fields.Nested(OtherShown, allow_none=True)


class Steps(Schema):
    """Changes of a unit's leaves, oldest first."""

    cycle = fields.String()
    unit = fields.String()
    position = fields.Integer()
    lag = fields.Integer()
    as_of = fields.Nested(AsOfShown)
    steps = fields.List(fields.Nested(StepShown))


class Waiting(Schema):
    """What waits for a department, since its position."""

    position = fields.Integer()
    unit = fields.String()
    item = fields.String()
    leaf = fields.String()
    department = fields.String()
    kind = fields.String(metadata={"description": "figures, evidence, claim, adjustment, bonus, appeal …"})
    subject = fields.String(metadata={"description": "the leaf of figures, else the id of what waits"})
    used_again = fields.Boolean(metadata={"description": "a file known from elsewhere, too"})


class QueueRows(Schema):
    """What waits for review."""

    cycle = fields.String()
    position = fields.Integer()
    lag = fields.Integer()
    waiting = fields.List(fields.Nested(Waiting))

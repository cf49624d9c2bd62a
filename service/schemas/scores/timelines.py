"""A unit's points over time: each step that moved them, by which event."""

from marshmallow import Schema, fields, validate

from service.schemas.fields import Part, Position
from service.schemas.moments import AsOf, AsOfShown
from service.schemas.scores.standings import Columns


class Timeline(AsOf):
    """A page of a score timeline, up to a moment."""

    item = Part(load_default=None)
    leaf = Part(load_default=None)
    after = Position(load_default=0, metadata={"description": "steps behind this position; a cursor goes before it"})
    cursor = fields.String(load_default=None, validate=validate.Length(max=400))
    limit = fields.Integer(load_default=100, validate=validate.Range(min=1, max=200))


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

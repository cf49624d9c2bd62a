"""What the difference between two moments takes and answers."""

from marshmallow import Schema, fields, validate

from service.schemas.fields import Part
from service.schemas.moments import AsOfShown, Between
from service.schemas.scores.standings import Columns
from service.schemas.scores.timelines import EventShown


class Difference(Between):
    """Between which moments, of which unit, item or leaf, and which page."""

    unit = Part(load_default=None)
    item = Part(load_default=None)
    leaf = Part(load_default=None)
    cursor = fields.String(load_default=None, validate=validate.Length(max=400))
    limit = fields.Integer(load_default=100, validate=validate.Range(min=1, max=200))


class Side(AsOfShown):
    """One of the two moments."""

    publication = fields.Integer(allow_none=True)


class Change(Schema):
    """Points before and after, and what moved."""

    before = fields.String(allow_none=True)
    after = fields.String(allow_none=True)
    moved = fields.String()


class Cause(Columns):
    """One cause: how many events, and the points they moved in the three columns and in the totals as they count."""

    cause = fields.String()
    events = fields.Integer()
    total = fields.String(metadata={"description": "0.00 where only an item or a leaf is looked at"})


class UnitMoved(Schema):
    """A unit whose total or rank moved; null where it was not enrolled."""

    unit = fields.String()
    cohort = fields.String()
    total = fields.Nested(Change)
    rank_before = fields.Integer(allow_none=True)
    rank_after = fields.Integer(allow_none=True)


class LeafMoved(Schema):
    """A leaf that an event moved."""

    leaf = fields.String()
    claimed = fields.Nested(Change)
    verified = fields.Nested(Change)
    final = fields.Nested(Change)


class EventMoved(EventShown):
    """One event, the leaves it moved, and the unit's total around it."""

    unit = fields.String()
    leaves = fields.List(fields.Nested(LeafMoved))
    total = fields.Nested(Change)


class Differences(Schema):
    """What moved between two moments, and why: the causes add up exactly to the sums."""

    cycle = fields.String()
    before = fields.Nested(Side)
    after = fields.Nested(Side)
    sums = fields.Dict(values=fields.Nested(Change), metadata={"description": "claimed, verified, final and total"})
    causes = fields.List(fields.Nested(Cause))
    units = fields.List(fields.Nested(UnitMoved))
    events = fields.List(fields.Nested(EventMoved), metadata={"description": "a page: Link rel=next has the rest"})


class Because(Columns):
    """One event's part in what a leaf moved."""

    cause = fields.String()
    position = fields.Integer(allow_none=True)
    event = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)


class LeafDifference(LeafMoved):
    """A leaf whose points moved, with each event's part; the parts add up exactly."""

    unit = fields.String()
    item = fields.String()
    because = fields.List(fields.Nested(Because))


class LeafDifferences(Schema):
    """Every leaf that moved, by unit and leaf, and why."""

    cycle = fields.String()
    before = fields.Nested(Side)
    after = fields.Nested(Side)
    leaves = fields.List(fields.Nested(LeafDifference), metadata={"description": "a page: Link rel=next has the rest"})

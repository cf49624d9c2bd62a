"""What the report on deadlines answers: for each unit those that held, and what was done or refused beyond them."""

from marshmallow import Schema, fields

from domain.punctuality import LATE


class DeadlineMoved(Schema):
    """A last moment that was moved; ``before`` is null where there was none."""

    position = fields.Integer()
    recorded = fields.String()
    actor = fields.String()
    phase = fields.String()
    before = fields.String(allow_none=True)
    after = fields.String()
    reason = fields.String()


class MoreTime(Schema):
    """More time that two people gave a unit."""

    extension = fields.String()
    unit = fields.String()
    phase = fields.String()
    moment = fields.String()
    reason = fields.String()
    proposed_by = fields.String()


class BeyondCalendar(Schema):
    """An act that the calendar alone would not have allowed."""

    position = fields.Integer()
    recorded = fields.String()
    actor = fields.String()
    act = fields.String()


class LateRefused(BeyondCalendar):
    """An act that was refused because the time was over."""

    code = fields.String(metadata={"enum": sorted(LATE)})


class DeadlinesOfUnit(Schema):
    """What held for one unit, and what it did or tried beyond it."""

    unit = fields.String()
    deadlines = fields.Dict(values=fields.String(), metadata={"description": "the last moment of each phase"})
    extensions = fields.List(fields.Nested(MoreTime))
    late_refused = fields.List(fields.Nested(LateRefused))
    beyond_calendar = fields.List(fields.Nested(BeyondCalendar))


class PhaseEnded(Schema):
    """A phase that somebody ended; ``early``: before its last moment, for all units alike."""

    position = fields.Integer()
    recorded = fields.String()
    actor = fields.String()
    phase = fields.String()
    after = fields.String()
    last = fields.String(allow_none=True, metadata={"description": "its last moment as it then stood"})
    early = fields.Boolean()
    moved = fields.Integer(
        allow_none=True,
        metadata={"description": "where the public notice began: units whose results were no longer those laid open"},
    )
    reason = fields.String()


class DeadlinesReport(Schema):
    """Deadlines by unit, with extensions, refusals, and acts the calendar alone would not have allowed."""

    cycle = fields.String()
    position = fields.Integer()
    unreadable = fields.Integer()
    calendar = fields.Dict(values=fields.String())
    moved = fields.List(
        fields.Nested(DeadlineMoved), metadata={"description": "deadlines moved for all units, with the reason"}
    )
    ended = fields.List(fields.Nested(PhaseEnded), metadata={"description": "every phase that was ended, oldest first"})
    alike = fields.Boolean(metadata={"description": "no unit had a deadline of its own"})
    units = fields.List(fields.Nested(DeadlinesOfUnit))

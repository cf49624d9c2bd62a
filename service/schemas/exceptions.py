"""Bodies and answers about extensions and reopenings."""

from marshmallow import Schema, fields, validate

from domain.exceptions import REOPENED
from domain.phases import TIMED
from domain.workdays import MOST
from service.schemas.fields import Id, Moment, Slug, Text


class ExtensionBody(Schema):
    """More time for one unit in one phase."""

    unit = Slug(required=True)
    phase = fields.String(required=True, validate=validate.OneOf(TIMED))
    moment = Moment(required=True)
    reason = Text(required=True, most=2000)


class ExtensionShown(Schema):
    """An extension and whether it counts."""

    extension = fields.String()
    unit = fields.String()
    phase = fields.String()
    moment = fields.String()
    reason = fields.String()
    proposed_by = fields.String()
    granted = fields.Boolean()


class Extensions(Schema):
    """The extensions of a cycle, oldest first."""

    extensions = fields.List(fields.Nested(ExtensionShown))


class ReopeningBody(Schema):
    """New last moments of the phases from the review on, and why final results are opened again."""

    calendar = fields.Dict(
        keys=fields.String(validate=validate.OneOf(REOPENED)),
        values=Moment(),
        required=True,
    )
    reason = Text(required=True, most=2000)


class ReopeningShown(Schema):
    """A reopening that waits for a second person; ``version`` is the cycle's."""

    reopening = fields.String()
    calendar = fields.Dict(keys=fields.String(), values=fields.String())
    reason = fields.String()
    proposed_by = fields.String()
    version = fields.Integer()


class ReopeningConfirmation(Schema):
    """Which proposal is confirmed, and why."""

    reopening = Id(required=True)
    reason = Text(required=True, most=2000)


class DayQuestion(Schema):
    """So many working days after a moment."""

    after = Moment(required=True)
    days = fields.Integer(required=True, validate=validate.Range(min=1, max=MOST))


class Day(Schema):
    """A working day, with its last moment in UTC and in Shanghai, and where its year was announced."""

    day = fields.String()
    last_moment = fields.String()
    shanghai = fields.String()
    source = fields.String()


class WaiverBody(Schema):
    """Whose declared conflict is waived for which unit, and in which department he alone reviews."""

    person = Id(required=True)
    unit = Slug(required=True)
    department = Slug(required=True)
    reason = Text(required=True, most=2000)


class WaiverShown(Schema):
    """A conflict that was waived for one unit and department; it lets nobody act once another reviewer could."""

    person = fields.String(metadata={"description": "who was let act"})
    unit = fields.String()
    department = fields.String()
    reason = fields.String()
    signed_by = fields.String()
    role = fields.String()
    scope = fields.String()
    at = fields.String()
    event = fields.String()
    position = fields.Integer(allow_none=True, metadata={"description": "null until the event is ordered"})


class Waivers(Schema):
    """The waivers of a cycle, oldest first."""

    waivers = fields.List(fields.Nested(WaiverShown))

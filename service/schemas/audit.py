"""What the record's readers ask and are answered."""

from marshmallow import Schema, fields, validate

from service.schemas.fields import Moment, Part, Pattern, Position

LIMIT = 200


class Feed(Schema):
    """Which events; every filter narrows. ``stream`` is a whole name, or the beginning of names when it ends in "/".

    ``cycle``, ``unit`` and ``item``: of what an event is about; refused acts and looks at files there are among them.
    """

    type = Pattern(r"^[A-Za-z]{1,60}$", "须为事件类型 / a type of event, as FiguresSubmitted", load_default=None)
    stream = Pattern(
        r"^[A-Za-z0-9._/-]{1,200}$", "须为流的名称 / the name of a stream, as cycle/2026", load_default=None
    )
    actor = Part(load_default=None)
    cycle = Part(load_default=None)
    unit = Part(load_default=None)
    item = Part(load_default=None)
    after = Position(load_default=0)
    until = Position(load_default=None)
    recorded_from = Moment(load_default=None)
    recorded_to = Moment(load_default=None)
    limit = fields.Integer(load_default=100, validate=validate.Range(min=1, max=LIMIT))
    cursor = fields.String(load_default=None, validate=validate.Length(max=400))


class EventShown(Schema):
    """One event: its position, its RFC 6962 leaf hash, and its entry exactly as it is recorded."""

    position = fields.Integer()
    leaf = fields.String(metadata={"description": "SHA-256(0x00 ‖ entry), hexadecimal"})
    entry = fields.Dict(metadata={"description": "the entry's own bytes: CloudEvents 1.0 in restricted JCS"})


class Events(Schema):
    """A page of the record; there is a next one while ``Link`` names it."""

    events = fields.List(fields.Nested(EventShown))


class ParkedStream(Schema):
    """A stream that a projection could not read and goes on without."""

    projection = fields.String()
    stream = fields.String()
    position = fields.Integer()
    error = fields.String()


class Parked(Schema):
    """All parked streams."""

    parked = fields.List(fields.Nested(ParkedStream))

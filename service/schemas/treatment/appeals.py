"""Every appeal of a cycle, and what it moved."""

from marshmallow import Schema, fields

from service.schemas.appeals import AppealShown, Moved


class AppealOfCycle(AppealShown):
    """An appeal with its sheet and the positions of its events."""

    unit = fields.String()
    item = fields.String()
    filed_at = fields.Integer()
    assigned_at = fields.Integer(allow_none=True)
    decided_at = fields.Integer(allow_none=True)
    moved = fields.List(fields.Nested(Moved), allow_none=True)


class AppealsReport(Schema):
    """Every appeal of a cycle, page after page; ``outcomes`` and ``points`` are of all of them."""

    cycle = fields.String()
    position = fields.Integer()
    outcomes = fields.Dict(values=fields.Integer(), metadata={"description": "state -> how many"})
    points = fields.String(metadata={"description": "moved by all of them together"})
    appeals = fields.List(fields.Nested(AppealOfCycle))

"""What waits for review."""

from marshmallow import Schema, fields, validate

from service.schemas.fields import Part


class Queue(Schema):
    """Which part of the review queue."""

    department = Part(load_default=None)
    unit = Part(load_default=None)
    cursor = fields.String(load_default=None, validate=validate.Length(max=400))
    limit = fields.Integer(load_default=100, validate=validate.Range(min=1, max=200))


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

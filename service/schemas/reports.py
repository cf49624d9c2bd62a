"""What reports answer."""

from marshmallow import Schema, fields


class BreachShown(Schema):
    """An act that broke a rule, with the position of its event."""

    position = fields.Integer()
    stream = fields.String()
    actor = fields.String()
    act = fields.String()
    rule = fields.String()
    zh = fields.String()
    en = fields.String()


class DutiesReport(Schema):
    """Two-person rules and conflicts, checked again over the whole history."""

    cycle = fields.String()
    position = fields.Integer()
    holds = fields.Boolean()
    checked = fields.Dict(values=fields.Integer(), metadata={"description": "acts checked, by rule"})
    unreadable = fields.Integer(metadata={"description": "events no program of ours can read"})
    breaches = fields.List(fields.Nested(BreachShown))

"""What rests on somebody's discretion: by unit, by person, event by event."""

from marshmallow import Schema, fields

from service.queries.discretion import PARTS
from service.queries.moving_acts import DISCRETION, OVERRIDES
from service.schemas.pages import Page

PERCENT = {"description": "percent with two decimals; null of nothing"}
N = {"description": "how many, always beside what is computed from them"}


class Overriding(Page):
    """A page of the overriding events."""


class Amount(Schema):
    """Points with their signs and without."""

    n = fields.Integer()
    net = fields.String()
    moved = fields.String(metadata={"description": "without signs: what was moved up and down together"})


class DiscretionOfUnit(Schema):
    """What of a unit's total, as it counts now, rests on discretion."""

    unit = fields.String()
    total = fields.String()
    by = fields.Dict(keys=fields.String(metadata={"enum": list(PARTS)}), values=fields.Nested(Amount))
    discretion = fields.String()
    percent = fields.String(allow_none=True, metadata=PERCENT)


class DiscretionOfPerson(Schema):
    """What of the points that a person's acts moved rests on his discretion."""

    person = fields.String()
    acts = fields.Integer(metadata=N)
    by = fields.Dict(keys=fields.String(metadata={"enum": list(DISCRETION)}), values=fields.Nested(Amount))
    discretion = fields.String()
    all = fields.String()
    percent = fields.String(allow_none=True, metadata=PERCENT)


class Override(Schema):
    """An event by which somebody overrode what another had filed, judged or decided."""

    position = fields.Integer()
    recorded = fields.String()
    type = fields.String()
    cause = fields.String(metadata={"enum": list(OVERRIDES)})
    unit = fields.String()
    item = fields.String()
    leaf = fields.String(allow_none=True)
    person = fields.String()
    role = fields.String(allow_none=True)
    began_by = fields.List(fields.String())
    moved = fields.String()
    reason = fields.String()


class DiscretionReport(Schema):
    """Shares of discretion, and the overriding events, page after page."""

    cycle = fields.String()
    position = fields.Integer()
    units = fields.List(fields.Nested(DiscretionOfUnit))
    people = fields.List(fields.Nested(DiscretionOfPerson))
    overrides = fields.Integer(metadata={"description": "how many overriding events there are in all"})
    overriding = fields.List(fields.Nested(Override))

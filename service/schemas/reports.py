"""What reports answer."""

from marshmallow import Schema, fields, validate

from service.schemas.fields import Part
from service.schemas.moments import AsOf, AsOfShown
from service.schemas.pages import Page
from service.schemas.register import STATES, Beside, BonusEvent
from service.schemas.sheets.evidence import EvidenceUse


class BreachShown(Schema):
    """An act that broke a rule, with the position of its event."""

    position = fields.Integer()
    stream = fields.String()
    actor = fields.String()
    act = fields.String()
    rule = fields.String()
    zh = fields.String()
    en = fields.String()


class RelianceShown(BreachShown):
    """An act of two people of whom one could have held a token of the other's; no breach, for nobody can prove it."""

    issuer = fields.String()
    holder = fields.String()


class Duties(AsOf, Page):
    """A page of what was found, breaches before reliances, now or as of a moment."""


class DutiesReport(Schema):
    """Two-person rules and conflicts, checked again over the whole history."""

    cycle = fields.String()
    position = fields.Integer()
    as_of = fields.Nested(AsOfShown)
    holds = fields.Boolean()
    checked = fields.Dict(values=fields.Integer(), metadata={"description": "acts checked, by rule"})
    unreadable = fields.Integer(metadata={"description": "events no program of ours can read"})
    breaches = fields.List(fields.Nested(BreachShown))
    reliances = fields.List(fields.Nested(RelianceShown))


class Reused(Page):
    """Which duplicates: across units, across cycles, or all."""

    across = fields.String(load_default=None, validate=validate.OneOf(("unit", "cycle")))


class ReusedFile(Schema):
    """Bytes that were attached more than once."""

    digest = fields.String()
    across = fields.List(
        fields.String(metadata={"enum": ["unit", "cycle", "item", "leaf", "file"]}),
        metadata={"description": "in what the uses differ"},
    )
    uses = fields.List(fields.Nested(EvidenceUse))
    hidden = fields.Integer(metadata={"description": "uses on leaves of other departments, not shown"})


class EvidenceReuse(Schema):
    """Files used more than once, at least once in this cycle; by digest."""

    cycle = fields.String()
    position = fields.Integer(metadata={"description": "the position up to which files were followed"})
    files = fields.List(fields.Nested(ReusedFile))


class Bonuses(Page):
    """Which bonuses."""

    leaf = Part(load_default=None)
    unit = Part(load_default=None)
    state = fields.String(load_default=None, validate=validate.OneOf(STATES[:-1]))


class BonusShown(Schema):
    """A bonus that was asked for, and what became of it."""

    unit = fields.String()
    item = fields.String()
    leaf = fields.String()
    bonus = fields.String()
    key = fields.String()
    title = fields.String()
    state = fields.String(metadata={"enum": list(STATES[:-1])})
    granted = fields.Boolean()
    level = fields.String()
    shares = fields.Dict(values=fields.String(), metadata={"description": "of a joint claim: points by unit"})
    points = fields.String(metadata={"description": "what it brings when granted, before the leaf's cap"})
    justification = fields.String()
    evidence = fields.Integer(metadata={"description": "files the proposal names"})
    claimed_by = fields.String(allow_none=True)
    proposed_by = fields.String(allow_none=True)
    decided_by = fields.String(allow_none=True)
    reason = fields.String(metadata={"description": "of the decision"})
    elsewhere = fields.List(fields.Nested(Beside))
    events = fields.List(fields.Nested(BonusEvent))


class BonusesReport(Schema):
    """Every bonus asked for, by leaf, key and unit: two of a kind stand beside each other."""

    cycle = fields.String()
    bonuses = fields.List(fields.Nested(BonusShown))

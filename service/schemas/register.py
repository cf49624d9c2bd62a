"""What the register of keys takes and answers."""

from marshmallow import Schema, fields, validate

from service.schemas.fields import Part, Text
from service.schemas.pages import Page

STATES = ("claimed", "disputed", "proposed", "granted", "declined", "revoked", "free")


class Wanted(Page):
    """Which keys; a key in any spelling of it."""

    key = Text(load_default=None, most=80)
    unit = Part(load_default=None)
    register = Part(load_default=None)
    leaf = Part(load_default=None)
    state = fields.String(load_default=None, validate=validate.OneOf(STATES))


class BonusEvent(Schema):
    """An event of a bonus; ``position`` is null until it is ordered."""

    id = fields.String()
    type = fields.String()
    stream = fields.String()
    version = fields.Integer()
    position = fields.Integer(allow_none=True)
    by = fields.String()
    at = fields.String()


class Beside(Schema):
    """The same key elsewhere: on which leaf, in which cycle, what became of it by which event."""

    cycle = fields.String()
    unit = fields.String()
    leaf = fields.String()
    bonus = fields.String()
    state = fields.String()
    event = fields.String()
    type = fields.String()
    position = fields.Integer(allow_none=True)


class SplitShown(Schema):
    """A split as a reviewer proposed it."""

    shares = fields.Dict(values=fields.String())
    reason = fields.String()


class JointShown(Schema):
    """How far a joint claim is, with what each side says."""

    bonus = fields.String()
    state = fields.String(metadata={"enum": ["held", "disputed", "agreed", "decided"]})
    lead = fields.String()
    statement = fields.String()
    shares = fields.Dict(values=fields.String(), metadata={"description": "in force: points by unit"})
    agreed = fields.List(fields.String())
    disputed = fields.Dict(values=fields.String(), metadata={"description": "statement by unit"})
    proposal = fields.Nested(SplitShown, allow_none=True)


class KeyShown(Schema):
    """A register number or experience key, and who brought it forward."""

    register = fields.String(metadata={"description": "where the key counts once: of one leaf, or of several"})
    leaf = fields.String(metadata={"description": "of the bonus that holds it, else of the last one"})
    leaves = fields.List(fields.String(), metadata={"description": "on which it was ever brought forward"})
    key = fields.String()
    stream = fields.String(metadata={"description": "the key's own stream"})
    state = fields.String(metadata={"enum": list(STATES[:-1])})
    free = fields.Boolean(metadata={"description": "nobody holds it: it may be claimed"})
    holders = fields.List(fields.String(), metadata={"description": "the units that hold it, or share it"})
    units = fields.List(fields.String(), metadata={"description": "who ever brought it forward"})
    bonus = fields.String()
    level = fields.String()
    title = fields.String()
    shares = fields.Dict(values=fields.String(), metadata={"description": "of a joint claim: points by unit"})
    joint = fields.Nested(JointShown, allow_none=True)
    events = fields.List(fields.Nested(BonusEvent))
    elsewhere = fields.List(
        fields.Nested(Beside),
        allow_none=True,
        metadata={"description": "the same key in other registers and cycles; null for who may not compare"},
    )


class Register(Schema):
    """A page of the register, by register and key."""

    cycle = fields.String()
    keys = fields.List(fields.Nested(KeyShown))

"""What was decided on a sheet: adjustments, bonuses, double marking, appeals."""

from marshmallow import Schema, fields


class AdjustmentShown(Schema):
    """A change of points by two people."""

    id = fields.String()
    leaf = fields.String()
    delta = fields.String()
    code = fields.String()
    text = fields.String()
    proposer = fields.String()
    state = fields.String(metadata={"enum": ["proposed", "approved", "declined", "revoked"]})
    decider = fields.String()
    reason = fields.String()


class BonusShown(Schema):
    """A bonus under its key; ``shares`` and ``joint`` are of joint claims."""

    id = fields.String()
    leaf = fields.String()
    key = fields.String()
    title = fields.String()
    state = fields.String(metadata={"enum": ["claimed", "disputed", "proposed", "granted", "declined", "revoked"]})
    claimant = fields.String()
    proposer = fields.String()
    level = fields.String()
    justification = fields.String()
    decider = fields.String()
    reason = fields.String()
    evidence = fields.List(fields.String())
    shares = fields.Dict(values=fields.String(), metadata={"description": "each unit's part of the points"})
    elsewhere = fields.List(
        fields.Dict(),
        allow_none=True,
        metadata={"description": "the same key in other registers and years; null for who may not compare units"},
    )
    joint = fields.Dict(allow_none=True, metadata={"description": "how far the joint claim is"})


class RoundShown(Schema):
    """Double marking of a leaf: null is not known yet."""

    leaf = fields.String()
    state = fields.String(metadata={"enum": ["sealed", "agreed", "waived", "differing", "moderated"]})
    limit = fields.String()
    seal = fields.String()
    first_by = fields.String()
    first = fields.String(allow_none=True)
    first_reason = fields.String(allow_none=True)
    second_by = fields.String(allow_none=True)
    second = fields.String(allow_none=True)
    second_reason = fields.String(allow_none=True)
    waived_by = fields.String(allow_none=True)
    waiver = fields.String(allow_none=True)
    moderated_by = fields.String(allow_none=True)
    moderated = fields.String(allow_none=True)
    moderation = fields.String(allow_none=True)


class AppealOnSheet(Schema):
    """An appeal; what its decision moved is told under its own address."""

    id = fields.String()
    leaf = fields.String()
    text = fields.String()
    evidence = fields.List(fields.String())
    by = fields.String()
    state = fields.String(metadata={"enum": ["filed", "assigned", "upheld", "partly", "dismissed"]})
    assignee = fields.String()
    decider = fields.String()
    delta = fields.String()
    adjustment = fields.String()
    reason = fields.String()
    objection = fields.String(metadata={"description": "that led to it; empty for the unit's own appeal"})

"""What a sheet shows, member by member; points are texts, people are ids, "" is nobody and nothing yet."""

from marshmallow import Schema, fields

from service.schemas.moments import AsOfShown
from service.schemas.targets import IssuedShown


class Both(Schema):
    """A text in both languages."""

    zh = fields.String()
    en = fields.String()


class LeafShown(Schema):
    """A leaf: its rule, its three columns, what was filed and what a reviewer confirmed."""

    leaf = fields.String()
    title = fields.Nested(Both)
    department = fields.String()
    rule = fields.Dict(metadata={"description": "kind and parameters, which say the figures it takes"})
    claimed = fields.String()
    verified = fields.String()
    final = fields.String()
    maximum = fields.String(allow_none=True, metadata={"description": "null: a bonus without a cap"})
    status = fields.String(metadata={"description": "empty, pending, verified, not-applicable …"})
    filed = fields.Dict(allow_none=True, metadata={"description": "the figures in force as filed"})
    submission = fields.String(allow_none=True, metadata={"description": "the submission they came with"})
    confirmed = fields.Dict(allow_none=True, metadata={"description": "what counts as verified"})


class SubmissionShown(Schema):
    """Figures that were filed together."""

    id = fields.String()
    figures = fields.Dict(values=fields.Dict(), metadata={"description": "by leaf"})
    by = fields.String()
    withdrawn = fields.Boolean()


class EvidenceShown(Schema):
    """A file; ``supersedes`` names the returned one that it answers."""

    id = fields.String()
    leaf = fields.String()
    digest = fields.String(metadata={"description": "SHA-256 of its bytes"})
    media_type = fields.String()
    size = fields.Integer()
    name = fields.String(allow_none=True, metadata={"description": "null once it was lawfully erased"})
    by = fields.String()
    state = fields.String(
        metadata={"enum": ["uploaded", "accepted", "returned", "rejected", "withdrawn", "superseded"]}
    )
    reason = fields.String()
    supersedes = fields.String()
    also_used = fields.List(
        fields.String(),
        allow_none=True,
        metadata={"description": "by what other uses of the same bytes differ; null for who may not compare units"},
    )


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


class Sheet(Schema):
    """The sheet as it stands."""

    cycle = fields.String()
    unit = fields.String()
    item = fields.String()
    cohort = fields.String()
    version = fields.Integer()
    text = fields.Nested(Both, metadata={"description": "the item's verbatim text"})
    leaves = fields.List(fields.Nested(LeafShown))
    submissions = fields.List(fields.Nested(SubmissionShown))
    evidence = fields.List(fields.Nested(EvidenceShown))
    adjustments = fields.List(fields.Nested(AdjustmentShown))
    bonuses = fields.List(fields.Nested(BonusShown))
    appeals = fields.List(fields.Nested(AppealOnSheet))
    targets = fields.Dict(values=fields.Integer(), metadata={"description": "targets in force, by task leaf"})
    targets_issued = fields.Dict(
        values=fields.Nested(IssuedShown),
        metadata={"description": "who issued each of them, when and why, and those before"},
    )
    rounds = fields.List(
        fields.Nested(RoundShown), metadata={"description": "double marking: the last round of each drawn leaf"}
    )
    as_of = fields.Nested(AsOfShown)

"""What was filed on a sheet: leaves, submissions, files."""

from marshmallow import Schema, fields


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

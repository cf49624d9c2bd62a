"""Evidence of a sheet: files taken in, reviewed, and looked up."""

from marshmallow import Schema, fields, validate

from service.schemas.fields import File, Text
from service.schemas.sheets.acts import Holding, Leaf


class EvidenceReview(Schema):
    """A reviewer's outcome on a file."""

    outcome = fields.String(required=True, validate=validate.OneOf(("accepted", "returned", "rejected")))
    reason = Text(required=True, most=2000)


class Evidence(Holding):
    """A file and the leaf it supports."""

    leaf = Leaf(required=True)
    file = File(required=True)


class EvidenceUse(Schema):
    """Where the same bytes were attached."""

    digest = fields.String()
    cycle = fields.String()
    unit = fields.String()
    item = fields.String()
    leaf = fields.String()
    evidence = fields.String()
    position = fields.Integer()
    withdrawn = fields.Boolean()


class EvidenceCheck(Schema):
    """Whether a file is authentic and used once."""

    evidence = fields.String()
    leaf = fields.String()
    digest = fields.String(metadata={"description": "SHA-256 as recorded, hexadecimal"})
    bytes = fields.String(
        metadata={"enum": ["intact", "damaged", "erased"], "description": "what is stored, hashed again just now"}
    )
    event = fields.String(metadata={"description": "the event that attached it"})
    attached_by = fields.String()
    attached_at = fields.String()
    leaf_hash = fields.String(metadata={"description": "RFC 6962 leaf hash of its entry, hexadecimal"})
    position = fields.Integer(allow_none=True)
    grade = fields.String(
        metadata={"enum": ["accepted", "ordered", "signed", "witnessed", "time-stamped"]},
    )
    included = fields.Boolean(
        allow_none=True, metadata={"description": "the log holds exactly this entry; null while nothing is signed"}
    )
    proof = fields.String(allow_none=True, metadata={"description": "C2SP tlog-proof, for other people's tools"})
    followed = fields.Integer(allow_none=True, metadata={"description": "position up to which uses are known"})
    used_once = fields.Boolean(allow_none=True, metadata={"description": "null for who may not compare units"})
    also_used = fields.List(
        fields.String(metadata={"enum": ["unit", "cycle", "item", "leaf", "file"]}),
        allow_none=True,
        metadata={"description": "in what other uses in force differ from this one"},
    )
    uses = fields.List(fields.Nested(EvidenceUse), allow_none=True)
    hidden = fields.Integer(allow_none=True, metadata={"description": "uses the caller may not see"})

"""Bodies of the acts on a sheet, and what they answer."""

from marshmallow import Schema, fields, validate

from service.schemas.fields import Code, File, Id, Moment, Points, Text
from service.schemas.moments import AsOf, AsOfShown
from service.schemas.pages import Page


class Leaf(Code):
    """A leaf of the rubric, such as "6a"."""


class Reason(Schema):
    """A written reason."""

    reason = Text(required=True, most=2000)


class Holding(Schema):
    """What may say when it became true in the world, and not only when it was recorded."""

    effective = Moment(
        load_default=None,
        allow_none=True,
        metadata={"description": "when this became true; never in the future, never before the assessed period begins"},
    )


class Submission(Holding):
    """Figures by leaf; which figures a leaf takes follows from its rule."""

    figures = fields.Dict(
        keys=Leaf(),
        values=fields.Dict(keys=Text(most=40), values=fields.Raw()),
        required=True,
        validate=validate.Length(min=1, max=20),
    )


class EvidenceReview(Schema):
    """A reviewer's outcome on a file."""

    outcome = fields.String(required=True, validate=validate.OneOf(("accepted", "returned", "rejected")))
    reason = Text(required=True, most=2000)


class Verification(Holding):
    """Stands for the figures of a submission, or for corrected ones."""

    leaf = Leaf(required=True)
    submission = Id(required=True)
    corrected = fields.Dict(keys=Text(most=40), values=fields.Raw(), load_default=None, allow_none=True)
    reason = Text(required=True, most=2000)


class Judgement(Holding):
    """Points for a judged leaf."""

    leaf = Leaf(required=True)
    points = Points(required=True)
    reason = Text(required=True, most=2000)


class NotApplicable(Holding):
    """Confirms that a leaf does not apply."""

    leaf = Leaf(required=True)
    reason = Text(required=True, most=2000)


class Adjustment(Holding):
    """A proposed change of points."""

    leaf = Leaf(required=True)
    delta = Points(required=True)
    code = fields.String(
        required=True,
        validate=validate.OneOf(("data-error", "late-evidence", "rule-reading", "inspection", "other")),
    )
    text = Text(required=True, least=10, most=2000)


class Decision(Schema):
    """A second person's decision."""

    decision = fields.String(required=True, validate=validate.OneOf(("approve", "decline", "revoke")))
    reason = Text(required=True, most=2000)


class BonusDecision(Schema):
    """A second person's decision on a bonus."""

    decision = fields.String(required=True, validate=validate.OneOf(("grant", "decline", "revoke")))
    reason = Text(required=True, most=2000)


class Claim(Holding):
    """A unit's claim under a register number or experience key."""

    leaf = Leaf(required=True)
    key = Text(required=True, most=80)
    title = Text(required=True, most=200)


class BonusProposal(Holding):
    """A reviewer's proposal; ``bonus`` names the claim it answers, if there is one."""

    leaf = Leaf(required=True)
    bonus = Id(load_default=None, allow_none=True)
    key = Text(required=True, most=80)
    title = Text(required=True, most=200)
    level = Text(load_default="", least=0, most=20)
    justification = Text(required=True, least=20, most=4000)
    evidence = fields.List(Id(), load_default=list, validate=validate.Length(max=50))


class ReceiptEvent(Schema):
    """One event as it stands in the record."""

    id = Id()
    type = fields.String()
    stream = fields.String()
    version = fields.Integer()
    leaf = fields.String(metadata={"description": "RFC 6962 leaf hash, hexadecimal"})
    data = fields.Dict()
    receipt = fields.String(
        allow_none=True, metadata={"description": "signed note: this event will be in the log; null without a key"}
    )


class Receipt(Schema):
    """What every command answers."""

    stream = fields.String()
    version = fields.Integer()
    recorded_at = fields.String()
    events = fields.List(fields.Nested(ReceiptEvent))
    token = fields.String(allow_none=True, metadata={"description": "only for a new credential, shown once"})


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


class Told(AsOf, Page):
    """Which of a sheet's events: all of them, or those that concern one leaf; now or as of a moment."""

    leaf = Leaf(load_default=None)


class History(Schema):
    """Every event of a sheet."""

    stream = fields.String()
    events = fields.List(
        fields.Dict(),
        metadata={"description": "each entry as recorded (CloudEvents 1.0), its leaf hash and, once ordered, position"},
    )
    as_of = fields.Nested(AsOfShown)


class Explanation(Schema):
    """The derivation tree."""

    item = fields.Dict()
    version = fields.Integer()
    as_of = fields.Nested(AsOfShown)

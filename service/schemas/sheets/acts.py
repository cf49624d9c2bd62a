"""Bodies of the acts on a sheet."""

from marshmallow import Schema, fields, validate

from service.schemas.fields import Code, Id, Moment, Points, Text


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

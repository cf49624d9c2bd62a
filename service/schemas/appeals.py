"""Bodies and answers about objections and appeals."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from domain.acts.appeals import OUTCOMES
from domain.objections import OUTCOMES as ANSWERS
from domain.referrals import REFERRED
from service.schemas.fields import Code, Id, Points, Slug, Text
from service.schemas.sheets.acts import Leaf

STATES = ["filed", "assigned", *OUTCOMES]


class Appeal(Schema):
    """A unit's appeal against the points of a leaf."""

    leaf = Leaf(required=True)
    text = Text(required=True, least=4, most=4000)
    evidence = fields.List(Id(), load_default=list, validate=validate.Length(max=50))


class AppealAssignment(Schema):
    """Who is to decide an appeal."""

    person = Id(required=True)
    reason = Text(required=True, most=2000)


class AppealDecision(Schema):
    """What became of an appeal; ``delta`` is what the leaf gains, "0.00" when it is dismissed.

    Below zero only where another unit's objection led to it.
    """

    outcome = fields.String(required=True, validate=validate.OneOf(OUTCOMES))
    delta = Points(load_default="0.00")
    reason = Text(required=True, most=2000)


class Moved(Schema):
    """A unit whose shown total or rank a decision moved."""

    unit = fields.String()
    total_before = fields.String()
    total_after = fields.String()
    rank_before = fields.Integer()
    rank_after = fields.Integer()


class AppealShown(Schema):
    """An appeal and what its decision moved; ``moved`` is null until the decision is ordered."""

    id = fields.String()
    leaf = fields.String()
    text = fields.String()
    evidence = fields.List(fields.String())
    by = fields.String()
    state = fields.String(metadata={"enum": STATES})
    assignee = fields.String()
    decider = fields.String()
    delta = fields.String()
    adjustment = fields.String()
    reason = fields.String()
    objection = fields.String(metadata={"description": "that led to it; empty for the unit's own appeal"})
    position = fields.Integer(allow_none=True, metadata={"description": "of the decision"})
    moved = fields.List(fields.Nested(Moved), allow_none=True)


class Objection(Schema):
    """What a unit objects to in published results; ``about`` is the unit concerned."""

    publication = fields.Integer(required=True, validate=validate.Range(min=1, max=2**31 - 1))
    unit = Slug(required=True)
    about = Slug(required=True)
    text = Text(required=True, least=4, most=4000)


class ObjectionAnswer(Schema):
    """What became of an objection, and why; with ``item`` and ``leaf`` where it is referred as an appeal."""

    outcome = fields.String(required=True, validate=validate.OneOf(ANSWERS))
    reason = Text(required=True, most=2000)
    item = Code(load_default="", metadata={"description": "of the unit it is about; only with the outcome referred"})
    leaf = Leaf(load_default="", metadata={"description": "that the appeal is about; only with the outcome referred"})

    @validates_schema
    def one_place(self, data: dict[str, Any], **_: object) -> None:
        """A referral says where the appeal goes, and nothing else does."""
        for name in ("item", "leaf"):
            if bool(data.get(name)) != (data.get("outcome") == REFERRED):
                raise ValidationError(
                    f"{name} 须且只能用于转为申诉的异议 / given where it is referred, and only there", name
                )


class Referral(Schema):
    """The appeal that an objection was referred as, and how far it is; the sheet itself is the other unit's."""

    id = fields.String()
    item = fields.String()
    leaf = fields.String()
    state = fields.String(metadata={"enum": STATES})


class ObjectionShown(Schema):
    """An objection and who wrote it; ``outcome``, ``reason`` and ``answered_by`` are null until it is answered.

    ``appeal`` is null unless it was referred.
    """

    objection = fields.String()
    publication = fields.Integer()
    unit = fields.String()
    about = fields.String()
    text = fields.String()
    by = fields.String()
    outcome = fields.String(allow_none=True, metadata={"enum": [*ANSWERS, None]})
    reason = fields.String(allow_none=True)
    answered_by = fields.String(allow_none=True)
    appeal = fields.Nested(Referral, allow_none=True)


class Objections(Schema):
    """The objections of a cycle, oldest first."""

    objections = fields.List(fields.Nested(ObjectionShown))

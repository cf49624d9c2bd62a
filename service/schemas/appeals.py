"""Bodies and answers about objections and appeals."""

from marshmallow import Schema, fields, validate

from domain.acts.appeals import OUTCOMES
from domain.objections import OUTCOMES as ANSWERS
from service.schemas.fields import Id, Points, Slug, Text
from service.schemas.sheets import Leaf


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
    """What became of an appeal; ``delta`` is what the leaf gains, "0.00" when it is dismissed."""

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
    state = fields.String(metadata={"enum": ["filed", "assigned", *OUTCOMES]})
    assignee = fields.String()
    decider = fields.String()
    delta = fields.String()
    adjustment = fields.String()
    reason = fields.String()
    position = fields.Integer(allow_none=True, metadata={"description": "of the decision"})
    moved = fields.List(fields.Nested(Moved), allow_none=True)


class Objection(Schema):
    """What a unit objects to in published results; ``about`` is the unit concerned."""

    publication = fields.Integer(required=True, validate=validate.Range(min=1, max=2**31 - 1))
    unit = Slug(required=True)
    about = Slug(required=True)
    text = Text(required=True, least=4, most=4000)


class ObjectionAnswer(Schema):
    """What became of an objection, and why."""

    outcome = fields.String(required=True, validate=validate.OneOf(ANSWERS))
    reason = Text(required=True, most=2000)


class ObjectionShown(Schema):
    """An objection and who wrote it; ``outcome``, ``reason`` and ``answered_by`` are null until it is answered."""

    objection = fields.String()
    publication = fields.Integer()
    unit = fields.String()
    about = fields.String()
    text = fields.String()
    by = fields.String()
    outcome = fields.String(allow_none=True, metadata={"enum": [*ANSWERS, None]})
    reason = fields.String(allow_none=True)
    answered_by = fields.String(allow_none=True)


class Objections(Schema):
    """The objections of a cycle, oldest first."""

    objections = fields.List(fields.Nested(ObjectionShown))

"""How severe each reviewer is, how far two agree, and what was given."""

from marshmallow import Schema, fields

from service.schemas.treatment.discretion import PERCENT, N

_FEW = {"description": "n is below what says something"}


class Agreement(Schema):
    """How many of n pairs of judgements agree."""

    n = fields.Integer(metadata=N)
    exact = fields.Integer()
    within_one_step = fields.Integer()
    exact_percent = fields.String(allow_none=True, metadata=PERCENT)
    within_one_step_percent = fields.String(allow_none=True, metadata=PERCENT)
    few = fields.Boolean(metadata=_FEW)


class Difference(Schema):
    """A reviewer's points less another's, or less a mean."""

    n = fields.Integer(metadata=N)
    sum = fields.String()
    mean = fields.String(allow_none=True)
    few = fields.Boolean(metadata=_FEW)


class Reviewer(Schema):
    """A reviewer's severity (above 0: milder) and agreement."""

    person = fields.String()
    to_other = fields.Nested(Difference)
    to_leaf_mean = fields.Nested(Difference)
    agreement = fields.Nested(Agreement)


class LeafJudgements(Schema):
    """What was given on a leaf, and quadratic-weighted kappa (Cohen 1968) of its pairs."""

    leaf = fields.String()
    department = fields.String()
    n = fields.Integer(metadata=N)
    mean = fields.String()
    given = fields.Dict(values=fields.Integer(), metadata={"description": "points -> how often"})
    few = fields.Boolean(metadata=_FEW)
    pairs = fields.Integer(metadata=N)
    kappa = fields.String(allow_none=True, metadata={"description": "null where chance alone would agree"})
    kappa_few = fields.Boolean(metadata=_FEW)


class Share(Schema):
    """What was given of what could be."""

    unit = fields.String()
    person = fields.String()
    n = fields.Integer(metadata=N)
    given = fields.String()
    possible = fields.String()
    percent = fields.String(allow_none=True, metadata=PERCENT)
    few = fields.Boolean(metadata=_FEW)


class SeverityReport(Schema):
    """Every judgement that is known, of the whole year; a page goes through the four lists one after the other."""

    cycle = fields.String()
    position = fields.Integer()
    unreadable = fields.Integer()
    few = fields.Integer(metadata={"description": "below so many a number says little"})
    rounds = fields.Dict(values=fields.Integer(), metadata={"description": "of double marking, by what became of them"})
    agreement = fields.Nested(Agreement)
    reviewers = fields.List(fields.Nested(Reviewer))
    leaves = fields.List(fields.Nested(LeafJudgements))
    units = fields.List(fields.Nested(Share))
    given_by = fields.List(fields.Nested(Share))

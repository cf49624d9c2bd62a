"""What the reports answer that ask whether all were treated alike: discretion, severity, appeals."""

from marshmallow import Schema, fields

from service.queries.discretion import PARTS
from service.queries.moving_acts import DISCRETION, OVERRIDES
from service.schemas.appeals import AppealShown, Moved
from service.schemas.pages import Page

_PERCENT = {"description": "percent with two decimals; null of nothing"}
_FEW = {"description": "n is below what says something"}
_N = {"description": "how many, always beside what is computed from them"}


class Overriding(Page):
    """A page of the overriding events."""


class Amount(Schema):
    """Points with their signs and without."""

    n = fields.Integer()
    net = fields.String()
    moved = fields.String(metadata={"description": "without signs: what was moved up and down together"})


class DiscretionOfUnit(Schema):
    """What of a unit's total, as it counts now, rests on discretion."""

    unit = fields.String()
    total = fields.String()
    by = fields.Dict(keys=fields.String(metadata={"enum": list(PARTS)}), values=fields.Nested(Amount))
    discretion = fields.String()
    percent = fields.String(allow_none=True, metadata=_PERCENT)


class DiscretionOfPerson(Schema):
    """What of the points that a person's acts moved rests on his discretion."""

    person = fields.String()
    acts = fields.Integer(metadata=_N)
    by = fields.Dict(keys=fields.String(metadata={"enum": list(DISCRETION)}), values=fields.Nested(Amount))
    discretion = fields.String()
    all = fields.String()
    percent = fields.String(allow_none=True, metadata=_PERCENT)


class Override(Schema):
    """An event by which somebody overrode what another had filed, judged or decided."""

    position = fields.Integer()
    recorded = fields.String()
    type = fields.String()
    cause = fields.String(metadata={"enum": list(OVERRIDES)})
    unit = fields.String()
    item = fields.String()
    leaf = fields.String(allow_none=True)
    person = fields.String()
    role = fields.String(allow_none=True)
    began_by = fields.List(fields.String())
    moved = fields.String()
    reason = fields.String()


class DiscretionReport(Schema):
    """Shares of discretion, and the overriding events, page after page."""

    cycle = fields.String()
    position = fields.Integer()
    units = fields.List(fields.Nested(DiscretionOfUnit))
    people = fields.List(fields.Nested(DiscretionOfPerson))
    overrides = fields.Integer(metadata={"description": "how many overriding events there are in all"})
    overriding = fields.List(fields.Nested(Override))


class Agreement(Schema):
    """How many of n pairs of judgements agree."""

    n = fields.Integer(metadata=_N)
    exact = fields.Integer()
    within_one_step = fields.Integer()
    exact_percent = fields.String(allow_none=True, metadata=_PERCENT)
    within_one_step_percent = fields.String(allow_none=True, metadata=_PERCENT)
    few = fields.Boolean(metadata=_FEW)


class Difference(Schema):
    """A reviewer's points less another's, or less a mean."""

    n = fields.Integer(metadata=_N)
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
    n = fields.Integer(metadata=_N)
    mean = fields.String()
    given = fields.Dict(values=fields.Integer(), metadata={"description": "points -> how often"})
    few = fields.Boolean(metadata=_FEW)
    pairs = fields.Integer(metadata=_N)
    kappa = fields.String(allow_none=True, metadata={"description": "null where chance alone would agree"})
    kappa_few = fields.Boolean(metadata=_FEW)


class Share(Schema):
    """What was given of what could be."""

    unit = fields.String()
    person = fields.String()
    n = fields.Integer(metadata=_N)
    given = fields.String()
    possible = fields.String()
    percent = fields.String(allow_none=True, metadata=_PERCENT)
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


class AppealOfCycle(AppealShown):
    """An appeal with its sheet and the positions of its events."""

    unit = fields.String()
    item = fields.String()
    filed_at = fields.Integer()
    assigned_at = fields.Integer(allow_none=True)
    decided_at = fields.Integer(allow_none=True)
    moved = fields.List(fields.Nested(Moved), allow_none=True)


class AppealsReport(Schema):
    """Every appeal of a cycle, page after page; ``outcomes`` and ``points`` are of all of them."""

    cycle = fields.String()
    position = fields.Integer()
    outcomes = fields.Dict(values=fields.Integer(), metadata={"description": "state -> how many"})
    points = fields.String(metadata={"description": "moved by all of them together"})
    appeals = fields.List(fields.Nested(AppealOfCycle))

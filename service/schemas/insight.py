"""What the insights into a ranking take and answer."""

from marshmallow import Schema, fields

from service.schemas.fields import Code, Id, Pattern, Text
from service.schemas.moments import AsOf, AsOfShown
from service.schemas.pages import Page


class Held(AsOf, Page):
    """Which questions stay as they are answered, such as "Q15,Q16"; as of when; and a page of the units."""

    held = Pattern(
        r"^[A-Za-z0-9._-]{1,40}(,[A-Za-z0-9._-]{1,40}){0,99}$",
        "须为以逗号分隔的口径编号 / questions with commas between them, as Q15,Q16",
        load_default="",
    )


class Wanted(AsOf):
    """How many points more, from 0.01 to 30.00; left out: only the least changes. And as of when."""

    points = Pattern(
        r"^(?!0\.00)([12]?[0-9]\.[0-9]{2}|30\.00)$",
        "须在0.01与30.00之间，两位小数 / from 0.01 to 30.00, with two decimals",
        load_default="0.00",
    )


class Interval(Schema):
    """The best and the worst rank."""

    best = fields.Integer()
    worst = fields.Integer()


class Fragile(Schema):
    """A unit's rank, and where it may end: by the open answers, by one judgement step, by both."""

    unit = fields.String()
    rank = fields.Integer()
    answers = fields.Nested(Interval)
    judgements = fields.Nested(Interval)
    both = fields.Nested(Interval)


class OptionMoves(Schema):
    """What one other answer alone would do: places moved over all units, and units that move."""

    option = fields.String()
    ranks = fields.Integer()
    units = fields.Integer()


class QuestionMoves(Schema):
    """An undecided question."""

    question = fields.String()
    answer = fields.String()
    options = fields.List(fields.Nested(OptionMoves))


class Robustness(Schema):
    """How fragile a ranking is; questions come in the order of the ranks they move."""

    cycle = fields.String()
    position = fields.Integer()
    lag = fields.Integer()
    as_of = fields.Nested(AsOfShown)
    sets = fields.Integer(metadata={"description": "sets of answers that were compared"})
    units = fields.List(fields.Nested(Fragile))
    questions = fields.List(fields.Nested(QuestionMoves))


class Words(Schema):
    """A sentence in both languages."""

    zh = fields.String()
    en = fields.String()


class Change(Schema):
    """A change of one figure and what it brings; ``own``: the unit can make it itself."""

    leaf = fields.String()
    of = fields.String(metadata={"description": "the leaf whose next or full points are reached"})
    goal = fields.String(metadata={"description": "next, full or points"})
    figure = fields.String()
    before = fields.Integer()
    after = fields.Integer()
    effort = fields.Integer()
    own = fields.Boolean()
    gain = fields.String()
    figures = fields.Dict()
    sentence = fields.Nested(Words)


class Plan(Schema):
    """The unit's own changes that gain what was asked with the least effort."""

    gain = fields.String()
    effort = fields.Integer()
    changes = fields.List(fields.Nested(Change))


class Improvements(Schema):
    """What would raise a unit's score. ``total``: were everything confirmed as it is filed."""

    cycle = fields.String()
    unit = fields.String()
    position = fields.Integer()
    as_of = fields.Nested(AsOfShown)
    total = fields.String()
    changes = fields.List(fields.Nested(Change))
    unfiled = fields.List(fields.String())
    alone = fields.List(fields.Nested(Change))
    plan = fields.Nested(Plan, allow_none=True)


class UnitExplanation(Schema):
    """The derivation tree of a unit's total; every parent's ``sum`` is written out and adds up to its points."""

    cycle = fields.String()
    unit = fields.String()
    newest = fields.Integer(metadata={"description": "the position of the newest event it rests on; 0 without any"})
    rubric = fields.String()
    cohort = fields.String()
    base = fields.String()
    bonus = fields.String()
    points = fields.String()
    sum = fields.String()
    groups = fields.List(fields.Dict())
    as_of = fields.Nested(AsOfShown)


class Answer(Schema):
    """An answer to an open question, and the simulation that showed what it moves (where anything can follow)."""

    question = Code(required=True)
    option = Code(required=True)
    simulation = Id(load_default="")
    reason = Text(required=True, most=2000)


class Register(Schema):
    """The interpretation register of a rubric's newest version."""

    rubric = fields.String()
    hash = fields.String()
    questions = fields.List(fields.Dict())

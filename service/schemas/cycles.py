"""Bodies and answers about cycles."""

from marshmallow import Schema, fields, validate

from domain.phases import PHASES
from service.schemas.fields import Moment, Slug, Text
from service.schemas.moments import AsOf, AsOfShown
from service.schemas.pages import Page

SPOKEN = "in the language asked for with Accept-Language"


class Cycle(Schema):
    """A new cycle; ``calendar`` gives the last moment of phases. A ``title`` alone stands in both languages."""

    cycle = Slug(required=True)
    title = Text(required=True, most=200)
    title_en = Text(load_default=None, allow_none=True, most=200)
    rubric = Slug(required=True)
    calendar = fields.Dict(
        keys=fields.String(validate=validate.OneOf(PHASES)),
        values=Moment(),
        load_default=dict,
    )
    begins = Moment(
        load_default=None,
        allow_none=True,
        metadata={"description": "when the assessed period begins; else with the year (Asia/Shanghai) of its creation"},
    )


class Unit(Schema):
    """A unit that takes part."""

    unit = Slug(required=True)
    cohort = Slug(required=True)
    name_zh = Text(required=True, most=80)
    name_en = Text(required=True, most=80)


class Phase(Schema):
    """The next phase."""

    phase = fields.String(required=True, validate=validate.OneOf(PHASES))
    reason = Text(required=True, most=2000)


class Deadline(Schema):
    """A new last moment of a phase."""

    phase = fields.String(required=True, validate=validate.OneOf(PHASES))
    moment = Moment(required=True)
    reason = Text(required=True, most=2000)


class DeadlineShown(Schema):
    """The last moment of a phase as people in Shanghai read it."""

    phase = fields.String()
    moment = fields.String()
    shanghai = fields.String()
    working_day = fields.Boolean(allow_none=True, metadata={"description": "null while the year is not announced"})


class WhichUnits(AsOf, Page):
    """A page of the units that take part, now or as of a moment."""


class UnitShown(Schema):
    """A unit that takes part."""

    unit = fields.String()
    cohort = fields.String()
    name_zh = fields.String()
    name_en = fields.String()


class Units(Schema):
    """The units that take part, in the order of their enrolment."""

    cycle = fields.String()
    as_of = fields.Nested(AsOfShown)
    units = fields.List(fields.Nested(UnitShown))


class CycleShown(Schema):
    """A cycle as it stands; its units, targets, publications and the rest are lists of their own."""

    cycle = fields.String()
    title = fields.String(metadata={"description": SPOKEN})
    title_zh = fields.String()
    title_en = fields.String()
    phase = fields.String()
    rubric = fields.String()
    hash = fields.String()
    calendar = fields.Dict(values=fields.String(), metadata={"description": "the last moment of each phase"})
    deadlines = fields.List(fields.Nested(DeadlineShown))
    begins = fields.String(metadata={"description": "nothing is effective before it; empty where nobody said"})
    interpretations = fields.Dict(
        values=fields.String(), metadata={"description": "the answer in force to each question of the rubric"}
    )
    engine = fields.String(
        metadata={
            "description": "the program that made the scores in force; of an earlier moment, that which computes them"
        }
    )
    epoch = fields.Integer(metadata={"description": "1, and one more whenever final results were reopened"})
    version = fields.Integer()
    as_of = fields.Nested(AsOfShown)


class Cycles(Schema):
    """All cycles."""

    cycles = fields.List(fields.Nested(CycleShown))

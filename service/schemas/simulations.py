"""What simulations take and are answered with."""

from marshmallow import Schema, fields, validate

from domain.figures import LARGEST
from service.schemas.fields import Code, Pattern, Slug, Text


class Asked(Schema):
    """Other answers (by question), figures and targets (by unit and leaf), another rubric (its hash)."""

    cycle = Slug(required=True)
    interpretations = fields.Dict(keys=Code(), values=Code(), load_default=dict, validate=validate.Length(max=100))
    figures = fields.Dict(
        keys=Slug(),
        values=fields.Dict(keys=Code(), values=fields.Dict(keys=fields.String())),
        load_default=dict,
        validate=validate.Length(max=200),
    )
    targets = fields.Dict(
        keys=Slug(),
        values=fields.Dict(
            keys=Code(), values=fields.Integer(strict=True, validate=validate.Range(min=1, max=LARGEST))
        ),
        load_default=dict,
        validate=validate.Length(max=200),
        metadata={"description": "what units would be asked for, by unit and task leaf; figures stand under them"},
    )
    rubric = Pattern(
        r"^([0-9a-f]{64})?$",
        "须为考核表的SHA-256哈希 / the SHA-256 of a rubric, 64 lower-case hexadecimal digits",
        load_default="",
    )
    reason = Text(required=True, most=2000)


class Progress(Schema):
    """How many units are scored of how many, over both rubrics."""

    done = fields.Integer()
    of = fields.Integer()


class Summary(Schema):
    """A simulation as it stands."""

    id = fields.String()
    state = fields.String(metadata={"enum": ["requested", "finished", "failed"]})
    version = fields.Integer()
    requested_by = fields.String()
    cycle = fields.String()
    interpretations = fields.Dict()
    figures = fields.Dict()
    targets = fields.Dict()
    rubric = fields.String()
    reason = fields.String()
    position = fields.Integer()
    before = fields.String(metadata={"description": "hash of the rubric in force"})
    after = fields.String(metadata={"description": "hash of the rubric simulated"})
    units = fields.Integer(metadata={"description": "units of which anything moves"})
    ranks = fields.Integer(metadata={"description": "units whose rank moves"})
    engine = fields.String()
    failure = fields.String()


class Simulation(Summary):
    """The same with its report and, while a worker is at it, its progress."""

    progress = fields.Nested(Progress, allow_none=True)
    report = fields.Raw(allow_none=True, metadata={"description": "what moves, by unit: total, rank, items, leaves"})


class Simulations(Schema):
    """All simulations, without their reports."""

    simulations = fields.List(fields.Nested(Summary))

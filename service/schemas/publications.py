"""Bodies and answers about published results."""

from marshmallow import Schema, fields, validate

from domain.results import STAGES
from service.schemas.fields import Text
from service.schemas.pages import Page


class ResultsProposal(Schema):
    """Which results are proposed for publication, and why now."""

    stage = fields.String(required=True, validate=validate.OneOf(STAGES))
    reason = Text(required=True, most=2000)


class Since(Page):
    """With which earlier publication; the differences come in pages."""

    since = fields.Integer(required=True, validate=validate.Range(min=1, max=2**31 - 1))


class PublicationShown(Schema):
    """What was proposed or published; ``digest`` is the SHA-256 of the table's canonical text."""

    publication = fields.Integer()
    stage = fields.String()
    state = fields.String(metadata={"enum": ["proposed", "published", "superseded"]})
    epoch = fields.Integer()
    in_force = fields.Boolean()
    digest = fields.String()
    rubric = fields.String()
    interpretations = fields.Dict(values=fields.String())
    engine = fields.String()
    position = fields.Integer()
    reason = fields.String()
    proposed_by = fields.String()
    published_by = fields.String(allow_none=True)
    moved_since = fields.Integer(
        allow_none=True,
        metadata={"description": "units whose results have changed since; null unless provisional results in force"},
    )


class Publications(Schema):
    """All of a cycle, oldest first."""

    publications = fields.List(fields.Nested(PublicationShown))


class Published(PublicationShown):
    """A publication with its table: unit -> cohort, rank, base, bonus, total, groups, items, leaves."""

    table = fields.Dict()


class TableDifference(Schema):
    """A place of the table in which two computations disagree."""

    unit = fields.String()
    place = fields.String()
    before = fields.Raw(allow_none=True)
    after = fields.Raw(allow_none=True)


class PublicationCheck(Schema):
    """The results computed again from the record at their position."""

    publication = fields.Integer()
    position = fields.Integer()
    digest = fields.String()
    recomputed = fields.String()
    engine = fields.String()
    recomputed_by = fields.String()
    same = fields.Boolean()
    incident = fields.Boolean(metadata={"description": "published results that the record no longer gives"})
    differences = fields.List(fields.Nested(TableDifference))


class PublicationDifferences(Schema):
    """What two publications disagree in."""

    before = fields.Integer()
    after = fields.Integer()
    differences = fields.List(fields.Nested(TableDifference))

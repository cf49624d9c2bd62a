"""What recomputations are answered with."""

from marshmallow import Schema, fields

from service.schemas.publications import PublicationCheck


class Summary(Schema):
    """A replay of everything from zero, compared with the live tables at one position."""

    id = fields.String()
    state = fields.String(metadata={"enum": ["requested", "identical", "different", "approved", "applied"]})
    version = fields.Integer()
    requested_by = fields.String()
    requested_at = fields.String()
    reason = fields.String()
    position = fields.Integer()
    digest = fields.String()
    rows = fields.Integer()
    differences = fields.Integer(metadata={"description": "rows that disagree"})
    engine = fields.String()
    finished_at = fields.String()
    approved_by = fields.String()
    approved_at = fields.String()
    approval = fields.String()
    applied_at = fields.String()
    applied_position = fields.Integer()


class Progress(Schema):
    """How far a replay has come: its phase, the position it goes up to, shares of the streams filled and in all."""

    phase = fields.String()
    upto = fields.Integer()
    filled = fields.Integer()
    shares = fields.Integer()


class Incident(PublicationCheck):
    """A published result that this program no longer gives, with its cycle."""

    cycle = fields.String()


class Recomputation(Summary):
    """The same with its report and, while workers are at it, their progress."""

    progress = fields.Nested(Progress, allow_none=True)

    report = fields.Raw(allow_none=True, metadata={"description": "differences by leaf, item, total and rank"})
    incidents = fields.List(
        fields.Nested(Incident),
        metadata={"description": "published results that computing them again now does not give"},
    )


class Recomputations(Schema):
    """All recomputations, without their reports."""

    recomputations = fields.List(fields.Nested(Summary))

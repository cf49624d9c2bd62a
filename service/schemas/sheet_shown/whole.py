"""The whole sheet."""

from marshmallow import Schema, fields

from service.schemas.moments import AsOfShown
from service.schemas.sheet_shown.decided import AdjustmentShown, AppealOnSheet, BonusShown, RoundShown
from service.schemas.sheet_shown.filed import Both, EvidenceShown, LeafShown, SubmissionShown
from service.schemas.targets import IssuedShown


class Sheet(Schema):
    """The sheet as it stands."""

    cycle = fields.String()
    unit = fields.String()
    item = fields.String()
    cohort = fields.String()
    version = fields.Integer()
    text = fields.Nested(Both, metadata={"description": "the item's verbatim text"})
    leaves = fields.List(fields.Nested(LeafShown))
    submissions = fields.List(fields.Nested(SubmissionShown))
    evidence = fields.List(fields.Nested(EvidenceShown))
    adjustments = fields.List(fields.Nested(AdjustmentShown))
    bonuses = fields.List(fields.Nested(BonusShown))
    appeals = fields.List(fields.Nested(AppealOnSheet))
    targets = fields.Dict(values=fields.Integer(), metadata={"description": "targets in force, by task leaf"})
    targets_issued = fields.Dict(
        values=fields.Nested(IssuedShown),
        metadata={"description": "who issued each of them, when and why, and those before"},
    )
    rounds = fields.List(
        fields.Nested(RoundShown), metadata={"description": "double marking: the last round of each drawn leaf"}
    )
    as_of = fields.Nested(AsOfShown)

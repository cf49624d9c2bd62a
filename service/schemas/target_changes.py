"""Answers about changes of targets in a year under way; what is proposed is a ``Target``."""

from marshmallow import Schema, fields

from service.schemas.changes import ChangeShown
from service.schemas.publications import TableDifference


class TargetChangeShown(ChangeShown):
    """Another target for a unit's leaf; ``before`` is null where it has none yet."""

    state = fields.String(metadata={"enum": ["proposed", "confirmed", "withdrawn", "declined"]})
    unit = fields.String()
    leaf = fields.String()
    before = fields.Integer(allow_none=True)
    target = fields.Integer()
    effective = fields.String(
        allow_none=True, metadata={"description": "from when on it holds; null: from its confirmation on"}
    )


class TargetChanges(Schema):
    """All of a cycle, oldest first."""

    changes = fields.List(fields.Nested(TargetChangeShown))


class TargetChange(TargetChangeShown):
    """A change with everything it moves, place by place: "leaves/1a/final", "total/final", "rank"."""

    differences = fields.List(fields.Nested(TableDifference))

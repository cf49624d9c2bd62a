"""Bodies and answers about changes of a cycle's rubric."""

from marshmallow import Schema, fields

from service.schemas.changes import ChangeShown
from service.schemas.fields import Digest, Text
from service.schemas.publications import TableDifference


class RubricChangeBody(Schema):
    """Which published version of its rubric the cycle should go on under, and why."""

    hash = Digest(required=True)
    reason = Text(required=True, most=2000)


class RubricChangeShown(ChangeShown):
    """Another version of the rubric; ``before`` and ``hash`` are the two versions."""

    state = fields.String(metadata={"enum": ["proposed", "adopted", "withdrawn", "declined"]})
    before = fields.String()
    hash = fields.String()


class RubricChanges(Schema):
    """All of a cycle, oldest first."""

    changes = fields.List(fields.Nested(RubricChangeShown))


class LeafChange(Schema):
    """A leaf that comes, or for which another department answers or another kind of rule scores it."""

    cohort = fields.String()
    leaf = fields.String()
    change = fields.String(metadata={"enum": ["added", "department", "register", "kind"]})
    before = fields.String()
    after = fields.String(metadata={"description": "the item of a leaf that comes, the department, or the kind"})


class RubricChange(RubricChangeShown):
    """A change with everything it moves, place by place: "leaves/6a/final", "total/final", "rank"."""

    leaves = fields.List(fields.Nested(LeafChange))
    differences = fields.List(fields.Nested(TableDifference))

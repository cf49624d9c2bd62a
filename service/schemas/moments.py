"""When: the moment, or the two moments, that a read asks for."""

from marshmallow import Schema, fields

from service.schemas.fields import Moment, Position

_POSITION = "as it stood at this position of the record"
_RECORDED = "as it was known at this time"
_PUBLICATION = "as the results of this publication stood"
_EFFECTIVE = (
    "as we know it was at this time: every event known (now, or as of the position or recorded time given beside it) "
    "taken at its effective time"
)


class AsOf(Schema):
    """When: at a position or as then known at a time (one of the two), and of how it was at a time; none is now."""

    as_of_position = Position(load_default=None, metadata={"description": _POSITION})
    as_of_recorded = Moment(load_default=None, metadata={"description": _RECORDED})
    as_of_effective = Moment(load_default=None, metadata={"description": _EFFECTIVE})


class AsOfShown(Schema):
    """The moment an answer stands at; absent from answers as of now."""

    position = fields.Integer()
    recorded = fields.String(allow_none=True, metadata={"description": "when the record knew as much"})
    effective = fields.String(allow_none=True, metadata={"description": "of how it was then; null: at the end"})


class Between(Schema):
    """Two moments: each at a position, as known at a time or as published, and of how it was at a time.

    Left out, the first is the beginning of the record and the second is now.
    """

    from_position = Position(load_default=None, metadata={"description": _POSITION})
    from_recorded = Moment(load_default=None, metadata={"description": _RECORDED})
    from_publication = Position(load_default=None, metadata={"description": _PUBLICATION})
    from_effective = Moment(load_default=None, metadata={"description": _EFFECTIVE})
    to_position = Position(load_default=None, metadata={"description": _POSITION})
    to_recorded = Moment(load_default=None, metadata={"description": _RECORDED})
    to_publication = Position(load_default=None, metadata={"description": _PUBLICATION})
    to_effective = Moment(load_default=None, metadata={"description": _EFFECTIVE})

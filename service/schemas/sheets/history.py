"""What a sheet's past and its scores are asked for, and what is answered."""

from marshmallow import Schema, fields

from service.schemas.moments import AsOf, AsOfShown
from service.schemas.pages import Page
from service.schemas.sheets.acts import Leaf


class Told(AsOf, Page):
    """Which of a sheet's events: all of them, or those that concern one leaf; now or as of a moment."""

    leaf = Leaf(load_default=None)


class History(Schema):
    """Every event of a sheet."""

    stream = fields.String()
    events = fields.List(
        fields.Dict(),
        metadata={"description": "each entry as recorded (CloudEvents 1.0), its leaf hash and, once ordered, position"},
    )
    as_of = fields.Nested(AsOfShown)


class Explanation(Schema):
    """The derivation tree."""

    item = fields.Dict()
    version = fields.Integer()
    as_of = fields.Nested(AsOfShown)

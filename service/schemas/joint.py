"""Bodies about joint claims."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from domain.acts.joint import MOST
from service.schemas.fields import Points, Slug, Text
from service.schemas.sheets.acts import Claim, Leaf

_SHARES: dict[str, Any] = {
    "keys": Slug(),
    "values": Points(),
    "metadata": {"description": "points by unit, adding up to those of the leaf (at the level named)"},
}


class JointClaim(Claim):
    """A key that several units bring forward: either ``shares`` of all of them, or ``partners`` to share equally."""

    level = Text(load_default="", least=0, most=20)
    partners = fields.List(Slug(), load_default=list, validate=validate.Length(max=MOST))
    shares = fields.Dict(load_default=dict, validate=validate.Length(max=MOST), **_SHARES)
    statement = Text(load_default="", least=0, most=2000)

    @validates_schema
    def one_way(self, data: dict[str, Any], **_: object) -> None:
        """The others are named in one way."""
        if bool(data.get("partners")) == bool(data.get("shares")):
            raise ValidationError("partners 与 shares 须且只能给一个 / give one of the two", "shares")


class KeyNamed(Schema):
    """Which key the joint claim is about."""

    leaf = Leaf(required=True)
    key = Text(required=True, most=80)


class Dispute(KeyNamed):
    """Why a partner does not agree."""

    statement = Text(required=True, least=4, most=2000)


class Split(KeyNamed):
    """A proposed split among the partners; who is left out, or has 0.00, has no part in it."""

    shares = fields.Dict(required=True, validate=validate.Length(min=1, max=MOST), **_SHARES)
    reason = Text(required=True, most=2000)


class SplitDecision(KeyNamed):
    """Why the split is decided as proposed."""

    reason = Text(required=True, most=2000)

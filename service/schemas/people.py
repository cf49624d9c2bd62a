"""Bodies and answers about people, their roles and tokens."""

from marshmallow import Schema, fields, validate

from domain.people import SCOPES
from service.schemas.fields import Pattern, Slug, Text

_SCOPE = r"^(\*|[a-z0-9][a-z0-9-]{0,39})$"


class Person(Schema):
    """A new person; the name goes to the vault, the record holds a commitment to it."""

    name = Text(required=True, most=80)


class Role(Schema):
    """A role within a scope: a unit, a department, or "*"."""

    role = fields.String(required=True, validate=validate.OneOf(tuple(SCOPES)))
    scope = Pattern(_SCOPE, required=True)
    reason = Text(required=True, most=2000)


class Conflict(Schema):
    """A declared conflict of interest."""

    unit = Slug(required=True)
    reason = Text(required=True, most=2000)


class Credential(Schema):
    """For how many days a new token is in force."""

    days = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=365))


class GrantShown(Schema):
    """A role within a scope."""

    role = fields.String()
    scope = fields.String()


class PersonShown(Schema):
    """A person as an administrator, an auditor or he himself sees him; never a token."""

    id = fields.String()
    name = fields.String(allow_none=True)
    roles = fields.List(fields.Nested(GrantShown))
    conflicts = fields.List(fields.String())
    credentials = fields.List(fields.Dict())
    version = fields.Integer()


class People(Schema):
    """All people."""

    people = fields.List(fields.Nested(PersonShown))

"""Who there is, in which roles: what is sent, asked and answered."""

from marshmallow import Schema, fields, validate

from domain.duties import ACTS
from domain.scopes import SCOPES
from service.schemas.fields import Id, Pattern, Slug, Text
from service.schemas.moments import AsOf, AsOfShown
from service.schemas.pages import LIMIT, Page
from service.schemas.people.admission import CredentialHeld

_SCOPE = r"^(\*|[a-z0-9][a-z0-9-]{0,39})$"
_SAYS = "须为单位或部门编号，或 * / the id of a unit or a department, or *"


class Person(Schema):
    """A new person; the name goes to the vault, the record holds a commitment to it."""

    name = Text(required=True, most=80)


class Role(Schema):
    """A role within a scope: a unit, a department, or "*"."""

    role = fields.String(required=True, validate=validate.OneOf(tuple(SCOPES)))
    scope = Pattern(_SCOPE, _SAYS, required=True)
    reason = Text(required=True, most=2000)


class Conflict(Schema):
    """A declared conflict of interest."""

    unit = Slug(required=True)
    reason = Text(required=True, most=2000)


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
    credentials = fields.List(fields.Nested(CredentialHeld))
    identities = fields.List(fields.String(), metadata={"description": "links to identities of the provider, by id"})
    readmission_proposed_by = fields.String(
        allow_none=True, metadata={"description": "an administrator who waits for another to let the person in anew"}
    )
    version = fields.Integer()
    as_of = fields.Nested(AsOfShown)


class Whose(Schema):
    """Whose names: ``id`` up to 200 times."""

    id = fields.List(Id(), required=True, validate=validate.Length(min=1, max=LIMIT))


class NameShown(Schema):
    """A name as the vault holds it now."""

    name = fields.String(allow_none=True)
    erased = fields.Boolean(metadata={"description": "the name was lawfully erased"})


class Names(Schema):
    """Names by id; an id that nobody has, or whose name the caller may not be told, is left out."""

    names = fields.Dict(keys=fields.String(), values=fields.Nested(NameShown))


class People(Schema):
    """All people."""

    people = fields.List(fields.Nested(PersonShown))


class Holders(AsOf, Page):
    """Whom to list: by role, by its scope, by an act he could do on a unit's leaf of a department; and as of when."""

    role = fields.String(load_default=None, validate=validate.OneOf(tuple(SCOPES)))
    scope = Pattern(_SCOPE, _SAYS, load_default=None)
    act = fields.String(load_default=None, validate=validate.OneOf(tuple(ACTS)))
    unit = Slug(load_default="")
    department = Slug(load_default="")


class RoleHolder(Schema):
    """A person with the roles he held and the conflicts he had declared."""

    id = fields.String()
    name = fields.String(allow_none=True)
    roles = fields.List(fields.Nested(GrantShown))
    conflicts = fields.List(fields.String())


class RoleHolders(Schema):
    """Who held a role at a moment."""

    position = fields.Integer()
    as_of = fields.Nested(AsOfShown)
    people = fields.List(fields.Nested(RoleHolder))

"""How people are let in: tokens, sessions, invitations, identities."""

from marshmallow import Schema, fields, validate

from domain.credentials import INVITATION, SESSION, TOKEN
from service.schemas.fields import Text
from workers.settings_admission import LONGEST_DAYS


class Credential(Schema):
    """For how many days a new token is in force; as long as the house has it unless said."""

    days = fields.Integer(strict=True, validate=validate.Range(min=1, max=LONGEST_DAYS))


class Rotation(Credential):
    """When the token that is shown ends: at once, or after some minutes in which the new one is put in its places."""

    grace_minutes = fields.Integer(load_default=0, strict=True, validate=validate.Range(min=0, max=10))


class Invitation(Schema):
    """For how many hours an invitation is open."""

    hours = fields.Integer(load_default=24, strict=True, validate=validate.Range(min=1, max=72))


class Identity(Schema):
    """The subject by which the provider knows somebody ("sub"); it goes to the vault."""

    subject = Text(required=True, most=255)


class CredentialHeld(Schema):
    """A token, session or invitation, by its id; never the secret."""

    id = fields.String()
    sort = fields.String(metadata={"enum": [TOKEN, SESSION, INVITATION]})
    expires = fields.String()


class CredentialShown(CredentialHeld):
    """One of the caller's own."""

    rotated = fields.Boolean()
    current = fields.Boolean(metadata={"description": "the one that this request showed"})


class Credentials(Schema):
    """What is in force of the caller's."""

    credentials = fields.List(fields.Nested(CredentialShown))

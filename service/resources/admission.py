"""/people/{person}/credentials, invitations and identities: how a person is let in, anew, and no longer."""

from datetime import timedelta
from typing import Any

from flask import Response

from domain import admission, people
from domain.people import Grant, Person
from events.entry import new_id, utc_text
from service.auth import caller, own_grant
from service.commands import identities
from service.commands.streams import act
from service.lifetimes import lifetime
from service.office import office
from service.resources.answers import committed
from service.resources.people import administer, at, blueprint
from service.schemas.people import admission as schemas
from service.schemas.sheets.acts import Reason
from service.schemas.sheets.receipts import Receipt
from service.tokens import new_token


@at("/people/<uuid:person>/credentials", methods=["POST"])
@blueprint.arguments(schemas.Credential)
@blueprint.response(201, Receipt)
def post_credential(body: dict[str, Any], person: Any) -> Response:
    """Issues a token, shown once, to whom no provider vouches for; a repeated request answers without it."""
    token, (expires, latest) = new_token(str(person)), lifetime(body.get("days"))

    def decide(state: Person) -> list[Any]:
        return admission.issue_credential(state, new_id(), token.digest, expires, by=caller().id, latest=latest)

    commit = act(office().people, ("person/", str(person)), "issue-credential", administer, decide)
    return committed(commit, token=None if commit.replayed else token.text)


@at("/people/<uuid:person>/readmission", methods=["POST"])
@blueprint.arguments(Reason)
@blueprint.response(201, Receipt)
def post_readmission(body: dict[str, Any], person: Any) -> Response:
    """Proposes that another administrator issues a token or an invitation, or links an identity, to who decides."""

    def decide(state: Person) -> list[Any]:
        return admission.propose(state, new_id(), body["reason"], by=caller().id)

    return committed(act(office().people, ("person/", str(person)), "propose-readmission", administer, decide))


@at("/people/<uuid:person>/invitations", methods=["POST"])
@blueprint.arguments(schemas.Invitation)
@blueprint.response(201, Receipt)
def post_invitation(body: dict[str, Any], person: Any) -> Response:
    """Issues a code, shown once, that the person exchanges once for a token or for a sign-in."""
    code = new_token(str(person))
    expires = utc_text(office().now() + timedelta(hours=body["hours"]))

    def decide(state: Person) -> list[Any]:
        return admission.invite(state, new_id(), code.digest, expires, by=caller().id)

    commit = act(office().people, ("person/", str(person)), "invite", administer, decide)
    return committed(commit, invitation=None if commit.replayed else code.text)


@at("/people/<uuid:person>/credentials/<uuid:credential>/revocation", methods=["POST"])
@blueprint.arguments(Reason)
@blueprint.response(201, Receipt)
def post_credential_revocation(body: dict[str, Any], person: Any, credential: Any) -> Response:
    """Ends a token at once: one's own, or anybody's as an administrator."""

    def permitted() -> Grant:
        return own_grant() if caller().id == str(person) else administer()

    def decide(state: Person) -> list[Any]:
        return people.revoke_credential(state, str(credential), body["reason"])

    return committed(act(office().people, ("person/", str(person)), "revoke-credential", permitted, decide))


@at("/people/<uuid:person>/identities", methods=["POST"])
@blueprint.arguments(schemas.Identity)
@blueprint.response(201, Receipt)
def post_identity(body: dict[str, Any], person: Any) -> Response:
    """Links an identity of the provider to a person, by its subject."""
    return committed(identities.link(str(person), body["subject"], administer))


@at("/people/<uuid:person>/identities/<uuid:identity>/unlinking", methods=["POST"])
@blueprint.arguments(Reason)
@blueprint.response(201, Receipt)
def post_unlinking(body: dict[str, Any], person: Any, identity: Any) -> Response:
    """Unlinks an identity, whose sessions end at once: one's own, or anybody's as an administrator."""

    def permitted() -> Grant:
        return own_grant() if caller().id == str(person) else administer()

    def decide(state: Person) -> list[Any]:
        return admission.unlink(state, str(identity), body["reason"])

    return committed(act(office().people, ("person/", str(person)), "unlink-identity", permitted, decide))

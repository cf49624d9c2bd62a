"""/me/credentials: one's own tokens, sessions and invitations, seen, taken, rotated and ended by oneself."""

from datetime import timedelta
from typing import Any

from flask import Response

from domain import admission, facts, people
from domain.credentials import INVITATION, SESSION, TOKEN, days
from domain.people import Person
from domain.refusals import Refused
from events.entry import new_id, utc_text
from events.store import Commit
from service.auth import caller, credential, own_grant, takes
from service.commands.streams import act
from service.lifetimes import lifetime
from service.office import office
from service.queries.pages import linked, page_of_rows
from service.queries.people import credentials_shown
from service.reading import Blueprint
from service.resources.answers import committed, document
from service.schemas.pages import Page
from service.schemas.people import admission as schemas
from service.schemas.sheets.acts import Reason
from service.schemas.sheets.receipts import Receipt
from service.tokens import NewToken, new_token

blueprint = Blueprint("credentials", __name__, url_prefix="/api/v1/me/credentials")
at = blueprint.route


@at("")
@blueprint.arguments(Page, location="query")
@blueprint.response(200, schemas.Credentials)
def get_credentials(query: dict[str, Any]) -> Response:
    """The caller's own, as far as they are in force."""
    person, head = office().people.get(caller().id)
    every = credentials_shown(person, office().now(), credential())
    rows, cursor = page_of_rows(every, lambda row: (row["id"],), (str,), query)
    return linked(document({"credentials": rows}, head.version), cursor)


@at("", methods=["POST"])
@takes(TOKEN, SESSION, INVITATION)
@blueprint.arguments(schemas.Credential)
@blueprint.response(201, Receipt)
def post_credential(body: dict[str, Any]) -> Response:
    """Takes a token, shown once: in a session, or for an invitation, which is used up."""
    person, shows = caller(), credential()
    sort = person.credentials[shows].sort
    token, (expires, latest) = new_token(person.id), lifetime(body.get("days"))
    issued = facts.CredentialIssued(new_id(), token.digest, expires)

    def decide(state: Person) -> list[Any]:
        if sort == TOKEN:
            raise Refused("needs-sign-in")
        if sort == INVITATION:
            return admission.redeem(state, shows, issued, latest=latest)
        return admission.issue_credential(state, issued.credential, issued.digest, expires, latest=latest)

    return _shown_once(_own(decide, "take-credential"), token)


@at("/rotation", methods=["POST"])
@blueprint.arguments(schemas.Rotation)
@blueprint.response(201, Receipt)
def post_rotation(body: dict[str, Any]) -> Response:
    """A new token, shown once, for no more days, in the place of the one shown, which ends now or after the grace."""
    shows, token = credential(), new_token(caller().id)
    expires, latest = lifetime(body.get("days"), days(caller().credentials[shows]))
    until = utc_text(office().now() + timedelta(minutes=body["grace_minutes"]))
    issued = facts.CredentialIssued(new_id(), token.digest, expires)

    def decide(state: Person) -> list[Any]:
        return admission.rotate(state, shows, issued, until, latest=latest)

    return _shown_once(_own(decide, "rotate-credential"), token)


@at("/<uuid:credential_id>/revocation", methods=["POST"])
@blueprint.arguments(Reason)
@blueprint.response(201, Receipt)
def post_revocation(body: dict[str, Any], credential_id: Any) -> Response:
    """Ends one of the caller's own at once."""

    def decide(state: Person) -> list[Any]:
        return people.revoke_credential(state, str(credential_id), body["reason"])

    return committed(_own(decide, "revoke-credential"))


def _own(decide: Any, name: str) -> Commit:
    return act(office().people, ("person/", caller().id), name, own_grant, decide)


def _shown_once(commit: Commit, token: NewToken) -> Response:
    return committed(commit, token=None if commit.replayed else token.text)

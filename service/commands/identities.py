"""Identities of the provider and the people they are linked to: the record commits, the vault knows, one person each.

An identity is "issuer subject". It is found in the vault by a keyed hash that stands in the row of its text and goes
with it, so an erasure has no table of subjects to find, and a person who was erased is recognised no more (ADR 0009,
0033).
"""

from typing import Any

import psycopg

from domain import admission, facts
from domain.people import Person
from domain.refusals import Refused
from events.entry import new_id, utc_text
from events.sealed import Secret, seal
from events.store import Commit, Within
from service.auth import caller, own_grant
from service.commands.streams import act
from service.lifetimes import session_end
from service.office import office
from service.tokens import NewToken

CONTEXT = "person.identity"
# Held to the end of the transaction that links: of two that link one identity at once, the second sees the first.
_ALONE = "SELECT pg_advisory_xact_lock(hashtextextended('kaohe identity', 0))"


def identity(subject: str) -> str:
    """The text by which the configured provider's subject is known."""
    return f"{office().identity_provider.settings.issuer} {subject}"


def linked(text: str) -> tuple[Person, str] | None:
    """The person an identity is linked to now, with the link's id; None when it is nobody's."""
    for key, commitment in office().vault.holders(CONTEXT, text):
        person, _ = office().people.get(key)
        for link, committed in person.identities.items():
            if committed == commitment:
                return person, link
    return None


def link(person: str, subject: str, permitted: Any) -> Commit:
    """Links an identity to a person, if it is nobody's."""
    text, name = identity(subject), new_id()
    secret = Secret(person, CONTEXT, text, sought=True)

    def decide(state: Person) -> list[facts.Fact]:
        _nobodys(text)
        return admission.link(state, name, secret.commitment, by=caller().id)

    return act(office().people, ("person/", person), "link-identity", permitted, decide, _alone(secret, text))


def sign_in(person: Person, link: str, token: NewToken) -> Commit:
    """A session for whom the provider has vouched; the caller by now."""
    session = facts.SignedIn(new_id(), token.digest, utc_text(session_end()), link)

    def decide(state: Person) -> list[facts.Fact]:
        return admission.sign_in(state, session)

    return act(office().people, ("person/", person.id), "sign-in", own_grant, decide)


def accept(person: Person, invitation: str, text: str, token: NewToken) -> Commit:
    """An invited person brings his identity and is signed in with it, in one commit."""
    secret = Secret(person.id, CONTEXT, text, sought=True)
    session = facts.SignedIn(new_id(), token.digest, utc_text(session_end()), new_id())

    def decide(state: Person) -> list[facts.Fact]:
        _nobodys(text)
        return admission.accept(state, invitation, secret.commitment, session)

    within = _alone(secret, text)
    return act(office().people, ("person/", person.id), "accept-invitation", own_grant, decide, within)


def sign_out(person: Person, session: str) -> Commit:
    """Ends the session that is shown."""

    def decide(_: Person) -> list[facts.Fact]:
        return [facts.CredentialRevoked(session, "本人退出 signed out")]

    return act(office().people, ("person/", person.id), "sign-out", own_grant, decide)


def _nobodys(text: str) -> None:
    if linked(text):
        raise Refused("identity-taken")


def _alone(secret: Secret, text: str) -> Within:
    def write(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        connection.execute(_ALONE)
        _nobodys(text)
        seal(secret)(connection)

    return write

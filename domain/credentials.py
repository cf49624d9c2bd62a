"""What a person shows to be let in: tokens, sessions of a sign-in, and invitations, each until its last moment."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain import facts

TOKEN, SESSION, INVITATION = "token", "session", "invitation"
LONGEST_SESSION = timedelta(hours=24)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Credential:
    """A secret's digest (SHA-256, hexadecimal) and last moment (RFC 3339 UTC).

    ``issued``: when it was, where a token's event said so.
    ``identity``: the linked identity a session began with. ``rotated``: another token has taken its place.
    """

    digest: str
    expires: str
    sort: str = TOKEN
    identity: str = ""
    rotated: bool = False
    issued: str = ""


Credentials = Mapping[str, Credential]


def after(held: Credentials, fact: facts.Fact, at: str = "") -> Credentials:
    """The credentials after ``fact``, recorded ``at``; the same mapping when it changes none."""
    match fact:
        case facts.CredentialIssued():
            return {**held, fact.credential: Credential(fact.digest, fact.expires, issued=at)}
        case facts.SignedIn():
            session = Credential(fact.digest, fact.expires, SESSION, fact.identity)
            return {**_without_old_sessions(held, session), fact.credential: session}
        case facts.InvitationIssued():
            left = {key: each for key, each in held.items() if each.sort != INVITATION}
            return {**left, fact.invitation: Credential(fact.digest, fact.expires, INVITATION)}
        case facts.CredentialRotated() if fact.before in held:
            ending = held[fact.before]
            last = min(fact.until, ending.expires, key=datetime.fromisoformat)
            ended = replace(ending, expires=last, rotated=True)
            return {**held, fact.before: ended, fact.credential: Credential(fact.digest, fact.expires, issued=at)}
        case facts.CredentialRevoked():
            return {key: each for key, each in held.items() if key != fact.credential}
        case facts.InvitationAccepted():
            return {key: each for key, each in held.items() if key != fact.invitation}
        case facts.IdentityUnlinked():
            return {key: each for key, each in held.items() if each.identity != fact.identity}
    return held


def found(held: Credentials, digest: str, now: datetime, *sorts: str) -> str | None:
    """The id of the credential of that digest that is in force at ``now``; tokens and sessions unless ``sorts``."""
    for key, each in held.items():
        if each.digest == digest and each.sort in (sorts or (TOKEN, SESSION)):
            return key if datetime.fromisoformat(each.expires) > now else None
    return None


def days(credential: Credential) -> int | None:
    """For how many days a token was issued, to the nearest; None where nobody knows since when.

    Clocks that differ by less than half a day, and the moments between deciding and recording, make it no other.
    """
    if not credential.issued:
        return None
    lasts = datetime.fromisoformat(credential.expires) - datetime.fromisoformat(credential.issued)
    return max(1, (lasts + _DAY / 2) // _DAY)


def _without_old_sessions(held: Credentials, newest: Credential) -> Credentials:
    """Without the sessions that were over when ``newest`` began, or people would collect thousands."""
    over = datetime.fromisoformat(newest.expires) - LONGEST_SESSION
    return {key: each for key, each in held.items() if each.sort != SESSION or not _by(each, over)}


def _by(credential: Credential, moment: datetime) -> bool:
    return datetime.fromisoformat(credential.expires) <= moment

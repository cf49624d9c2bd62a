"""How people come by what they show: tokens issued and rotated, invitations, identities of the provider, sessions.

Whoever has a linked identity signs in himself: nobody can issue or invite for him any more, so no administrator can
come to act under his name. Who decides something and was let in before is let in anew by two administrators, for the
one who does it could act as him. All moments are arguments, written in UTC.
"""

from domain import facts, spelling
from domain.credentials import INVITATION, TOKEN
from domain.people import Person, known
from domain.refusals import Refused

LETTING_IN = (facts.CredentialIssued, facts.InvitationIssued, facts.IdentityLinked)


def issue_credential(
    person: Person, credential: str, digest: str, expires: str, *, by: str = "", latest: str = ""
) -> list[facts.Fact]:
    """Records a token's digest and last moment, not past ``latest``; ``by`` somebody else only if he has no sign-in."""
    _new(person, credential)
    last = _until(expires, latest)
    _for_another(person, by)
    return [facts.CredentialIssued(credential, digest, last)]


def rotate(
    person: Person, before: str, token: facts.CredentialIssued, until: str, *, latest: str = ""
) -> list[facts.Fact]:
    """Puts ``token`` in the place of the token ``before``, which is good until ``until``: once, and no session."""
    _new(person, token.credential)
    if before not in person.credentials:
        raise Refused("unknown-credential")
    if person.credentials[before].sort != TOKEN:
        raise Refused("not-rotated")
    if person.credentials[before].rotated:
        raise Refused("already-rotated")
    last, ends = _until(token.expires, latest), spelling.written(spelling.moment(until, "until"))
    return [facts.CredentialRotated(before, token.credential, token.digest, last, ends)]


def invite(
    person: Person, invitation: str, digest: str, expires: str, *, by: str = "", latest: str = ""
) -> list[facts.Fact]:
    """A code for one credential; whoever has a linked identity needs none."""
    _new(person, invitation)
    last = _until(expires, latest)
    _for_another(person, by)
    return [facts.InvitationIssued(invitation, digest, last)]


def redeem(person: Person, invitation: str, token: facts.CredentialIssued, *, latest: str = "") -> list[facts.Fact]:
    """The invitation becomes a token, once."""
    _invited(person, invitation)
    _new(person, token.credential)
    last = _until(token.expires, latest)
    return [
        facts.InvitationAccepted(invitation, token.credential),
        facts.CredentialIssued(token.credential, token.digest, last),
    ]


def propose(person: Person, proposal: str, reason: str, *, by: str) -> list[facts.Fact]:
    """Proposes that another administrator than ``by`` lets the person in anew: by a token, invitation or identity."""
    known(person)
    spelling.reason(reason)
    if by == person.id:
        raise Refused("own-act")
    return [facts.ReadmissionProposed(proposal, reason)]


def needs_two(person: Person, by: str) -> bool:
    """Whether it takes a second administrator when ``by`` lets the person in, whatever roles are his just now."""
    return by not in {"", person.id} and person.admitted and person.trusted


def alone(person: Person, by: str) -> bool:
    """Whether ``by`` would do alone what takes two."""
    return needs_two(person, by) and person.readmitting in {"", by}


def link(person: Person, identity: str, subject: str, *, by: str = "") -> list[facts.Fact]:
    """The identity, given as a commitment, is the person's; that it is nobody else's is known where texts are open."""
    known(person)
    _second(person, by)
    if identity in person.identities:
        raise Refused("already-exists")
    return [facts.IdentityLinked(identity, subject)]


def unlink(person: Person, identity: str, reason: str) -> list[facts.Fact]:
    """The identity is the person's no longer, and its sessions end."""
    known(person)
    spelling.reason(reason)
    if identity not in person.identities:
        raise Refused("unknown-identity")
    return [facts.IdentityUnlinked(identity, reason)]


def sign_in(person: Person, session: facts.SignedIn) -> list[facts.Fact]:
    """A session of a linked identity."""
    _new(person, session.credential)
    if session.identity not in person.identities:
        raise Refused("unknown-identity")
    return [session]


def accept(person: Person, invitation: str, subject: str, session: facts.SignedIn) -> list[facts.Fact]:
    """An invited person brings his identity: it is linked, the invitation is used up, and he is signed in."""
    _invited(person, invitation)
    linked = link(person, session.identity, subject)
    _new(person, session.credential)
    return [facts.InvitationAccepted(invitation, session.credential), *linked, session]


def _new(person: Person, credential: str) -> None:
    known(person)
    if credential in person.credentials:
        raise Refused("already-exists")


def _invited(person: Person, invitation: str) -> None:
    known(person)
    if invitation not in person.credentials or person.credentials[invitation].sort != INVITATION:
        raise Refused("unknown-credential")


def _for_another(person: Person, by: str) -> None:
    if person.identities and by not in {"", person.id}:
        raise Refused("signs-in-himself")
    _second(person, by)


def _second(person: Person, by: str) -> None:
    if alone(person, by):
        raise Refused("own-act" if person.readmitting else "second-administrator")


def _until(expires: str, latest: str) -> str:
    last = spelling.written(spelling.moment(expires, "expires"))
    if latest and last > latest:
        raise Refused("bad-lifetime", latest, latest, place="days")
    return last

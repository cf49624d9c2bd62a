"""People, roles, conflicts and credentials; ``person/{id}``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PersonRegistered:
    """A person is known from here; the name is a commitment."""

    name: str


@dataclass(frozen=True, slots=True)
class RoleGranted:
    """A role within a scope: a unit, a department, or '*' for all."""

    role: str
    scope: str
    reason: str


@dataclass(frozen=True, slots=True)
class RoleRevoked:
    """A role within a scope ends."""

    role: str
    scope: str
    reason: str


@dataclass(frozen=True, slots=True)
class ConflictDeclared:
    """The person has a conflict of interest with a unit and may not act on it."""

    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class CredentialIssued:
    """A bearer token exists; only its SHA-256 is recorded."""

    credential: str
    digest: str
    expires: str


@dataclass(frozen=True, slots=True)
class CredentialRevoked:
    """A bearer token ends at once."""

    credential: str
    reason: str


@dataclass(frozen=True, slots=True)
class CredentialRotated:
    """A new token takes the place of an older one, which ends at ``until``."""

    before: str
    credential: str
    digest: str
    expires: str
    until: str


@dataclass(frozen=True, slots=True)
class InvitationIssued:
    """Whoever shows the code may take one credential; a code issued before it ends."""

    invitation: str
    digest: str
    expires: str


@dataclass(frozen=True, slots=True)
class ReadmissionProposed:
    """An administrator proposes that another lets somebody in anew who decides something and was let in before."""

    proposal: str
    reason: str


@dataclass(frozen=True, slots=True)
class InvitationAccepted:
    """The code was used for this credential, and is used up."""

    invitation: str
    credential: str


@dataclass(frozen=True, slots=True)
class IdentityLinked:
    """An identity of the identity provider is the person's; ``subject`` is a commitment to issuer and subject."""

    identity: str
    subject: str


@dataclass(frozen=True, slots=True)
class IdentityUnlinked:
    """An identity is the person's no longer; sessions that began with it end at once."""

    identity: str
    reason: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The identity provider vouched for the person; the session is a credential, and only its SHA-256 is recorded."""

    credential: str
    digest: str
    expires: str
    identity: str

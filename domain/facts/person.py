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

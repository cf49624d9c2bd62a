"""People: roles held within a scope, declared conflicts, credentials; folded from ``person/{id}``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain import facts, spelling
from domain.credentials import Credential, after, found
from domain.refusals import Refused
from domain.scopes import sort_of

# What the design's table says a role may never do, held against people: who administers gives no score, who audits
# writes nothing but findings, who files for a unit judges none, however many roles he collects.
DECIDING = frozenset({"reviewer", "approver", "administrator"})
_SCORING = frozenset({"unit", "reviewer", "approver"})
EXCLUDES = {
    "administrator": _SCORING | {"auditor"},
    "auditor": _SCORING | {"administrator"},
    "unit": frozenset({"reviewer", "approver"}),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """A role within a scope: a unit, a department, or "*"."""

    role: str
    scope: str


@dataclass(frozen=True, slots=True)
class Person:
    """One person as of now. ``id`` is a pseudonym; name and identities are commitments to what the vault holds.

    ``served``: every grant he ever had. ``admitted``: he has had a token or a session.
    ``trusted``: he has had a role that decides something.
    ``readmitting``: who proposed to let him in anew, until it is done.
    """

    id: str
    registered: bool = False
    name: str = ""
    grants: frozenset[Grant] = frozenset()
    served: frozenset[Grant] = frozenset()
    conflicts: frozenset[str] = frozenset()
    credentials: Mapping[str, Credential] = field(default_factory=dict)
    identities: Mapping[str, str] = field(default_factory=dict)
    admitted: bool = False
    trusted: bool = False
    readmitting: str = ""

    def evolve(self, fact: facts.Fact, by: str = "", at: str = "") -> "Person":
        """This person after ``fact`` of person ``by``, recorded ``at``; facts of other streams change nothing."""
        match fact:
            case facts.PersonRegistered():
                return replace(self, registered=True, name=fact.name)
            case facts.RoleGranted():
                trusted, grant = self.trusted or fact.role in DECIDING, frozenset({Grant(fact.role, fact.scope)})
                return replace(self, grants=self.grants | grant, served=self.served | grant, trusted=trusted)
            case facts.RoleRevoked():
                return replace(self, grants=self.grants - {Grant(fact.role, fact.scope)})
            case facts.ConflictDeclared():
                return replace(self, conflicts=self.conflicts | {fact.unit})
            case facts.IdentityLinked():
                return replace(self, identities={**self.identities, fact.identity: fact.subject}, readmitting="")
            case facts.ReadmissionProposed():
                return replace(self, readmitting=by)
            case facts.CredentialIssued() | facts.InvitationIssued() | facts.SignedIn():
                admitted = self.admitted or not isinstance(fact, facts.InvitationIssued)
                held = after(self.credentials, fact, at)
                return replace(self, credentials=held, admitted=admitted, readmitting="")
            case facts.IdentityUnlinked():
                left = {key: subject for key, subject in self.identities.items() if key != fact.identity}
                return replace(self, identities=left, credentials=after(self.credentials, fact))
        credentials = after(self.credentials, fact, at)
        return self if credentials is self.credentials else replace(self, credentials=credentials)

    def holds(self, *roles: str) -> bool:
        """Whether the person has one of the roles, in any scope."""
        return any(grant.role in roles for grant in self.grants)

    def scopes(self, *roles: str) -> frozenset[str]:
        """The scopes in which the person has one of the roles."""
        return frozenset(grant.scope for grant in self.grants if grant.role in roles)


def register(person: Person, name: str) -> list[facts.Fact]:
    """A new person; ``name`` is the commitment to the real one."""
    if person.registered:
        raise Refused("already-exists")
    return [facts.PersonRegistered(name)]


def grant_role(
    person: Person, role: str, scope: str, departments: Iterable[str], reason: str, by: str = ""
) -> list[facts.Fact]:
    """Gives a role within a scope of the sort the role takes; nobody (``by``) gives himself one."""
    known(person)
    if sort_of(role, scope, frozenset(departments)) == "unit":
        spelling.identifier(scope, "scope")
    if by == person.id:
        raise Refused("own-act")
    if Grant(role, scope) in person.grants:
        raise Refused("already-exists")
    for held in sorted(grant.role for grant in person.grants):
        if held in EXCLUDES.get(role, ()) or role in EXCLUDES.get(held, ()):
            raise Refused("roles-exclude", f"{held} / {role}", f"{held} / {role}", place="role")
    return [facts.RoleGranted(role, scope, reason)]


def revoke_role(person: Person, role: str, scope: str, reason: str) -> list[facts.Fact]:
    """Ends a role within a scope."""
    known(person)
    if Grant(role, scope) not in person.grants:
        raise Refused("not-granted")
    return [facts.RoleRevoked(role, scope, reason)]


def declare_conflict(person: Person, unit: str, reason: str) -> list[facts.Fact]:
    """Records that the person may not act on a unit."""
    known(person)
    spelling.identifier(unit, "unit")
    if unit in person.conflicts:
        raise Refused("already-exists")
    return [facts.ConflictDeclared(unit, reason)]


def revoke_credential(person: Person, credential: str, reason: str) -> list[facts.Fact]:
    """Ends a token, a session or an invitation."""
    known(person)
    if credential not in person.credentials:
        raise Refused("unknown-credential")
    return [facts.CredentialRevoked(credential, reason)]


def accepts(person: Person, digest: str, now: datetime) -> bool:
    """Whether a token or session of that digest is the person's and still in force at ``now``."""
    return found(person.credentials, digest, now) is not None


def known(person: Person) -> None:
    """Refuses somebody who was never registered."""
    if not person.registered:
        raise Refused("unknown-person")

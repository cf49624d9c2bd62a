"""Admission: who let whom in. Signing in, rotating, accepting are one's own acts, inviting an administrator's."""

from dataclasses import dataclass, field
from typing import Any

from domain import facts
from domain.admission import LETTING_IN, alone
from domain.people import Person
from service.verify.entries import Entry
from service.verify.findings import Findings

_OWN = (facts.SignedIn, facts.CredentialRotated, facts.InvitationAccepted)
_OFFICE = (facts.InvitationIssued, facts.ReadmissionProposed)
_EITHER = (facts.IdentityLinked, facts.IdentityUnlinked)


@dataclass(slots=True)
class Admission:
    """Takes entries of people, in the order of their positions."""

    findings: Findings
    _people: dict[str, Person] = field(default_factory=dict)
    _invited: dict[str, str] = field(default_factory=dict)  # person -> the invitation that may be used
    _linked: dict[tuple[str, str], str] = field(default_factory=dict)  # (person, identity) -> its commitment

    def take(self, entry: Entry, fact: Any) -> None:
        """Checks who did it, and that what it rests on was there."""
        person = entry.subject.removeprefix("person/")
        own, office = entry.actor == person, entry.role == "administrator"
        if isinstance(fact, _OWN) and not own:
            self.findings.at(entry.position, "以他人名义登录或轮换", "let in in somebody else's name", entry.actor)
        if (isinstance(fact, _OFFICE) and not office) or (isinstance(fact, _EITHER) and not (own or office)):
            self.findings.at(
                entry.position, "非管理员办理他人的登录", "somebody let in by no administrator", entry.actor
            )
        state = self._people.get(person, Person(person))
        if isinstance(fact, LETTING_IN) and alone(state, entry.actor):
            self.findings.at(
                entry.position, "一名管理员独自再次放行", "let in anew by one administrator alone", entry.actor
            )
        if entry.subject.startswith("person/"):
            self._people[person] = state.evolve(fact, entry.actor)
        self._rests(entry, person, fact)

    def _rests(self, entry: Entry, person: str, fact: Any) -> None:
        match fact:
            case facts.InvitationIssued():
                self._invited[person] = fact.invitation
            case facts.InvitationAccepted():
                if self._invited.pop(person, "") != fact.invitation:
                    self.findings.at(entry.position, "邀请不存在或已用过", "an invitation that was none, or was used")
            case facts.CredentialRevoked() if self._invited.get(person) == fact.credential:
                del self._invited[person]
            case facts.IdentityLinked():
                self._linked[person, fact.identity] = fact.subject
            case facts.IdentityUnlinked():
                self._linked.pop((person, fact.identity), None)
            case facts.SignedIn() if (person, fact.identity) not in self._linked:
                self.findings.at(entry.position, "登录身份未关联", "signed in by an identity that was not linked")

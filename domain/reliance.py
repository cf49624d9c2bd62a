"""Which of two people could have acted as the other: who issued whose token, or the invitation it was taken for.

Nobody can prove who held a token. So nothing here is a breach; it is what an auditor asks about first.
"""

from dataclasses import dataclass, field

from domain import facts


@dataclass(frozen=True, slots=True)
class Reliance:
    """A two-person act under ``rule`` when ``issuer``, one of the two, had issued a token that the other still had."""

    position: int
    stream: str
    actor: str
    act: str
    rule: str
    issuer: str
    holder: str


@dataclass(slots=True)
class Tokens:
    """The tokens of people that somebody else has seen: by person, id and who issued them.

    A rotated token is no better than the one it came from. A session is the provider's word, and so is nobody's here.
    """

    _seen: dict[str, dict[str, str]] = field(default_factory=dict)

    def take(self, person: str, actor: str, fact: facts.Fact) -> None:
        """Takes in the next event of a person."""
        seen = self._seen.setdefault(person, {})
        match fact:
            case facts.CredentialIssued() if actor not in {person, ""}:
                seen[fact.credential] = actor
            case facts.InvitationIssued() if actor not in {person, ""}:
                seen[fact.invitation] = actor
            case facts.InvitationAccepted() if fact.invitation in seen:
                seen[fact.credential] = seen.pop(fact.invitation)
            case facts.CredentialRotated() if fact.before in seen:
                seen[fact.credential] = seen[fact.before]
            case facts.CredentialRevoked() | facts.SignedIn():
                seen.pop(fact.credential, None)

    def between(self, one: str, other: str) -> tuple[str, str] | None:
        """(issuer, holder) when either of the two has a token that the other issued and nobody revoked."""
        for issuer, holder in ((one, other), (other, one)):
            if issuer != holder and issuer in self._seen.get(holder, {}).values():
                return issuer, holder
        return None

"""Register numbers (item 7) and experience keys (item 27): each counts once a cycle, over all units.

One stream a key, ``claim/{cycle}/{register}/{32 hexadecimal digits}``, so that two units that bring the same key
forward at the same moment meet there and one is refused, be it on different leaves of one register. The same commit
that claims, declines or revokes a bonus takes or frees its key.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from domain import facts
from domain.joint import Joint
from domain.refusals import Refused
from domain.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Holder:
    """A bonus that holds a key: its unit, item and id."""

    unit: str
    item: str
    bonus: str


@dataclass(frozen=True, slots=True)
class Claim:
    """Who holds a key: nobody while it is free, one bonus, or the partners of a joint claim (one id on each sheet).

    Several bonuses hold it only where the rubric counts a key for each unit (Q12).
    """

    holders: tuple[Holder, ...] = ()
    joint: Joint | None = None

    def evolve(self, fact: facts.Fact, effective: str = "") -> "Claim":
        """This claim after ``fact``; facts of other streams, and a release by another bonus, change nothing."""
        match fact:
            case facts.KeyReserved():
                return replace(self, holders=(*self.holders, Holder(fact.unit, fact.item, fact.bonus)))
            case facts.KeyReleased():
                joint = None if self.joint and self.joint.bonus == fact.bonus else self.joint
                return Claim(self._without(fact.bonus), joint)
            case facts.JointClaimed():
                return Claim((*self.holders, *_partners(fact.shares, fact)), Joint.of(fact, effective))
            case facts.JointSplitDecided() if self.joint:
                held = (*self._without(fact.bonus), *_partners(fact.shares, self.joint.claim))
                return Claim(held, self.joint.evolve(fact))
        return replace(self, joint=self.joint.evolve(fact)) if self.joint else self

    def _without(self, bonus: str) -> tuple[Holder, ...]:
        return tuple(each for each in self.holders if each.bonus != bonus)


def follow(claim: Claim, sheet: Sheet, fact: facts.Fact, each: bool = False) -> list[facts.Fact]:
    """What a fact of ``sheet`` means for its key: taken, freed, shared, or nothing.

    Refuses a key that another bonus holds (with ``each``: another bonus of the same unit), and what does not fit the
    joint claim as it stands.
    """
    match fact:
        case facts.BonusClaimed() | facts.BonusProposed():
            return reserve(claim, Holder(sheet.unit, sheet.item, fact.bonus), fact.key, each)
        case facts.BonusDeclined() | facts.BonusRevoked():
            return release(claim, fact.bonus)
        case facts.JointClaimed():
            for partner in _partners(fact.shares, fact):
                _untaken(claim, partner, fact.key, each)
            return [fact]
        case facts.JointClaimAgreed() | facts.JointClaimDisputed():
            _of_a_partner(claim, fact)
            return [fact]
        case facts.JointSplitProposed() | facts.JointSplitDecided():
            _undecided(claim, fact)
            return [replace(fact, unit="") if isinstance(fact, facts.JointSplitDecided) else fact]
    return []


def reserve(claim: Claim, holder: Holder, key: str, each: bool = False) -> list[facts.Fact]:
    """Takes the key for a bonus; nothing when that bonus holds it already. The refusal does not say who holds it."""
    if holder in claim.holders:
        if claim.joint and claim.joint.bonus == holder.bonus and not claim.joint.ready:
            raise Refused("joint-held", claim.joint.state, claim.joint.state)
        return []
    _untaken(claim, holder, key, each)
    return [facts.KeyReserved(holder.unit, holder.item, holder.bonus)]


def release(claim: Claim, bonus: str) -> list[facts.Fact]:
    """Frees the key if this bonus holds it, else nothing."""
    return [facts.KeyReleased(bonus)] if any(each.bonus == bonus for each in claim.holders) else []


def held_jointly(claim: Claim, bonus: str, unit: str, leaf: str) -> Joint:
    """The joint claim of that bonus on that leaf; to a unit that is no partner of it there is none."""
    found = claim.joint
    if found is None or (found.bonus, found.claim.leaf) != (bonus, leaf) or unit not in found.claim.shares:
        raise Refused("unknown-bonus", bonus, bonus)
    return found


def _partners(shares: Mapping[str, str], claim: facts.JointClaimed) -> tuple[Holder, ...]:
    return tuple(Holder(unit, claim.item, claim.bonus) for unit in sorted(shares))


def _untaken(claim: Claim, wanted: Holder, key: str, each: bool) -> None:
    if any(not each or held.unit == wanted.unit for held in claim.holders):
        raise Refused("key-taken", key, key, place="key")


def _of_a_partner(claim: Claim, fact: facts.JointClaimAgreed | facts.JointClaimDisputed) -> None:
    joint = held_jointly(claim, fact.bonus, fact.unit, fact.leaf)
    if joint.decided or fact.unit in joint.agreed:
        raise Refused("already-decided", joint.state, joint.state)
    if fact.shares != joint.shares:
        raise Refused("bad-shares", place="shares")


def _undecided(claim: Claim, fact: facts.JointSplitProposed | facts.JointSplitDecided) -> None:
    joint = claim.joint
    if joint is None or joint.bonus != fact.bonus:
        raise Refused("unknown-bonus", fact.bonus, fact.bonus)
    if joint.ready:
        raise Refused("already-decided", joint.state, joint.state)
    if isinstance(fact, facts.JointSplitDecided) and (joint.proposal is None or joint.proposal.shares != fact.shares):
        raise Refused("bad-shares", place="shares")

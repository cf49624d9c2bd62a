"""Bonuses of items 7 and 27: claimed by the unit or not, proposed with a justification, granted by a second person."""

from domain import facts
from domain.acts.case import Case, Decided
from domain.duties import second_person
from domain.refusals import Refused
from domain.rubric.rules import Award, Tally
from domain.sheet import Bonus


def propose(case: Case, proposal: facts.BonusProposed) -> Decided:
    """Proposes a bonus, on an open claim (same id) or of the reviewer's own."""
    rule = case.rule(proposal.leaf, Tally, Award)
    grant = case.by_department("review", proposal.leaf)
    claim = case.sheet.bonuses.get(proposal.bonus)
    if claim is not None and claim.state != "claimed":
        raise Refused("already-decided", claim.state, claim.state)
    if claim is not None and (claim.leaf, claim.key) != (proposal.leaf, proposal.key):
        raise Refused("unknown-bonus", proposal.bonus, proposal.bonus)
    levels = {level.id for level in rule.levels} if isinstance(rule, Award) else set()
    if (proposal.level or None) not in (levels or {None}):
        raise Refused("bad-level", proposal.level, proposal.level, place="level")
    if not set(proposal.evidence) <= set(case.sheet.evidence):
        raise Refused("unknown-evidence", place="evidence")
    return Decided(grant, [proposal])


def grant(case: Case, bonus: str, reason: str) -> Decided:
    """Grants a proposed bonus, by somebody who neither proposed nor claimed it."""
    found = _find(case, bonus)
    held = case.by_department("approve", found.leaf)
    _proposed(found)
    second_person(case.person, found.proposer, found.claimant)
    return Decided(held, [facts.BonusGranted(bonus, found.leaf, reason)])


def decline(case: Case, bonus: str, reason: str) -> Decided:
    """Declines a proposed bonus, by a second person."""
    found = _find(case, bonus)
    held = case.by_department("approve", found.leaf)
    _proposed(found)
    second_person(case.person, found.proposer, found.claimant)
    return Decided(held, [facts.BonusDeclined(bonus, found.leaf, reason)])


def revoke(case: Case, bonus: str, reason: str) -> Decided:
    """Ends a granted bonus."""
    found = _find(case, bonus)
    held = case.by_department("approve", found.leaf)
    if found.state != "granted":
        raise Refused("not-approved", found.state, found.state)
    return Decided(held, [facts.BonusRevoked(bonus, found.leaf, reason)])


def _find(case: Case, bonus: str) -> Bonus:
    if bonus not in case.sheet.bonuses:
        raise Refused("unknown-bonus", bonus, bonus)
    return case.sheet.bonuses[bonus]


def _proposed(found: Bonus) -> None:
    if found.state != "proposed":
        raise Refused("already-decided", found.state, found.state)

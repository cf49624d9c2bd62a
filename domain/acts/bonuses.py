"""Bonuses of items 7 and 27: claimed by the unit or not, proposed with a justification, granted by a second person."""

from collections.abc import Iterable

from domain import facts, spelling
from domain.acts.case import Case, Decided
from domain.acts.filing import free
from domain.duties import second_person
from domain.keys import normal
from domain.refusals import Refused
from domain.rubric.rules import Award, Rule, Tally
from domain.sheet import Bonus


def propose(case: Case, proposal: facts.BonusProposed) -> Decided:
    """Proposes a bonus, on an open claim (same id and key) or of the reviewer's own."""
    grant = case.by_department("review", proposal.leaf)
    rule = case.rule(proposal.leaf, Tally, Award)
    spelling.reason(proposal.justification, "justification")
    claim = case.sheet.bonuses.get(proposal.bonus)
    if claim is not None and claim.state == "disputed":
        raise Refused("joint-held", claim.state, claim.state)
    if claim is not None and claim.state != "claimed":
        raise Refused("already-decided", claim.state, claim.state)
    if claim is not None and (claim.leaf, normal(claim.key)) != (proposal.leaf, normal(proposal.key)):
        raise Refused("unknown-bonus", proposal.bonus, proposal.bonus)
    free(case, proposal.bonus, proposal.leaf, proposal.key)
    of_level(rule, proposal.level)
    _supported(case, proposal.evidence)
    return Decided(grant, [proposal])


def grant(case: Case, bonus: str, reason: str) -> Decided:
    """Grants a proposed bonus, by somebody who neither proposed nor claimed it."""
    found = _find(case, bonus)
    held = case.by_department("approve", found.leaf)
    _proposed(found)
    second_person(case.person, found.proposer, found.claimant)
    return Decided(held, [facts.BonusGranted(bonus, found.leaf, reason)])


def decline(case: Case, bonus: str, reason: str) -> Decided:
    """Declines a proposed bonus, or a claim that nobody proposes, by a second person."""
    found = _find(case, bonus)
    held = case.by_department("approve", found.leaf)
    if found.state not in {"claimed", "disputed"}:
        _proposed(found)
    second_person(case.person, found.proposer, found.claimant)
    spelling.reason(reason)
    return Decided(held, [facts.BonusDeclined(bonus, found.leaf, reason)])


def revoke(case: Case, bonus: str, reason: str) -> Decided:
    """Ends a granted bonus; whoever brought it forward may not undo alone what two people did."""
    found = _find(case, bonus)
    held = case.by_department("approve", found.leaf)
    if found.state != "granted":
        raise Refused("not-approved", found.state, found.state)
    second_person(case.person, found.proposer, found.claimant)
    spelling.reason(reason)
    return Decided(held, [facts.BonusRevoked(bonus, found.leaf, reason)])


def of_level(rule: Rule, level: str) -> None:
    """Refuses a level that the rule has not, by naming those it has."""
    levels = {each.id for each in rule.levels} if isinstance(rule, Award) else set()
    if level not in (levels or {""}):
        zh, en = "此评分点不分等级", "the leaf has no levels"
        if levels:
            known = ", ".join(sorted(levels))
            zh, en = f"可用：{known}", f"takes {known}"
        raise Refused("bad-level", zh, en, place="level")


def _supported(case: Case, evidence: Iterable[str]) -> None:
    for each in evidence:
        found = case.sheet.evidence.get(each)
        if found is None:
            raise Refused("unknown-evidence", each, each, place="evidence")
        if found.state in {"withdrawn", "rejected"}:
            raise Refused("evidence-not-open", each, each, place="evidence")


def _find(case: Case, bonus: str) -> Bonus:
    if bonus not in case.sheet.bonuses:
        raise Refused("unknown-bonus", bonus, bonus)
    return case.sheet.bonuses[bonus]


def _proposed(found: Bonus) -> None:
    if found.state in {"claimed", "disputed"}:
        raise Refused("not-proposed", found.state, found.state)
    if found.state != "proposed":
        raise Refused("already-decided", found.state, found.state)

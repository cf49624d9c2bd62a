"""The three columns of a leaf: claimed, verified, final (design, "Score of a leaf")."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from domain import awarded, facts
from domain.item_scoring import ItemScorer, absent_leaves
from domain.rubric.rules import Award, OverTarget, Rule, Tally
from domain.sheet import Sheet

Rules = Mapping[str, Rule]

CLAIMED = frozenset({"claimed", "proposed", "granted", "declined", "revoked"})
GRANTED = frozenset({"granted"})
# Facts that can move no points and no status, and those that move only one of the columns; others may move all.
EVIDENCE = frozenset({facts.EvidenceAttached, facts.EvidenceReviewed, facts.EvidenceWithdrawn})
SECOND = frozenset({facts.SecondJudgementGiven, facts.SecondJudgementWaived})  # moves points once the first is opened
STILL = EVIDENCE | SECOND | {facts.AdjustmentProposed, facts.AdjustmentDeclined, facts.WithdrawalApplied}
CLAIMING = frozenset({facts.FiguresSubmitted, facts.SubmissionWithdrawn})
REVIEWING = frozenset({
    facts.FiguresVerified, facts.LeafJudged, facts.NotApplicableConfirmed,
    facts.JudgementSealed, facts.JudgementOpened, facts.JudgementModerated,
})  # fmt: skip


class LeafScore(NamedTuple):
    """Points of one leaf in hundredths; ``maximum`` None is a bonus without cap.

    ``status``: "empty" (nothing filed), "pending" (somebody must look at it), "verified" or "not-applicable".
    """

    claimed: int
    verified: int
    final: int
    maximum: int | None
    status: str


def columns(sheet: Sheet, scorer: ItemScorer, rules: Rules) -> dict[str, LeafScore]:
    """The three columns of every leaf of the item, in the rubric's order; ``rules`` by leaf."""
    return _reviewed(sheet, scorer, rules, scorer.score(claimed_figures(sheet, rules)))


def _reviewed(sheet: Sheet, scorer: ItemScorer, rules: Rules, claimed: Mapping[str, int]) -> dict[str, LeafScore]:
    figures = verified_figures(sheet, rules)
    verified = scorer.score(figures)
    maximum = scorer.maximum(absent_leaves(figures))

    def waits(leaf: str) -> bool:
        return leaf in scorer.waiting(figures)

    return {
        leaf: LeafScore(
            claimed[leaf],
            verified[leaf],
            clamp(verified[leaf] + sheet.approved(leaf), maximum[leaf]) if sheet.adjustments else verified[leaf],
            maximum[leaf],
            _status(sheet, leaf, rule, maximum[leaf], waits),
        )
        for leaf, rule in rules.items()
    }


def rescored(
    sheet: Sheet, scorer: ItemScorer, rules: Rules, before: dict[str, LeafScore], fact: facts.Fact
) -> dict[str, LeafScore]:
    """``columns`` after ``fact``, from those ``before`` it: only what the fact can move is computed again."""
    kind = type(fact)
    if kind in STILL:
        return before
    if kind in CLAIMING:
        return _claimed(sheet, scorer, rules, before)
    if kind in REVIEWING:
        return _reviewed(sheet, scorer, rules, {leaf: old.claimed for leaf, old in before.items()})
    return columns(sheet, scorer, rules)


def _claimed(sheet: Sheet, scorer: ItemScorer, rules: Rules, before: dict[str, LeafScore]) -> dict[str, LeafScore]:
    claimed = scorer.score(claimed_figures(sheet, rules))

    def waits(leaf: str) -> bool:
        return leaf in scorer.waiting(verified_figures(sheet, rules))

    return {
        leaf: LeafScore(claimed[leaf], *old[1:4], _status(sheet, leaf, rules[leaf], old.maximum, waits))
        for leaf, old in before.items()
    }


def clamp(points: int, maximum: int | None) -> int:
    """Inside [0, maximum]; None is no upper bound."""
    above = max(points, 0)
    return above if maximum is None else min(above, maximum)


def claimed_figures(sheet: Sheet, rules: Rules) -> dict[str, Any]:
    """What the unit filed, with every bonus it or a reviewer brought forward."""
    figures: dict[str, Any] = {leaf: filed[1] for leaf, filed in sheet.claimed.items()}
    if sheet.targets:
        figures = under_targets(figures, sheet.targets)
    return figures | awarded.figures(sheet.bonuses.values(), rules, CLAIMED, sheet.unit) if sheet.bonuses else figures


def verified_figures(sheet: Sheet, rules: Rules) -> dict[str, Any]:
    """What reviewers stand for, with every bonus that is granted."""
    figures = under_targets(sheet.verified, sheet.targets) if sheet.targets else sheet.verified
    return figures | awarded.figures(sheet.bonuses.values(), rules, GRANTED, sheet.unit) if sheet.bonuses else figures


def under_targets(figures: Mapping[str, Any], targets: Mapping[str, int]) -> dict[str, Any]:
    """Figures in which a target that was issued stands in place of whatever the unit or a reviewer wrote."""
    return {
        leaf: {"actual": given["actual"], "target": targets[leaf]} if leaf in targets and "actual" in given else given
        for leaf, given in figures.items()
    }


def _status(sheet: Sheet, leaf: str, rule: Rule, maximum: int | None, waits: Callable[[str], bool]) -> str:
    if isinstance(rule, Tally | Award):
        return awarded.status({each.state for each in sheet.bonuses.values() if each.leaf == leaf})
    source = rule.task if isinstance(rule, OverTarget) else leaf
    verified = sheet.verified.get(source)
    if sheet.rounds and sheet.unsettled(source):
        return "pending"
    if verified is None:
        return "pending" if source in sheet.claimed else "empty"
    if sheet.unseen(source) or verified.get("denominator") == 0:
        return "pending"
    if "not_applicable" not in verified:
        return "verified"
    if source != leaf or not maximum:
        return "not-applicable"
    return "pending" if waits(leaf) else "verified"  # where it stands alone, somebody must judge it

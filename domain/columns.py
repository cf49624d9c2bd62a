"""The three columns of a leaf: claimed, verified, final (design, "Score of a leaf")."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.rubric.rules import Award, Rule, Tally
from domain.scoring import ItemScorer, absent_leaves
from domain.sheet import Sheet

Rules = Mapping[str, Rule]

CLAIMED = frozenset({"claimed", "proposed", "granted", "declined", "revoked"})
GRANTED = frozenset({"granted"})


@dataclass(frozen=True, slots=True)
class LeafScore:
    """Points of one leaf in hundredths; ``maximum`` None is a bonus without cap; ``status`` says what is missing."""

    claimed: int
    verified: int
    final: int
    maximum: int | None
    status: str


def columns(sheet: Sheet, scorer: ItemScorer, rules: Rules) -> dict[str, LeafScore]:
    """The three columns of every leaf of the item, in the rubric's order; ``rules`` by leaf."""
    claimed = scorer.score(claimed_figures(sheet, rules))
    figures = verified_figures(sheet, rules)
    verified = scorer.score(figures)
    maximum = scorer.maximum(absent_leaves(figures))
    return {
        leaf: LeafScore(
            claimed[leaf],
            verified[leaf],
            clamp(verified[leaf] + sheet.approved(leaf), maximum[leaf]) if sheet.adjustments else verified[leaf],
            maximum[leaf],
            _status(sheet, leaf),
        )
        for leaf in rules
    }


def clamp(points: int, maximum: int | None) -> int:
    """Inside [0, maximum]; None is no upper bound."""
    above = max(points, 0)
    return above if maximum is None else min(above, maximum)


def claimed_figures(sheet: Sheet, rules: Rules) -> dict[str, Any]:
    """What the unit filed, with every bonus it or a reviewer brought forward."""
    figures: dict[str, Any] = {leaf: filed[1] for leaf, filed in sheet.claimed.items()}
    return figures | _bonuses(sheet, rules, CLAIMED) if sheet.bonuses else figures


def verified_figures(sheet: Sheet, rules: Rules) -> dict[str, Any]:
    """What reviewers stand for, with every bonus that is granted."""
    return sheet.verified | _bonuses(sheet, rules, GRANTED) if sheet.bonuses else sheet.verified


def _bonuses(sheet: Sheet, rules: Rules, states: frozenset[str]) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for leaf, rule in rules.items():
        counted = [each for each in sheet.bonuses.values() if each.leaf == leaf and each.state in states]
        if isinstance(rule, Tally):
            figures[leaf] = {"claims": len(counted)}
        elif isinstance(rule, Award):
            figures[leaf] = {"awards": [each.level for each in counted if each.level] if rule.levels else len(counted)}
    return figures


def _status(sheet: Sheet, leaf: str) -> str:
    filed = sheet.claimed.get(leaf)
    verified = sheet.verified.get(leaf)
    if verified is not None and "not_applicable" in verified and "points" not in verified:
        return "not-applicable"
    if any(each.leaf == leaf and each.state in {"claimed", "proposed"} for each in sheet.bonuses.values()):
        return "pending"
    if verified is not None:
        return "verified"
    return "pending" if filed is not None else "empty"

"""What is decided for a whole cycle and stands on each sheet: targets, the rubric, and that the unit left."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from domain import facts

if TYPE_CHECKING:
    from domain.sheet import Sheet


def _target(sheet: Sheet, fact: facts.TargetApplied, _: str) -> frozenset[str]:
    sheet.targets[fact.leaf] = fact.target
    return frozenset({fact.leaf})


def _applied(sheet: Sheet, fact: facts.RubricApplied, _: str) -> frozenset[str]:
    sheet.rubric = fact.hash
    return frozenset()


def _left(_sheet: Sheet, _fact: facts.WithdrawalApplied, _: str) -> frozenset[str]:
    return frozenset()


STEPS: dict[type, Callable[[Sheet, Any, str], frozenset[str]]] = {
    facts.TargetApplied: _target,
    facts.RubricApplied: _applied,
    facts.WithdrawalApplied: _left,
}

"""From an item's figures to points: exact integers, worked out once for each set of leaves that do not apply."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from domain.figures import Figures
from domain.formulas import Formula, formula, over_target
from domain.points import parse
from domain.redistribution import maximum
from domain.rubric import rules
from domain.rubric.leaves import Face
from domain.rubric.model import Conventions

Absent = frozenset[str]
_ALL_APPLY: Absent = frozenset()
_USUAL = Conventions()


@dataclass(frozen=True, slots=True)
class _Plan:
    """What to compute once it is known which leaves do not apply: leaf, leaf whose figures count, formula."""

    maximum: Mapping[str, int | None]
    steps: tuple[tuple[str, str, Formula], ...]


class ItemScorer:
    """One item for one cohort, worked out beforehand; keeps a plan per set of leaves that do not apply."""

    __slots__ = ("_faces", "_moves", "_plan", "_plans", "_usual")

    def __init__(self, faces: Mapping[str, Face], conventions: Conventions = _USUAL) -> None:
        self._faces = faces
        self._moves = conventions.empty == "redistribute"
        self._plan = _plan if self._moves else _fixed(full=conventions.empty == "full")
        self._usual = _plan(faces, _ALL_APPLY)
        self._plans = {_ALL_APPLY: self._usual}

    def score(self, figures: Mapping[str, Figures]) -> dict[str, int]:
        """Hundredths of every leaf of the item, from checked figures; a leaf without figures scores 0."""
        absent = [leaf for leaf, given in figures.items() if "not_applicable" in given]
        plan = self._planned(frozenset(absent)) if absent else self._usual
        given_of = figures.get
        return {leaf: compute(given) if (given := given_of(source)) else 0 for leaf, source, compute in plan.steps}

    def waiting(self, figures: Mapping[str, Figures]) -> list[str]:
        """Leaves that cannot be scored yet: nothing to count (0/0), or not applicable and not judged."""
        alone = self._judged_alone(absent_leaves(figures))
        return [leaf for leaf, given in figures.items() if _waits(given, alone)]

    def maximum(self, absent: Iterable[str] = ()) -> dict[str, int | None]:
        """The most each leaf can earn; for a bonus its cap, None where there is none."""
        return dict(self._planned(frozenset(absent)).maximum)

    def _planned(self, absent: Absent) -> _Plan:
        plan = self._plans.get(absent)
        if plan is None:
            plan = self._plans[absent] = self._plan(self._faces, absent)
        return plan

    def _judged_alone(self, absent: Absent) -> bool:
        """Whether a leaf that does not apply waits for points given by a reviewer: no other can take its points."""
        return self._moves and not any(not face.bonus and leaf not in absent for leaf, face in self._faces.items())


def absent_leaves(figures: Mapping[str, Figures]) -> Absent:
    """The leaves marked not applicable."""
    return frozenset(leaf for leaf, given in figures.items() if "not_applicable" in given)


def _plan(faces: Mapping[str, Face], absent: Absent) -> _Plan:
    most = maximum(faces, absent)
    alone = not any(not face.bonus and leaf not in absent for leaf, face in faces.items())
    return _Plan(most, tuple(_step(faces, leaf, most[leaf] or 0, absent, alone) for leaf in faces))


def _fixed(*, full: bool) -> Callable[[Mapping[str, Face], Absent], _Plan]:
    """Plans in which no points move: a scored leaf that does not apply earns all of its own, or nothing (Q7)."""

    def plan(faces: Mapping[str, Face], absent: Absent) -> _Plan:
        usual = _plan(faces, _ALL_APPLY)
        steps = tuple(
            (leaf, source, _always(faces[leaf].points if full else 0) if source in absent else compute)
            for leaf, source, compute in usual.steps
        )
        return _Plan({leaf: 0 if leaf in absent and not full else most for leaf, most in usual.maximum.items()}, steps)

    return plan


def _always(points: int) -> Formula:
    return lambda _: points


def _step(faces: Mapping[str, Face], leaf: str, points: int, absent: Absent, alone: bool) -> tuple[str, str, Formula]:
    rule = faces[leaf].rule
    source = rule.task if isinstance(rule, rules.OverTarget) else leaf
    if source in absent:
        return leaf, source, _given if alone and source == leaf else _nothing
    if isinstance(rule, rules.OverTarget):
        task = faces[source].rule
        return leaf, source, over_target(rule, task.derived if isinstance(task, rules.Task) else None)
    return leaf, source, formula(rule, points)


def _given(figures: Figures) -> int:
    return parse(figures["points"]) if "points" in figures else 0


def _nothing(_: Figures) -> int:
    return 0


def _waits(given: Figures, alone: bool) -> bool:
    if "not_applicable" in given:
        return alone and "points" not in given
    return given.get("denominator") == 0

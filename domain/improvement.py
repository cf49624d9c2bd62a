"""What would raise a unit's score: the least change of each figure, and the least effort for so many points more.

Exact: every gain is the difference of two scores. An effort is one firm, union, meeting, entry or claim, or one step
of a sum of money; efforts of different kinds count alike, for the sheet does not say what each of them costs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from domain.figures import Figures
from domain.item_readings import Assessed
from domain.moves import Move, Sheet, sheet_of
from domain.plans import cheapest
from domain.points import show
from domain.rubric.model import Rubric
from domain.rubric.texts import Text

Goal = Literal["next", "full", "points"]


@dataclass(frozen=True, slots=True)
class Change:
    """The figures of ``leaf`` as they would be, and the hundredths (``gain``) that would bring on the total.

    ``goal``: the next points of leaf ``of``, or all it can give, or the points asked for. ``own``: the unit can do
    it itself; the others take a judgement or an award.
    """

    leaf: str
    of: str
    goal: Goal
    figure: str
    before: int
    after: int
    effort: int
    own: bool
    gain: int
    figures: Figures
    sentence: Text


@dataclass(frozen=True, slots=True)
class Plan:
    """The unit's own changes that together gain at least what was asked, with the least effort."""

    gain: int
    effort: int
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Improvements:
    """``unknown``: leaves that may give more once figures are filed or the leaf is confirmed or judged.

    ``alone``: single changes that gain the points asked for, the unit's own and the least effort first. ``plan`` is
    None where nothing was asked, or where it is out of reach.
    """

    total: int
    changes: tuple[Change, ...]
    unknown: tuple[str, ...]
    alone: tuple[Change, ...]
    plan: Plan | None


def improvements(rubric: Rubric, unit: Assessed, points: int = 0) -> Improvements:
    """The least changes of each leaf, in sheet order; with ``points`` (hundredths, > 0) also how to gain that many."""
    sheet = sheet_of(rubric, unit)
    changes = tuple(change for move in sheet.moves for change in _changes(sheet, move))
    alone = sorted(_alone(sheet, points), key=lambda change: (not change.own, change.effort)) if points else []
    return Improvements(sheet.total, changes, sheet.unknown, tuple(alone), _plan(sheet, points) if points else None)


def _changes(sheet: Sheet, move: Move) -> Iterator[Change]:
    """For every leaf that follows the figure: the least number for more points of it, and for all it can give."""
    for leaf in move.readers:
        now, most = move.before[leaf], move.points(move.lever.most)[leaf]
        bounded = move.scorer.maximum()[leaf] is not None
        full = _reaching(move, leaf, most) if bounded and most > now else None
        following = _reaching(move, leaf, now + 1)
        if following is not None and following != full:
            yield from _useful(_change(sheet, move, following, leaf, "next"))
        if full is not None:
            yield from _useful(_change(sheet, move, full, leaf, "full"))


def _reaching(move: Move, leaf: str, points: int) -> int | None:
    return move.least(lambda number: move.points(number)[leaf] >= points)


def _useful(change: Change) -> Iterator[Change]:
    """Nothing is told that a limit of the total eats up."""
    if change.gain > 0:
        yield change


def _alone(sheet: Sheet, points: int) -> Iterator[Change]:
    for move in sheet.moves:
        number = move.least(lambda number, move=move: sheet.gain(move, number) >= points)  # type: ignore[misc]
        if number is not None:
            yield _change(sheet, move, number, move.lever.leaf, "points")


def _plan(sheet: Sheet, points: int) -> Plan | None:
    found = cheapest(sheet, points)
    if found is None:
        return None
    changes = tuple(_change(sheet, move, number, move.lever.leaf, "points") for move, number in found)
    raised = [move.raised(number) for move, number in found]
    gain = sheet.total_with(sum(base for base, _ in raised), sum(bonus for _, bonus in raised)) - sheet.total
    return Plan(gain, sum(change.effort for change in changes), changes)


def _change(sheet: Sheet, move: Move, number: int, of: str, goal: Goal) -> Change:
    lever, gain = move.lever, sheet.gain(move, number)
    after = move.points(number)
    leaves = [leaf for leaf in move.before if after[leaf] > move.before[leaf]]
    title = sheet.rubric.leaf(lever.leaf).faces[sheet.cohort].title
    words = lever.words(number)
    sentence = Text(
        f"{title.zh}：{words.zh}，{'、'.join(leaves)}加{show(gain)}分",
        f"{title.en}: {words.en} → +{show(gain)} in {', '.join(leaves)}",
    )
    return Change(
        lever.leaf, of, goal, lever.figure, lever.start, number, lever.effort(number), lever.own, gain,
        lever.at(number), sentence,
    )  # fmt: skip

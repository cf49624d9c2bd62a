"""The least effort for so many points: which figures to move how far, exactly."""

from collections.abc import Iterator
from fractions import Fraction

from domain.moves import Move, Sheet

Step = tuple[Move, int]
_Way = tuple["_Way | None", Step]


def cheapest(sheet: Sheet, points: int) -> list[Step] | None:
    """The unit's own moves that gain at least ``points`` hundredths with the least effort; None: out of reach.

    A knapsack: every lever is moved to one of the numbers at which it gains more, or not at all. Gains of different
    levers add up, since every leaf follows one figure; a limited total only asks that there is room for ``points``.
    """
    room = sheet.total_with(points, 0) - sheet.total
    if room < points:
        return None
    own = [move for move in sheet.moves if move.lever.own]
    bound = _enough(own, points)
    if bound is None:
        return None
    best: list[tuple[int, _Way | None] | None] = [(0, None), *[None] * points]
    for move in own:
        options = list(_options(move, points, bound))
        if options:
            best = _with(best, move, options, points)
    return None if best[points] is None else _unwound(best[points][1])  # type: ignore[index]  # checked just before


def _enough(own: list[Move], points: int) -> int | None:
    """An effort that is enough for ``points``, the cheapest whole levers first: no plan takes more. None: none is."""
    whole = []
    for move in own:
        gain = min(points, sum(move.raised(move.lever.most)))
        if gain > 0:
            number = move.least(lambda at, move=move, gain=gain: sum(move.raised(at)) >= gain)  # type: ignore[misc]
            whole.append((gain, move.lever.effort(number or move.lever.most)))
    gained = effort = 0
    for gain, own_effort in sorted(whole, key=lambda each: Fraction(each[1], each[0])):
        gained, effort = gained + gain, effort + own_effort
        if gained >= points:
            return effort
    return None


def _options(move: Move, points: int, bound: int) -> Iterator[tuple[int, int, int]]:
    """(gain, effort, number) of every number at which the lever gains more, up to ``points`` and to that effort."""
    gained, number = 0, move.lever.start
    while gained < points:
        following = move.least(lambda at, gained=gained: sum(move.raised(at)) > gained, number)  # type: ignore[misc]
        if following is None:
            return
        number, gained = following, sum(move.raised(following))
        if move.lever.effort(number) > bound:
            return
        yield min(gained, points), move.lever.effort(number), number


def _with(
    best: list[tuple[int, _Way | None] | None], move: Move, options: list[tuple[int, int, int]], points: int
) -> list[tuple[int, _Way | None] | None]:
    """The best ways to each gain (the last: to ``points`` or more) when this lever may move too."""
    grown = list(best)
    for so_far, known in enumerate(best):
        if known is None:
            continue
        for gain, effort, number in options:
            place, whole = min(points, so_far + gain), known[0] + effort
            there = grown[place]
            if there is None or whole < there[0]:
                grown[place] = (whole, (known[1], (move, number)))
    return grown


def _unwound(way: _Way | None) -> list[Step]:
    steps: list[Step] = []
    while way is not None:
        way, step = way
        steps.append(step)
    return steps[::-1]

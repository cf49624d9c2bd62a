"""The least effort for so many points: which figures to move how far, exactly."""

from collections.abc import Iterator

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
    best: list[tuple[int, _Way | None] | None] = [(0, None), *[None] * points]
    for move in sheet.moves:
        options = list(_options(move, points)) if move.lever.own else []
        if options:
            best = _with(best, move, options, points)
    return None if best[points] is None else _unwound(best[points][1])  # type: ignore[index]  # checked just before


def _options(move: Move, points: int) -> Iterator[tuple[int, int, int]]:
    """(gain, effort, number) of every number at which the lever gains more, up to ``points``."""
    gained, number = 0, move.lever.start
    while gained < points:
        following = move.least(lambda at, gained=gained: sum(move.raised(at)) > gained, number)  # type: ignore[misc]
        if following is None:
            return
        number, gained = following, sum(move.raised(following))
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

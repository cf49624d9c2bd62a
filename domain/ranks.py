"""The ranks of all units under one set of answers, each also with its own judgements higher and lower."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence

from domain.readings import Readings, Values
from domain.rubric.model import Conventions

Ranks = tuple[int, int, int]


def ranks_under(
    readings: Readings, cohorts: Mapping[str, str], values: Mapping[str, Values], number: int
) -> dict[str, Ranks]:
    """Under one set: the rank of each unit as it stands, with its judgements higher, and lower."""
    conventions = readings.conventions[readings.convention_of[number]]
    together = conventions.cohorts == "scaled"
    pools: dict[str, list[str]] = {}
    for unit, cohort in cohorts.items():
        pools.setdefault("" if together else cohort, []).append(unit)
    found: dict[str, Ranks] = {}
    for pool in pools.values():
        above = _Above([values[unit].now[number] for unit in pool], conventions)
        for unit in pool:
            own = values[unit]
            now = own.now[number]
            found[unit] = (above(now, now), above(own.high[number], now), above(own.low[number], now))
    return found


class _Above:
    """Ranks among the others: one more than the units (or distinct totals) above."""

    __slots__ = ("_alone", "_dense", "_rising")

    def __init__(self, totals: Sequence[int], conventions: Conventions) -> None:
        self._dense = conventions.ties == "dense"
        self._alone = Counter(totals)
        self._rising = sorted(self._alone if self._dense else totals)

    def __call__(self, total: int, own: int) -> int:
        """The rank of a unit with ``total`` instead of its ``own``."""
        above = len(self._rising) - bisect_right(self._rising, total)
        itself = own > total and (not self._dense or self._alone[own] == 1)
        return 1 + above - itself

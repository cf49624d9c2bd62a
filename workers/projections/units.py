"""Whole units at once, for a replay: all rows of leaf_scores and unit_scores of a unit whose sheets are at hand."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from domain.columns import LeafScore
from domain.moments import Moment
from workers.projections.leaves import leaf_rows
from workers.projections.standings import empty_leaves
from workers.projections.sums import unit_row
from workers.rules import Rules
from workers.tracked import Tracked

Row = tuple[Any, ...]


def whole_units(rules: Rules, sheets: Iterable[Tracked], position: int) -> tuple[list[Row], list[Row]]:
    """Rows of leaf_scores and unit_scores (rank 0) of the units to which ``sheets`` belong, all of them given.

    ``position``: where all of them stand.
    """
    leaves: list[Row] = []
    units: list[Row] = []
    for (cycle, unit), some in groupby(sheets, key=lambda each: (each.sheet.cycle, each.sheet.unit)):
        of_unit = list(some)
        rows: dict[str, Row] = {row[3]: row for row in empty_leaves(rules, cycle, unit)}
        rows.update((row[3], row) for row in leaf_rows(of_unit))
        leaves += rows.values()
        scores = {leaf: LeafScore._make(row[5:10]) for leaf, row in rows.items()}
        units.append(
            unit_row(rules.layout_at(cycle, Moment(position)), cycle, unit, rules.unit(cycle, unit).cohort, scores)
        )
    return leaves, units

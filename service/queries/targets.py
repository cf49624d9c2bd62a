"""What another target would change, before anybody issues it."""

from copy import deepcopy
from typing import Any

from domain import facts
from domain.columns import LeafScore, columns
from domain.cycle import Cycle
from domain.moments import Moment
from domain.points import show
from domain.sheet import Sheet
from domain.targets import applied, item_of
from service.office import office
from service.queries import asof


def effect(cycle: Cycle, wanted: facts.TargetIssued) -> dict[str, Any]:
    """What the target would change as of now: the unit's leaves, its total, and every rank that moves."""
    rules, position = office().rules, office().reads.last()
    before, sheet = as_of(cycle, wanted, position)
    after = under(before, sheet, wanted)
    own, new = before[wanted.unit], after[wanted.unit]
    where = rules.layout_at(cycle.id, Moment(position))
    old_ranks, new_ranks = (asof.ranks(rules, cycle.id, where, of) for of in (before, after))
    totals = {name: asof.totals(rules, cycle.id, where, of) for name, of in (("before", before), ("after", after))}
    return {
        "position": position,
        "leaves": {leaf: _pair(own[leaf], new[leaf]) for leaf in own if own[leaf] != new[leaf]},
        "total": {name: show(of[wanted.unit][1]) for name, of in totals.items()},
        "ranks": {
            unit: {"before": old, "after": new_ranks[unit]} for unit, old in old_ranks.items() if old != new_ranks[unit]
        },
    }


def as_of(cycle: Cycle, wanted: facts.TargetIssued, position: int) -> tuple[asof.Scores, Sheet]:
    """Every unit's scores, and the sheet that the target is for, as the record up to ``position`` has them."""
    moment = Moment(position)
    year = asof.chronicle(cycle.id, moment)
    item = item_of(office().rules.rubric(cycle.hash), wanted.leaf)
    # A unit that was enrolled a moment ago may have no position yet.
    found = {wanted.unit: year.nothing(wanted.unit)} | year.scores(moment)
    return found, year.sheet(wanted.unit, item, moment).sheet


def under(found: asof.Scores, sheet: Sheet, wanted: facts.TargetIssued) -> asof.Scores:
    """The scores under the target, tried on a copy of ``sheet``."""
    tried = deepcopy(sheet)
    tried.evolve(applied(wanted), "")
    how = office().rules.item(tried.cycle, tried.unit, tried.item, tried.rubric)
    return found | {tried.unit: found[tried.unit] | columns(tried, how.scorer, how.rules)}


def _pair(old: LeafScore, new: LeafScore) -> dict[str, dict[str, str]]:
    return {
        name: {"before": show(getattr(old, name)), "after": show(getattr(new, name))}
        for name in ("claimed", "verified", "final")
    }

"""What another target would move in a cycle: every leaf, item, total and rank of its table, before and after."""

from typing import Any

from domain import facts, targets
from domain.cycle import Cycle
from domain.sheet import Sheet
from domain.targets import TargetChange
from service.office import office
from service.queries import asof, changes
from service.queries.changes import Difference, Standing
from service.queries.publications import table_of_scores
from service.queries.targets import as_of, under
from workers.projections.sums import layout


def at(cycle: Cycle, wanted: facts.TargetIssued, position: int) -> Difference:
    """What the target would have moved as of a position."""
    return _difference(cycle, wanted, *as_of(cycle, wanted, position))


def now(cycle: Cycle, wanted: facts.TargetIssued, stream: str, read: Standing) -> Difference:
    """What it moves as the sheets stand; ``stream`` is the sheet it is for."""
    tracked = read.changes.sheets.get(stream)
    sheet = tracked.sheet if tracked else Sheet.of(stream)
    return _difference(cycle, wanted, asof.scores_of(read.changes, office().rules, cycle.id), sheet)


def stream_of(cycle: Cycle, wanted: facts.TargetIssued) -> str:
    """The stream of the sheet that the target is for; an item keeps its leaves under every rubric of the cycle."""
    return f"sheet/{cycle.id}/{wanted.unit}/{targets.item_of(office().rules.rubric(cycle.hash), wanted.leaf)}"


def shown(found: TargetChange) -> dict[str, Any]:
    """A change without the list of what it moves."""
    fact = found.fact
    return changes.shown(found) | {
        "unit": fact.unit,
        "leaf": fact.leaf,
        "before": fact.before or None,
        "target": fact.target,
        "effective": fact.effective or None,
    }


def _difference(cycle: Cycle, wanted: facts.TargetIssued, found: asof.Scores, sheet: Sheet) -> Difference:
    where, before = layout(office().rules.rubric(cycle.hash)), targets.in_force(cycle, wanted.unit, wanted.leaf)
    said = {"cycle": cycle.id, "unit": wanted.unit, "leaf": wanted.leaf, "before": before, "after": wanted.target}
    then = under(found, sheet, wanted)
    return changes.compared(said, *(table_of_scores(cycle.id, where, each) for each in (found, then)))

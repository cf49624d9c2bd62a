"""What another rubric would move in a cycle: every leaf, item, total and rank of its table, before and after."""

from dataclasses import asdict
from typing import Any

from domain import adoption, fit
from domain.adoption import RubricChange
from domain.columns import columns
from domain.cycle import Cycle
from domain.rubric.successor import changes as leaf_changes, keeps
from domain.sheet import Sheet
from service.office import office
from service.queries import asof, changes
from service.queries.changes import Difference
from service.queries.publications import table_of_scores
from workers.changes import Changes
from workers.projections.sums import layout
from workers.rules import UnknownRules


def difference(cycle: Cycle, wanted: str, read: Changes) -> Difference:
    """What the rubric of hash ``wanted`` would move in these sheets; refuses one that they do not fit."""
    rules = office().rules
    before, after = rules.rubric(cycle.hash), rules.rubric(wanted)
    for cohort in sorted({unit.cohort for unit in {**cycle.withdrawn, **cycle.units}.values()}):
        keeps(before, after, cohort)
    found = asof.scores_of(read, rules, cycle.id)
    then = {unit: dict(scores) for unit, scores in found.items()}
    for stream in adoption.sheets(cycle, after):
        sheet = read.sheets[stream].sheet if stream in read.sheets else Sheet.of(stream)
        if sheet.unit in then:
            fit.readable(before, after, cycle.unit(sheet.unit).cohort, sheet)
            how = rules.item(cycle.id, sheet.unit, sheet.item, wanted)
            then[sheet.unit] |= columns(sheet, how.scorer, how.rules)
    return changes.compared(
        {"cycle": cycle.id, "before": cycle.hash, "after": wanted},
        table_of_scores(cycle.id, layout(before), found),
        table_of_scores(cycle.id, layout(after), then),
    )


def shown(found: RubricChange) -> dict[str, Any]:
    """A change without the list of what it moves."""
    return changes.shown(found) | {"before": found.fact.before, "hash": found.fact.hash}


def leaves(cycle: Cycle, found: RubricChange) -> list[dict[str, str]]:
    """Leaves that come, and those that another department answers for or another kind of rule scores.

    Empty when one of the rubrics is gone, which its hash betrays.
    """
    try:
        before, after = (office().rules.rubric(digest) for digest in (found.fact.before, found.fact.hash))
    except UnknownRules:
        return []
    cohorts = sorted({unit.cohort for unit in cycle.units.values()})
    return [asdict(each) for cohort in cohorts for each in leaf_changes(before, after, cohort)]

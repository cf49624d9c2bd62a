"""Why a score is what it is, from the sheets as they stand: of one item, or of a whole unit down to each event."""

from typing import Any

import msgspec

from domain.columns import Rules, verified_figures
from domain.explanation import Adjustment, Grounds, explain
from domain.sheet import Sheet
from events.codec import to_fact
from service.office import office


def grounds(sheet: Sheet, rules: Rules) -> Grounds:
    """What the final column of a sheet rests on: confirmed figures, approved adjustments, the events behind them."""
    approved = [each for each in sheet.adjustments.values() if each.state == "approved"]
    return Grounds(
        verified_figures(sheet, rules),
        sheet.sources,
        {
            leaf: [Adjustment(each.delta, each.text, each.id) for each in approved if each.leaf == leaf]
            for leaf in rules
        },
    )


def unit_explained(cycle: str, unit: str) -> dict[str, Any]:
    """The derivation tree of a unit's total, never behind."""
    rules = office().rules
    cohort, rubric = rules.unit(cycle, unit).cohort, rules.rubric_of(cycle)
    found = [
        _grounds_of(cycle, unit, item.id) for item in rubric.items if any(cohort in leaf.faces for leaf in item.leaves)
    ]
    whole = Grounds(
        {leaf: own for each in found for leaf, own in each.figures.items()},
        {leaf: own for each in found for leaf, own in each.sources.items()},
        {leaf: own for each in found for leaf, own in each.adjustments.items()},
    )
    return {"cycle": cycle, "unit": unit, **msgspec.to_builtins(explain(rubric, cohort, whole))}


def _grounds_of(cycle: str, unit: str, item: str) -> Grounds:
    sheet = Sheet(cycle, unit, item)
    for event in office().store.read(f"sheet/{cycle}/{unit}/{item}"):
        sheet.evolve(to_fact(event.envelope), event.envelope.actor, event.envelope.id)
    return grounds(sheet, office().rules.item(cycle, unit, item).rules)

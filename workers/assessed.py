"""A city's units as they stood at a position: what their scores are computed from."""

from collections.abc import Mapping
from dataclasses import replace

from domain.columns import verified_figures
from domain.figures import Figures
from domain.item_readings import Assessed
from domain.moments import Moment
from domain.sheet import Sheet
from events.reader import read_range
from events.store import EventStore
from workers.chronicle import Chronicle
from workers.fold import Fold
from workers.rules import Rules


def city(store: EventStore, rules: Rules, cycle: str, position: int) -> dict[str, Assessed]:
    """Every unit enrolled by ``position``, with verified figures and approved adjustments."""
    fold = Fold(rules, lambda _stream, _version: [], keep=1_000_000)
    with store.connection() as connection:
        changes = fold.take(read_range(connection, 0, position))
    units = {unit: Assessed(rules.unit(cycle, unit).cohort, {}, {}) for of, unit in changes.enrolled if of == cycle}
    for tracked in changes.sheets.values():
        if tracked.sheet.cycle == cycle and tracked.sheet.unit in units:
            figures = verified_figures(tracked.sheet, tracked.rules.rules)
            units[tracked.sheet.unit] = with_sheet(units[tracked.sheet.unit], tracked.sheet, figures)
    return dict(sorted(units.items()))


def standing(year: Chronicle, moment: Moment) -> dict[str, Assessed]:
    """The same as of a moment of a cycle's chronicle."""
    units = {unit: Assessed(year.rules.unit(year.cycle, unit).cohort, {}, {}) for unit in year.scores(moment)}
    for tracked in year.sheets(moment):
        if tracked.sheet.unit not in units:
            continue
        figures = verified_figures(tracked.sheet, tracked.rules.rules)
        units[tracked.sheet.unit] = with_sheet(units[tracked.sheet.unit], tracked.sheet, figures)
    return units


def with_sheet(unit: Assessed, sheet: Sheet, figures: Mapping[str, Figures]) -> Assessed:
    """The unit with one more of its sheets."""
    adjusted = {each.leaf: sheet.approved(each.leaf) for each in sheet.adjustments.values()}
    return replace(
        unit,
        figures={**unit.figures, **figures},
        adjustments={**unit.adjustments, **adjusted},
        targets={**unit.targets, **sheet.targets},
    )

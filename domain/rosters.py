"""A roster against the units of a cycle: each row the act of enrolling, decided as if done one after another."""

from collections import Counter
from collections.abc import Sequence

from domain import spelling, year
from domain.cycle import Cycle
from domain.cycle_contents import Unit
from domain.imports import Change, Flaw, Line, flaw_of, refused
from domain.refusals import REASONS, Refused

COLUMNS = ("unit", "cohort", "name_zh", "name_en")
_LONGEST = 200


def difference(cycle: Cycle, cohorts: frozenset[str], lines: Sequence[Line]) -> list[Change]:
    """What a roster would change, by unit: an enrolled unit is never changed by a file, only found to be the same."""
    times = Counter(line.values["unit"] for line in lines)
    return [_change(cycle, cohorts, line, times[line.values["unit"]]) for line in lines]


def _change(cycle: Cycle, cohorts: frozenset[str], line: Line, times: int) -> Change:
    said = {name: line.values[name] for name in COLUMNS}
    key = said["unit"]
    flaws = [*line.flaws, *_spelt(line)]
    if times > 1:
        flaws.append(_flaw("duplicate-row", line.row, "unit"))
    if flaws:
        return refused(key, [line], flaws)
    known = cycle.units.get(key)
    if known is not None:
        before = {"unit": known.id, "cohort": known.cohort, "name_zh": known.name_zh, "name_en": known.name_en}
        if before == said:
            return Change(key, (line.row,), "unchanged", before, said)
        column = next(name for name in COLUMNS if before[name] != said[name])
        return Change(key, (line.row,), "refused", before, said, (_flaw("enrolled-otherwise", line.row, column),))
    try:
        enrolled = year.enroll(cycle, Unit(*(said[name] for name in COLUMNS)), cohorts)
    except Refused as why:
        return refused(key, [line], [flaw_of(why, line.row, "cohort" if why.code == "bad-cohort" else "unit")])
    return Change(key, (line.row,), "new", {}, said, act=enrolled)


def _spelt(line: Line) -> list[Flaw]:
    empty = [name for name in COLUMNS if not line.values[name]]
    long = [name for name in COLUMNS if len(line.values[name]) > _LONGEST]
    broken = [name for name in COLUMNS if any(letter < " " for letter in line.values[name])]
    wrong = [("missing-value", name) for name in empty] + [("bad-value", name) for name in (*long, *broken)]
    unit = line.values["unit"]
    if unit and not spelling.SLUG.fullmatch(unit):
        wrong.append(("bad-id", "unit"))
    return [_flaw(code, line.row, name) for code, name in wrong]


def _flaw(code: str, row: int, column: str) -> Flaw:
    return Flaw(code, REASONS[code].zh, REASONS[code].en, row, column)

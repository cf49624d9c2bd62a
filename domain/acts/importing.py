"""A table of figures against the sheets: each leaf's rows the act of filing, under the rules, phases and rights of it.

The business key is unit and leaf. A leaf whose rows are all empty says nothing; one whose figures stand already is
filed no second time.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from domain.acts import filing
from domain.acts.case import Case
from domain.duties import permit
from domain.figure_rows import BadValue, asks, figures_of, texts_of
from domain.imports import Change, Flaw, Line, flaw_of, refused
from domain.refusals import REASONS, Refused

COLUMNS = ("unit", "item", "leaf", "figure", "value")
# Stands for the submission that a confirmed import would make: whether the figures may be filed depends on none.
_NONE = "00000000-0000-0000-0000-000000000000"
Open = Callable[[str, str], Case]
"""The sheet of (unit, item) as it stands; raises Refused for one that is none, or not the caller's to see."""


def difference(lines: Sequence[Line], opened: Open) -> list[Change]:
    """What a table of figures would change, by unit and leaf, in the order of the file."""
    keys: dict[tuple[str, str, str], list[Line]] = {}
    for line in lines:
        keys.setdefault((line.values["unit"], line.values["item"], line.values["leaf"]), []).append(line)
    return [_change(*key, of, opened) for key, of in keys.items()]


def _change(unit: str, item: str, leaf: str, lines: Sequence[Line], opened: Open) -> Change:
    key = f"{unit}/{leaf}"
    flaws = [flaw for line in lines for flaw in line.flaws]
    flaws += [_flaw("missing-value", line.row, name) for line in lines for name in COLUMNS[:4] if not line.values[name]]
    if flaws:
        return refused(key, lines, flaws)
    try:
        case = opened(unit, item)
        permit(case.person, "file", unit=unit)  # before anything of what stands is told
        face = case.face(leaf)
    except Refused as why:
        return refused(key, lines, [flaw_of(why, lines[0].row, _column(why))])
    flaws = _rows(lines, [ask.figure for ask in asks(face)])
    if flaws:
        return refused(key, lines, flaws)
    return _compared(key, case, leaf, lines)


def _column(why: Refused) -> str:
    return {"unknown-unit": "unit", "unknown-item": "item", "unknown-leaf": "leaf"}.get(why.code, "")


def _rows(lines: Sequence[Line], known: Sequence[str]) -> list[Flaw]:
    """Rows that name a figure twice, or one that the leaf does not take; a bonus that is claimed takes none."""
    if not known:
        return [_flaw("wrong-rule", line.row, "leaf") for line in lines]
    names = [line.values["figure"] for line in lines]
    times = Counter(names)
    return [
        _flaw("wrong-figure" if name not in known else "duplicate-row", line.row, "figure")
        for line, name in zip(lines, names, strict=True)
        if name not in known or times[name] > 1
    ]


def _compared(key: str, case: Case, leaf: str, lines: Sequence[Line]) -> Change:
    rows = {line.values["figure"]: line.row for line in lines}
    given = {line.values["figure"]: line.values["value"] for line in lines}
    stands = case.sheet.claimed.get(leaf)
    before = texts_of(case.face(leaf), stands[1]) if stands else {}
    numbers = tuple(rows.values())
    try:
        figures = figures_of(case.face(leaf), given)
        if not figures:
            return Change(key, numbers, "blank", before, {})
        if stands and stands[1] == figures:
            return Change(key, numbers, "unchanged", before, before)
        filing.submit(case, _NONE, {leaf: figures})
    except BadValue as bad:
        flaw = Flaw(bad.code, bad.zh, bad.en, rows.get(bad.figure, lines[0].row), "value")
        return Change(key, numbers, "refused", before, given, (flaw,))
    except Refused as why:
        return Change(key, numbers, "refused", before, given, (flaw_of(why, _row(why, leaf, rows), "value"),))
    return Change(key, numbers, "changed" if stands else "new", before, texts_of(case.face(leaf), figures), act=figures)


def _row(why: Refused, leaf: str, rows: Mapping[str, int]) -> int:
    """The row of the figure that a refusal names, the leaf's first row where it names none of them."""
    member = why.place.removeprefix(f"figures.{leaf}").strip(".").split("[")[0]
    return rows.get(member, next(iter(rows.values())))


def to_file(changes: Sequence[Change]) -> dict[tuple[str, str], dict[str, Any]]:
    """What a confirmed difference files: unit and leaf -> figures."""
    return {(unit, leaf): each.act for each in changes if each.act for unit, _, leaf in [each.key.partition("/")]}


def _flaw(code: str, row: int, column: str) -> Flaw:
    return Flaw(code, REASONS[code].zh, REASONS[code].en, row, column)

"""Imports: what a file would change, row by row, and what became of one; folded from ``import/{cycle}/{import}``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from domain import facts
from domain.duties import permit
from domain.people import Person
from domain.refusals import Refused

KINDS = ("roster", "figures")
CHANGES = ("new", "changed", "unchanged", "blank", "refused")


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a row is refused: a code, the reason in both languages, the row and the column."""

    code: str
    zh: str
    en: str
    row: int
    column: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file: its values by column, and what is wrong with its cells."""

    row: int
    values: Mapping[str, str]
    flaws: tuple[Flaw, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What one business key's rows would change; ``act`` is what would be done, in the words of the act."""

    key: str
    rows: tuple[int, ...]
    change: str
    before: Mapping[str, str]
    after: Mapping[str, str]
    flaws: tuple[Flaw, ...] = ()
    act: Any = None


def refused(key: str, lines: Sequence[Line], flaws: Sequence[Flaw]) -> Change:
    """The rows of a key that cannot be taken."""
    return Change(key, tuple(line.row for line in lines), "refused", {}, {}, tuple(flaws))


def flaw_of(why: Refused, row: int, column: str = "") -> Flaw:
    """A refusal of the rules as the flaw of a row."""
    zh = "：".join(filter(None, (why.reason.zh, why.detail_zh)))
    en = ": ".join(filter(None, (why.reason.en, why.detail_en)))
    return Flaw(why.code, zh, en, row, column)


def counts(changes: Sequence[Change]) -> dict[str, int]:
    """How many keys there are of each sort of change."""
    return {sort: sum(each.change == sort for each in changes) for sort in CHANGES}


def importable(changes: Sequence[Change]) -> None:
    """Refuses a difference with a refused row, and one that changes nothing: an import is taken whole."""
    bad = [flaw for each in changes for flaw in each.flaws]
    if bad:
        first = bad[0]
        raise Refused(
            "rows-refused", f"第{first.row}行 {first.zh}", f"row {first.row} {first.en}", f"{first.row}.{first.column}"
        )
    if not any(each.change in {"new", "changed"} for each in changes):
        raise Refused("nothing-to-import")


@dataclass(frozen=True, slots=True)
class Import:
    """One import as of now. ``id``: "{cycle}/{import}". ``submissions``: unit -> item -> submission.

    ``effective``: since when what it filed was so, where somebody said so.
    """

    id: str
    fact: facts.ImportConfirmed | None = None
    by: str = ""
    at: str = ""
    effective: str = ""
    units: tuple[str, ...] = ()
    submissions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    reversed_by: str = ""
    reason: str = ""

    def evolve(self, fact: facts.Fact, by: str, at: str, effective: str = "") -> "Import":
        """This import after ``fact`` of person ``by``, recorded ``at``."""
        match fact:
            case facts.ImportConfirmed():
                return replace(self, fact=fact, by=by, at=at, effective=effective)
            case facts.RosterImported():
                return replace(self, units=(*self.units, *fact.units))
            case facts.FiguresImported():
                return replace(self, submissions={**self.submissions, fact.unit: fact.submissions})
            case facts.ImportReversed():
                return replace(self, reversed_by=by, reason=fact.reason)
        return self

    @property
    def touched(self) -> frozenset[str]:
        """The units whose sheets or enrolment it changed."""
        return frozenset(self.units) | self.submissions.keys()


def confirmed(found: Import) -> facts.ImportConfirmed:
    """What was confirmed; refuses an import that nobody made."""
    if found.fact is None:
        raise Refused("unknown-import", found.id, found.id)
    return found.fact


def fetched(found: Import, person: Person) -> facts.ImportConfirmed:
    """What was confirmed, for whoever may have its file: auditors, and who imported it.

    A file may hold rows that changed nothing, of units of which those that it touched know nothing.
    """
    fact = confirmed(found)
    if person.id != found.by:
        permit(person, "audit")
    if not fact.size:
        raise Refused("unknown-file", found.id, found.id)
    return fact


def reversible(found: Import) -> facts.ImportConfirmed:
    """What was confirmed; refuses also an import that was taken back already."""
    if found.reversed_by:
        raise Refused("already-decided")
    return confirmed(found)

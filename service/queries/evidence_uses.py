"""The same file used again: in another unit, cycle, item or leaf, found by the digest of its bytes."""

from collections.abc import Collection, Iterable
from contextlib import suppress
from typing import Any, NamedTuple

from domain.duties import may
from domain.people import Person
from service.office import office
from workers.rules import UnknownRules

_AGAIN = (
    "SELECT DISTINCT u.digest FROM scores.evidence_uses AS u WHERE u.again AND u.cycle = %(cycle)s"
    " AND u.digest > %(after)s AND (%(leaves)s::text[] IS NULL OR u.leaf = ANY(%(leaves)s))"
    " AND (%(across)s::text IS NULL OR EXISTS (SELECT FROM scores.evidence_uses AS o WHERE o.digest = u.digest"
    " AND CASE %(across)s WHEN 'unit' THEN o.unit <> u.unit WHEN 'cycle' THEN o.cycle <> u.cycle END))"
    " ORDER BY u.digest LIMIT %(limit)s"
)
_USES = (
    "SELECT digest, cycle, unit, item, leaf, evidence, position, withdrawn FROM scores.evidence_uses"
    " WHERE digest = ANY(%s) ORDER BY digest, position"
)
_FOLLOWED = "SELECT position FROM scores.evidence_followed"
_PARTS = ("unit", "cycle", "item", "leaf")


class Use(NamedTuple):
    """One file attached once."""

    digest: str
    cycle: str
    unit: str
    item: str
    leaf: str
    evidence: str
    position: int
    withdrawn: bool


def followed() -> int:
    """The position up to which files were followed."""
    with office().store.connection() as connection:
        row = connection.execute(_FOLLOWED, prepare=True).fetchone()
    return int(row[0]) if row else 0


def uses_of(digests: Collection[str]) -> dict[str, list[Use]]:
    """Where these bytes were attached, by digest, oldest first."""
    found: dict[str, list[Use]] = {digest: [] for digest in digests}
    if found:
        with office().store.connection() as connection:
            for row in connection.execute(_USES, (list(found),), prepare=True, binary=True):
                found[row[0]].append(Use(*row))
    return found


def again(
    cycle: str, leaves: list[str] | None, across: str | None, after: str, limit: int
) -> list[tuple[str, list[Use]]]:
    """Digests behind ``after`` that were attached more than once, at least once in the cycle (on one of ``leaves``)."""
    asked = {"cycle": cycle, "leaves": leaves, "across": across, "after": after, "limit": limit}
    with office().store.connection() as connection:
        digests = [digest for (digest,) in connection.execute(_AGAIN, asked, binary=True)]
    found = uses_of(digests)
    return [(digest, found[digest]) for digest in digests]


def shown(person: Person, found: Iterable[tuple[str, list[Use]]]) -> list[dict[str, Any]]:
    """Each file's uses as far as ``person`` may see them; of the others he learns that there are some."""
    files = list(found)
    seen = _comparable(person, {use.cycle for _, uses in files for use in uses})
    shown = []
    for digest, uses in files:
        theirs = [use._asdict() for use in uses if (use.cycle, use.leaf) in seen]
        row = {"digest": digest, "across": differing(uses), "uses": theirs, "hidden": len(uses) - len(theirs)}
        shown.append(row)
    return shown


def elsewhere(use: Iterable[str], uses: list[Use]) -> list[str]:
    """In what the other uses in force differ from this one, given as unit, cycle, item, leaf and evidence.

    "file" is the same file attached twice in the same place.
    """
    unit, cycle, item, leaf, evidence = use
    others = [each for each in uses if each.evidence != evidence and not each.withdrawn]
    here = dict(zip(_PARTS, (unit, cycle, item, leaf), strict=True))
    found = [part for part in _PARTS if any(getattr(each, part) != here[part] for each in others)]
    return found or ["file"] * bool(others)


def differing(uses: list[Use]) -> list[str]:
    """In what uses differ: "unit", "cycle", "item", "leaf", or "file" when only the same place has it twice."""
    found = [part for part in _PARTS if len({getattr(each, part) for each in uses}) > 1]
    return found or ["file"] * (len(uses) > 1)


def leaves_of(cycle: str, departments: frozenset[str]) -> list[str]:
    """The leaves of a cycle that these departments answer for."""
    return [leaf.id for leaf in office().rules.rubric_of(cycle).leaves if leaf.department in departments]


def _comparable(person: Person, cycles: set[str]) -> frozenset[tuple[str, str]]:
    """The (cycle, leaf) on which ``person`` may compare; a cycle whose rubric cannot be read has none."""
    found: set[tuple[str, str]] = set()
    for cycle in cycles:
        with suppress(UnknownRules):
            for leaf in office().rules.rubric_of(cycle).leaves:
                if may(person, "compare", departments=frozenset({leaf.department})):
                    found.add((cycle, leaf.id))
    return frozenset(found)

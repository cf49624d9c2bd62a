"""The same file used again: in another unit, cycle, item or leaf, found by the digest of its bytes."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from domain import facts
from domain.duties import may
from domain.moments import Effects, Moment
from domain.people import Person
from events.codec import to_fact
from events.entry import decode
from service.office import office
from workers.rules import UnknownRules
from workers.unreadable import Unreadable

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
_FILES = (
    "SELECT e.stream, e.entry, l.first + e.ordinal FROM record.events AS e JOIN record.ledger AS l USING (commit_seq)"
    " WHERE e.stream = ANY(%s) AND e.type IN ('EvidenceAttached', 'EvidenceWithdrawn') ORDER BY e.stream, e.version"
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


def then(found: Mapping[str, list[Use]], moment: Moment) -> dict[str, list[Use]]:
    """The same uses as they stood at a moment: attached by then, and withdrawn or not."""
    streams = {_stream(use) for uses in found.values() for use in uses}
    attached, gone = set[str](), set[str]()
    for fact in _files(sorted(streams), moment):
        (attached if isinstance(fact, facts.EvidenceAttached) else gone).add(fact.evidence)
    return {
        digest: [use._replace(withdrawn=use.evidence in gone) for use in uses if use.evidence in attached]
        for digest, uses in found.items()
    }


def _stream(use: Use) -> str:
    return f"sheet/{use.cycle}/{use.unit}/{use.item}"


def _files(streams: list[str], moment: Moment) -> Iterator[Any]:
    """What happened to files on these sheets and stands at a moment; what cannot be read is passed over."""
    effects = defaultdict[str, Effects](Effects)
    with office().store.connection() as connection:
        rows = connection.execute(_FILES, (streams,), binary=True).fetchall()
    for stream, entry, position in rows:
        with suppress(*Unreadable):
            event = decode(entry)
            fact = to_fact(event)
            if moment.sees(position, effects[stream].take(fact, event.time, event.effectivetime)):
                yield fact


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

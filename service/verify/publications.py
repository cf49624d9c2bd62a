"""Published results: each digest in the record is that of the table the entries give at its position.

A table is written as `domain.results` says: unit -> cohort, rank, sums by column, leaves; its digest is the
SHA-256 of its restricted JCS text (RFC 8785).
"""

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from domain import facts
from domain.columns import LeafScore
from domain.points import show
from domain.rubric.model import Rubric
from domain.standings import counted_bonus, places
from service.verify.entries import UnreadableError, fact_of, read_entry
from service.verify.results import Leaves, final_sums, leaf_document
from service.verify.scores import Scores

STATEMENTS = (facts.ResultsProposed, facts.ResultsPublished, facts.CycleFinalised)
_MARKS = tuple(f'"type":"{kind.__name__}"'.encode() for kind in STATEMENTS)
Moments = dict[int, set[str]]
"""Position -> the cycles whose table is stated to stand there."""


def stated(entries: Iterable[bytes]) -> Moments:
    """The moments at which results are stated anywhere among these entries; a quick look at the bytes."""
    moments: Moments = {}
    for raw in entries:
        if any(mark in raw for mark in _MARKS):
            try:
                entry = read_entry(1, raw)
                fact = fact_of(entry)
            except UnreadableError:
                continue  # the walk finds it
            if isinstance(fact, STATEMENTS):
                moments.setdefault(fact.position, set()).add(entry.subject.removeprefix("cycle/"))
    return moments


def digest_at(scores: Scores, cycle: str) -> str:
    """The digest of a cycle's table as the scores stand; raises UnreadableError when there is none."""
    try:
        found = table(scores, cycle)
    except (KeyError, ValueError, TypeError) as reason:
        raise UnreadableError(f"cycle {cycle}: {reason!r}") from None
    text = json.dumps(found, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


def table(scores: Scores, cycle: str) -> dict[str, dict[str, Any]]:
    """Every unit's cohort, rank, sums and leaves."""
    known = scores.cycles[cycle]
    rubric = scores.rubric(known.hash)
    leaves = {unit: scores.leaves(cycle, unit) for unit in known.units}
    totals = {
        unit: (known.units[unit].cohort, sum(final_sums(rubric, known.units[unit].cohort, own)))
        for unit, own in leaves.items()
    }
    ranks = places(rubric, totals)
    return {
        unit: {"cohort": cohort, "rank": ranks[unit], **summed(rubric, cohort, leaves[unit])}
        for unit, (cohort, _) in totals.items()
    }


def summed(rubric: Rubric, cohort: str, leaves: Leaves) -> dict[str, Any]:
    """Base, bonus, total, groups, items and leaves by column; of the final bonus what counts (`domain.standings`)."""
    extra = {leaf.id for leaf in rubric.leaves if leaf.bonus}
    items = {item.id: [leaf.id for leaf in item.leaves if leaf.id in leaves] for item in rubric.items}
    groups = {group.id: [leaf for item in group.items for leaf in items[item.id]] for group in rubric.groups}
    base = _sums(score for leaf, score in leaves.items() if leaf not in extra)
    bonus = _sums(score for leaf, score in leaves.items() if leaf in extra)
    bonus[2] = counted_bonus(rubric, cohort, base[2], bonus[2])
    return {
        "base": _columns(base),
        "bonus": _columns(bonus),
        "total": _columns([own + more for own, more in zip(base, bonus, strict=True)]),
        "groups": {group: _columns(_sums(leaves[leaf] for leaf in own)) for group, own in groups.items() if own},
        "items": {item: _columns(_sums(leaves[leaf] for leaf in own)) for item, own in items.items() if own},
        "leaves": {leaf: leaf_document(score) for leaf, score in leaves.items()},
    }


def _sums(scores: Iterable[LeafScore]) -> list[int]:
    kept = list(scores)
    return [sum(column) for column in zip(*(score[:3] for score in kept), strict=True)] if kept else [0, 0, 0]


def _columns(points: list[int]) -> dict[str, str]:
    return dict(zip(("claimed", "verified", "final"), map(show, points), strict=True))

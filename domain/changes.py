"""Another rubric or target for a cycle under way: two people decide it, on exactly what it would move.

Leaves, items, groups, totals and ranks of every unit are listed before and after; the list is kept under its digest,
which the proposal names. Whoever confirms confirms that list: if what would move is no longer the same, he is refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain import spelling
from domain.cycle import Cycle, known
from domain.cycle_contents import Asked, Change
from domain.duties import second_person
from domain.people import Person
from domain.refusals import Refused
from domain.results import Table, differences


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change would move: the digest of the whole list, the units that move, those that change place."""

    digest: str
    units: int
    ranks: int


def moved(before: Table, after: Table) -> list[dict[str, Any]]:
    """Every leaf, item, group, total and rank that a change moves, in every column: see ``results.differences``."""
    return list(differences(before, after))


def effect_of(digest: str, rows: Sequence[Mapping[str, Any]]) -> Effect:
    """The effect that these rows list, kept under their digest."""
    ranks = {row["unit"] for row in rows if row["place"] == "rank"}
    return Effect(digest, len({row["unit"] for row in rows}), len(ranks))


def unfinished(cycle: Cycle) -> None:
    """Refuses a cycle that does not exist, or whose final results stand: it would have to be reopened first."""
    known(cycle)
    if cycle.published("final"):
        raise Refused("results-final", cycle.phase, cycle.phase)


def find(changes: Mapping[str, Change[Asked]], change: str, unknown: str) -> Change[Asked]:
    """The proposal of that id; refuses one that is not there under the name ``unknown``."""
    if change not in changes:
        raise Refused(unknown, change, change)
    return changes[change]


def waiting(found: Change[Asked]) -> Change[Asked]:
    """The same while nobody has decided it."""
    if found.state != "proposed":
        raise Refused("already-decided", found.state, found.state)
    return found


def confirm(found: Change[Asked], effect: Effect, person: Person, reason: str) -> None:
    """Refuses who proposed it himself, and an ``effect``, computed now, that is not the one that was shown."""
    second_person(person, found.by)
    spelling.reason(reason)
    if found.fact.difference != effect.digest:
        raise Refused("difference-changed", effect.digest, effect.digest)

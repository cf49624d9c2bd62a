"""The same key elsewhere: in other registers and cycles, found by name, for a key names its stream."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from domain import facts
from domain.keys import stream as key_stream
from domain.moments import Moment
from events.codec import to_fact
from events.entry import decode
from service.office import office
from service.queries.bonuses import Asked, asked, keyed
from workers.rules import UnknownRules
from workers.unreadable import Unreadable

Key = tuple[str, str]  # register, the one spelling
_CLAIMS = "SELECT stream, entry FROM record.events WHERE stream = ANY(%s) ORDER BY stream, version"


def elsewhere(cycle: str, keys: Collection[Key], moment: Moment | None = None) -> dict[Key, list[dict[str, Any]]]:
    """The same keys in other registers and cycles: who brought them forward, what became of it, by which event.

    As it stands, or stood at a moment.
    """
    asking = _asking(cycle, keys)
    held = _held(list(asking))
    bonuses = {(each.stream, each.bonus.id): each for each in asked((place for _, place, _ in held), moment)}
    found: dict[Key, list[dict[str, Any]]] = {key: [] for key in keys}
    for stream, place, bonus in held:
        if known := bonuses.get((place, bonus)):
            for who in asking[stream]:
                found[who].append(_beside(known))
    return found


def _asking(cycle: str, keys: Collection[Key]) -> dict[str, set[Key]]:
    """The streams that the keys would have elsewhere: as many as there are keys, cycles and leaves."""
    asking: dict[str, set[Key]] = defaultdict(set)
    for other in _cycles() if keys else ():  # most sheets have no key: they ask nothing
        for leaf in keyed(office().rules.rubric_of(other)).values():
            # Before the cycle went on under a rubric that says otherwise, a leaf had a register of its own.
            names = {leaf.key_register, leaf.id}
            for own, key in keys:
                if other != cycle or own not in names:
                    for name in names:
                        asking[key_stream(other, name, key)].add((own, key))
    return asking


def _beside(known: Asked) -> dict[str, Any]:
    last = known.events[-1]
    return {
        "cycle": known.cycle,
        "unit": known.unit,
        "leaf": known.bonus.leaf,
        "bonus": known.bonus.id,
        "state": known.bonus.state,
        "event": last["id"],
        "type": last["type"],
        "position": last["position"],
    }


def _held(streams: list[str]) -> list[tuple[str, str, str]]:
    """(stream of a key, sheet, bonus) of whoever ever reserved one of these keys."""
    if not streams:
        return []
    with office().store.connection() as connection:
        rows = connection.execute(_CLAIMS, (streams,), binary=True).fetchall()
    found = []
    for stream, body in rows:
        try:
            fact = to_fact(decode(body))
        except Unreadable:
            continue
        if isinstance(fact, facts.KeyReserved | facts.JointClaimed):
            units = fact.shares if isinstance(fact, facts.JointClaimed) else [fact.unit]
            cycle = stream.split("/")[1]
            found += [(stream, f"sheet/{cycle}/{unit}/{fact.item}", fact.bonus) for unit in units]
    return found


def _cycles() -> list[str]:
    return [cycle for cycle in office().names("cycle/") if _readable(cycle)]


def _readable(cycle: str) -> bool:
    try:
        office().rules.rubric_of(cycle)
    except UnknownRules:
        return False
    return True

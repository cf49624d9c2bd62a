"""The register of a cycle: every register number and experience key, who holds it, and where it stands besides."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from domain import claims, facts
from domain.acts.filing import OPEN_STATES
from domain.duties import may
from domain.moments import Moment
from domain.people import Person
from domain.rubric.model import Rubric
from events.codec import to_fact
from events.entry import decode
from service.office import office
from service.queries.bonuses import Asked, asked, keyed, sheets
from service.queries.joint import jointly
from workers.rules import UnknownRules
from workers.unreadable import Unreadable

Key = tuple[str, str]  # register, the one spelling
_CLAIMS = "SELECT stream, entry FROM record.events WHERE stream = ANY(%s) ORDER BY stream, version"


def departments(cycle: str) -> frozenset[str]:
    """The departments that answer for leaves under keys."""
    return frozenset(leaf.department for leaf in keyed(office().rules.rubric_of(cycle)).values())


def entries(cycle: str, person: Person, units: Iterable[str]) -> dict[Key, list[Asked]]:
    """The bonuses under each key that ``person`` may see, in order of register and key."""
    rubric = office().rules.rubric_of(cycle)
    found: dict[Key, list[Asked]] = defaultdict(list)
    for each in asked(sheets(cycle, units)):
        register, party = rubric.register_of(each.bonus.leaf), {each.unit, *each.bonus.shares}
        if comparing(person, *answering(rubric, register)) or party & person.scopes("unit"):
            found[register, each.key[1]].append(each)
    return {key: sorted(found[key], key=_begun) for key in sorted(found)}


def answering(rubric: Rubric, register: str) -> frozenset[str]:
    """The departments that answer for leaves of a register: each of them sees the whole of it."""
    return frozenset(leaf.department for leaf in keyed(rubric).values() if leaf.key_register == register)


def comparing(person: Person, *departments: str) -> bool:
    """Whether ``person`` may see what stands beside a leaf of these departments in other units and years."""
    return may(person, "compare", departments=frozenset(departments))


def entry(cycle: str, key: Key, bonuses: Sequence[Asked]) -> dict[str, Any]:
    """One key: its holders, else who brought it forward last, with the events of all who did."""
    holders = [each for each in bonuses if each.bonus.state in OPEN_STATES]
    shown = (holders or bonuses[-1:])[0].bonus
    return {
        "register": key[0],
        "leaf": shown.leaf,
        "leaves": list(dict.fromkeys(each.bonus.leaf for each in bonuses)),
        "key": shown.key,
        "stream": claims.stream(cycle, key[0], key[1]),
        "state": shown.state,
        "free": not holders,
        "holders": sorted({unit for each in holders for unit in (each.bonus.shares or {each.unit})}),
        "units": list(dict.fromkeys(each.unit for each in bonuses)),
        "bonus": shown.id,
        "level": shown.level,
        "title": shown.title,
        "shares": shown.shares,
        "events": [event for each in bonuses for event in each.events],
    }


def fits(row: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Whether a key is among those asked for; ``state`` "free" is every key that nobody holds."""
    state = wanted["state"]
    return (
        (wanted["register"] is None or row["register"] == wanted["register"])
        and (wanted["leaf"] is None or wanted["leaf"] in row["leaves"])
        and (wanted["unit"] is None or wanted["unit"] in {*row["units"], *row["holders"]})
        and (wanted["key"] is None or claims.normal(row["key"]) == claims.normal(wanted["key"]))
        and (state is None or (row["free"] if state == "free" else row["state"] == state))
    )


def elsewhere(cycle: str, keys: Collection[Key], moment: Moment | None = None) -> dict[Key, list[dict[str, Any]]]:
    """The same keys in other registers and cycles: who brought them forward, what became of it, by which event.

    As it stands, or stood at a moment.

    Found by name, for a key names its stream: so many look-ups as there are keys, cycles and leaves.
    """
    asking: dict[str, set[Key]] = defaultdict(set)
    for other in _cycles() if keys else ():  # most sheets have no key: they ask nothing
        for leaf in keyed(office().rules.rubric_of(other)).values():
            # Before the cycle went on under a rubric that says otherwise, a leaf had a register of its own.
            names = {leaf.key_register, leaf.id}
            for own, key in keys:
                if other != cycle or own not in names:
                    for name in names:
                        asking[claims.stream(other, name, key)].add((own, key))
    held = _held(list(asking))
    bonuses = {(each.stream, each.bonus.id): each for each in asked((place for _, place, _ in held), moment)}
    found: dict[Key, list[dict[str, Any]]] = {key: [] for key in keys}
    for stream, place, bonus in held:
        if known := bonuses.get((place, bonus)):
            for who in asking[stream]:
                found[who].append(_beside(known))
    return found


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


def _begun(each: Asked) -> tuple[bool, int, str]:
    position = each.events[0]["position"]
    return position is None, position or 0, each.events[0]["at"]


def flagged(cycle: str, person: Person, rows: dict[Key, dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with what the same keys did elsewhere, where ``person`` may compare; else null."""
    rubric = office().rules.rubric_of(cycle)
    beside = elsewhere(cycle, [key for key in rows if comparing(person, *answering(rubric, key[0]))])
    return [
        row | {"elsewhere": beside.get(key), "joint": jointly(row["stream"]) if row["shares"] else None}
        for key, row in rows.items()
    ]

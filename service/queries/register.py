"""The register of a cycle: every register number and experience key, who holds it, and where it stands besides."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from domain.acts.filing import OPEN_STATES
from domain.duties import may
from domain.keys import normal, stream
from domain.people import Person
from domain.rubric.model import Rubric
from service.office import office
from service.queries.bonuses import Asked, asked, keyed, sheets
from service.queries.joint import jointly
from service.queries.same_keys import Key, elsewhere


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
        "stream": stream(cycle, key[0], key[1]),
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
        and (wanted["key"] is None or normal(row["key"]) == normal(wanted["key"]))
        and (state is None or (row["free"] if state == "free" else row["state"] == state))
    )


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

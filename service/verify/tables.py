"""The published results as the score tables show them, in the form the verifier computes."""

from typing import Any

from domain.points import show
from events.log.storage import Connection

_STANDS = "SELECT min(position), max(position) FROM scores.checkpoints WHERE projection = 'scores'"
_UNITS = "SELECT unit, cohort, rank, claimed, verified, base, bonus, total FROM scores.unit_scores WHERE cycle = %s"
_LEAVES = (
    "SELECT unit, leaf, claimed, verified, final, maximum, status"
    " FROM scores.leaf_scores JOIN scores.enrolments USING (cycle, unit) WHERE cycle = %s"
)
_DEPARTMENTS = "SELECT department, won, possible, bonus, rank FROM scores.department_scores WHERE cycle = %s"


def stands_at(connection: Connection) -> int | None:
    """The one position all shares of the score tables stand at; None while they differ."""
    row = connection.execute(_STANDS).fetchone()
    return int(row[0]) if row and row[0] is not None and row[0] == row[1] else None


def published(connection: Connection, cycle: str) -> dict[str, Any]:
    """Units with their leaves, and departments, of one cycle."""
    units: dict[str, dict[str, Any]] = {}
    for unit, cohort, rank, *sums in connection.execute(_UNITS, (cycle,)):
        names = ("claimed", "verified", "base", "bonus", "total")
        units[unit] = {"cohort": cohort, "rank": rank, **dict(zip(names, map(show, sums), strict=True)), "leaves": {}}
    for unit, leaf, claimed, verified, final, most, status in connection.execute(_LEAVES, (cycle,)):
        shown = {"claimed": show(claimed), "verified": show(verified), "final": show(final), "status": status}
        own = units.setdefault(unit, {"leaves": {}})["leaves"]
        own[leaf] = shown | {"maximum": None if most is None else show(most)}
    departments = {
        name: {"won": show(won), "possible": show(possible), "bonus": show(bonus), "rank": rank}
        for name, won, possible, bonus, rank in connection.execute(_DEPARTMENTS, (cycle,))
    }
    return {"units": units, "departments": departments}

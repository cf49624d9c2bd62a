"""Reading the score tables: what the API may ask of them. Every answer says the position it stands at."""

from dataclasses import dataclass
from typing import Any

import msgspec

from domain.points import show
from events.binary import INTEGER, TEXT, elements, integer
from events.entry import decode
from events.prepared import Prepared
from events.store import EventStore, Recorded
from workers import checkpoints
from workers.engine import engine

_STANDS = (
    "(SELECT min(position) FROM scores.checkpoints WHERE projection = 'scores'),"
    " coalesce((SELECT first + count - 1 FROM record.ledger ORDER BY first DESC LIMIT 1), 0)"
)
_UNIT = f"SELECT body, rank, {_STANDS} FROM scores.unit_scores WHERE cycle = %s AND unit = %s"  # noqa: S608 - our own text
# The same, with the events of one more stream behind a version: one round trip for who asks and what he asks for.
_UNIT_AND_NEWS = Prepared(
    "kaohe_unit_and_news",
    "SELECT ARRAY(SELECT entry FROM record.events WHERE stream = $1 AND version > $2 ORDER BY version), body, rank,"  # noqa: S608 - our own text
    f" {_STANDS} FROM (SELECT 1) AS one LEFT JOIN scores.unit_scores ON cycle = $3 AND unit = $4",
    (TEXT, INTEGER, TEXT, TEXT),
)
_BOARD = (
    "SELECT unit, cohort, rank, claimed, verified, base, bonus, total FROM scores.unit_scores WHERE cycle = %s"
    " ORDER BY cohort, rank, unit"
)
_DEPARTMENTS = (
    "SELECT department, won, possible, bonus, rank FROM scores.department_scores WHERE cycle = %s"
    " ORDER BY rank, department"
)
_PARKED = (
    "SELECT projection, stream, position, error FROM scores.parked"
    " UNION ALL SELECT 'evidence', stream, position, error FROM scores.evidence_parked ORDER BY 3, 1, 2"
)


@dataclass(frozen=True, slots=True)
class Stands:
    """The position a read model stands at, and how many ordered positions it has yet to take in."""

    position: int
    lag: int


class ReadModels:
    """Queries of the score tables; one statement each."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    def stands(self) -> Stands:
        """Where the score tables stand."""
        row = self._rows(f"SELECT {_STANDS}")[0]
        return Stands(row[0], row[1] - row[0])

    def last(self) -> int:
        """The last position of the record."""
        stands = self.stands()
        return stands.position + stands.lag

    def program(self) -> str:
        """Which program made the tables; before anybody did, this one will."""
        with self._store.connection() as connection:
            return checkpoints.read(connection)[0].program or engine()

    def ours(self) -> bool:
        """Whether this program made the tables: only then are they what it makes of the record."""
        with self._store.connection() as connection:
            return checkpoints.ours(connection)

    def unit(self, cycle: str, unit: str) -> bytes | None:
        """A unit's scores as JSON, or None when it is not projected yet."""
        rows = self._rows(_UNIT, cycle, unit)
        return _unit_json(bytes(rows[0][0]), *rows[0][1:]) if rows else None

    def unit_and_news(self, cycle: str, unit: str, stream: str, after: int) -> tuple[bytes | None, list[Recorded]]:
        """The same, and the events of ``stream`` behind version ``after``, as of one moment."""
        values = (stream.encode(), after.to_bytes(4, "big"), cycle.encode(), unit.encode())
        with self._store.connection() as connection:
            news, body, *rest = _UNIT_AND_NEWS.row(connection, values)
        events = [Recorded(entry, decode(entry)) for entry in elements(news)]
        return (None if body is None else _unit_json(body, *map(integer, rest))), events

    def board(self, cycle: str) -> list[dict[str, Any]]:
        """Every unit of a cycle, by cohort and rank."""
        points = ("claimed", "verified", "base", "bonus", "total")
        return [
            {"unit": unit, "cohort": cohort, "rank": rank, **dict(zip(points, map(show, rest), strict=True))}
            for unit, cohort, rank, *rest in self._rows(_BOARD, cycle)
        ]

    def departments(self, cycle: str) -> list[dict[str, Any]]:
        """Every department's standing."""
        return [
            {"department": name, "won": show(won), "possible": show(possible), "bonus": show(bonus), "rank": rank}
            for name, won, possible, bonus, rank in self._rows(_DEPARTMENTS, cycle)
        ]

    def parked(self) -> list[dict[str, Any]]:
        """Streams a projection could not read, by the position of what it could not."""
        rows = self._rows(_PARKED)
        return [dict(zip(("projection", "stream", "position", "error"), row, strict=True)) for row in rows]

    def _rows(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        with self._store.connection() as connection:
            return connection.execute(statement, parameters, prepare=True, binary=True).fetchall()


def _unit_json(body: bytes, rank: int, position: int, last: int) -> bytes:
    head = msgspec.json.encode({"rank": rank, "position": position, "lag": last - position})
    # Two JSON objects joined: decoding and encoding the stored one again would cost more than the whole read.
    return head[:-1] + b"," + body[1:]

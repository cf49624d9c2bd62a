"""A replay: the score tables once more, from position 1, beside the live ones.

Each share of the streams is filled in one transaction that holds the share's row: two workers take two shares, a
worker that is killed leaves its share as untouched as before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from domain.moments import Moment
from events.entry import new_id
from events.reader import borders, drain
from events.store import EventStore
from workers import checkpoints
from workers.fold import Changes, Fold
from workers.memory import uncollected
from workers.projections import shadows, standings
from workers.projections.leaves import enrolment_rows, queue_rows
from workers.projections.tables import ENROLMENTS, HISTORY, LEAVES, QUEUE, UNITS, Connection, located
from workers.projections.units import whole_units
from workers.projector import earlier
from workers.rules import Rules

CHUNK = 10_000
MILLION = 1_000_000
ALL_SHEETS = 1 << 62

_REPLAY = "SELECT recomputation, purpose, suffix, phase, upto, position, outcome FROM scores.replays"
_BEGIN = "INSERT INTO scores.replays (recomputation, purpose, suffix, phase, upto) VALUES (%s, %s, %s, 'filling', %s)"
_SHARE = "INSERT INTO scores.replay_shares (recomputation, share, low, high) VALUES (%s, %s, %s, %s)"
_CLAIM_SHARE = (
    "SELECT share, low, high FROM scores.replay_shares WHERE recomputation = %s AND filled_at IS NULL"
    " ORDER BY share LIMIT 1 FOR UPDATE SKIP LOCKED"
)
_FILLED = (
    "UPDATE scores.replay_shares SET filled_at = clock_timestamp(), events = %s WHERE recomputation = %s AND share = %s"
)
_ALL_FILLED = (
    "UPDATE scores.replays AS r SET phase = 'standing', updated_at = clock_timestamp()"
    " WHERE recomputation = %s AND phase = 'filling' AND NOT EXISTS (SELECT FROM scores.replay_shares AS s"
    " WHERE s.recomputation = r.recomputation AND s.filled_at IS NULL)"
)
_UNITS = "SELECT cycle, unit FROM {}"
_MOVE = (
    "UPDATE scores.replays SET phase = %s, position = %s, outcome = %s, updated_at = clock_timestamp()"
    " WHERE recomputation = %s"
)


@dataclass(frozen=True, slots=True)
class Replay:
    """One replay as its row tells: to fill up to ``upto``, standing at ``position``; ``outcome`` of a comparison."""

    recomputation: str
    purpose: str
    suffix: str
    phase: str
    upto: int
    position: int
    outcome: bytes | None

    @property
    def shadow(self) -> str:
        """What the names of its tables end in."""
        return f"__{self.suffix}"


def found(connection: Connection, recomputation: str) -> Replay | None:
    """The replay of a recomputation, whoever is at it."""
    row = connection.execute(f"{_REPLAY} WHERE recomputation = %s", (recomputation,)).fetchone()
    return Replay(*row) if row else None


def claimed(connection: Connection, recomputation: str, phase: str) -> Replay | None:
    """The replay if it is in ``phase`` and free, locked until the transaction ends."""
    row = connection.execute(
        f"{_REPLAY} WHERE recomputation = %s AND phase = %s FOR UPDATE SKIP LOCKED", (recomputation, phase)
    ).fetchone()
    return Replay(*row) if row else None


def begin(connection: Connection, recomputation: str, purpose: str, upto: int) -> None:
    """Makes empty shadow tables and their shares, in the caller's transaction; drops what others left."""
    connection.execute("DELETE FROM scores.replays WHERE phase <> 'refused' OR recomputation = %s", (recomputation,))
    suffix = new_id()[-8:]
    shadows.drop(connection)
    shadows.create(connection, f"__{suffix}")
    connection.execute(_BEGIN, (recomputation, purpose, suffix, upto))
    for share, (low, high) in enumerate(shares(connection, upto)):
        connection.execute(_SHARE, (recomputation, share, low, high))


def discard(connection: Connection, recomputation: str) -> None:
    """Drops the shadow tables and the replay's row."""
    shadows.drop(connection)
    connection.execute("DELETE FROM scores.replays WHERE recomputation = %s", (recomputation,))


def shares(connection: Connection, upto: int) -> list[tuple[str, str]]:
    """Ranges of streams: all cycles, then the sheets in four parts, or more so that none holds far over a million.

    Every border stands before a unit's first sheet, so that the sheets of a unit are always folded together.
    """
    names = borders(connection, "sheet/", upto, 4 + upto // MILLION)
    units = dict.fromkeys(unit_of(name) for name in names[1:-1])
    return [("cycle/", "cycle0"), *pairwise([names[0], *units, names[-1]])]


def unit_of(stream: str) -> str:
    """What the names of all sheets of a sheet's unit begin with: "sheet/2026/zhongshan/"."""
    return stream[: stream.rfind("/") + 1]


def move(connection: Connection, replay: Replay, phase: str, position: int, outcome: bytes | None = None) -> None:
    """Says where the replay stands from here."""
    connection.execute(_MOVE, (phase, position, outcome, replay.recomputation))


def fill(store: EventStore, rules: Rules, replay: Replay, pause: Callable[[], None]) -> bool:
    """Fills one share that nobody is at; False when there is none. ``pause`` is called between chunks."""
    with store.connection() as connection, uncollected(), connection.transaction():
        row = connection.execute(_CLAIM_SHARE, (replay.recomputation,)).fetchone()
        if row is None:
            return False
        share, low, high = row
        events = pour(store, rules, connection, replay, (low, high), pause)
        connection.execute(_FILLED, (events, replay.recomputation, share))
        return True


def pour(
    store: EventStore,
    rules: Rules,
    connection: Connection,
    replay: Replay,
    streams: tuple[str, str],
    pause: Callable[[], None],
) -> int:
    """Folds a range of streams into the shadow tables, one stream after the other; answers the number of events."""
    fold = Fold(rules, lambda stream, version: earlier(store, stream, version), keep=ALL_SHEETS)
    changes = Changes()
    unit, written = "", 0
    with store.connection() as reading:
        for stream, positions, joined in drain(reading, replay.upto, *streams):
            # A unit that is over is written and forgotten: a replay needs no more memory than a few units' sheets.
            if unit_of(stream) != unit and changes.events - written >= CHUNK:
                written = changes.events
                flush(connection, rules, fold, changes, replay)
                pause()
            unit = unit_of(stream)
            fold.take_run(stream, positions, joined, changes)
    flush(connection, rules, fold, changes, replay)
    shadows.copy(connection, ENROLMENTS, enrolment_rows(changes), replay.shadow)
    checkpoints.park(connection, changes.parked, replay.shadow)
    return changes.events


def flush(connection: Connection, rules: Rules, fold: Fold, changes: Changes, replay: Replay) -> None:
    """Writes the rows of the units at hand, and forgets their sheets."""
    sheets, shadow = changes.sheets.values(), replay.shadow
    leaves, units = whole_units(rules, sheets, replay.upto)
    shadows.copy(connection, HISTORY, changes.history, shadow)
    shadows.copy(connection, LEAVES, leaves, shadow)
    shadows.copy(connection, UNITS, units, shadow)
    shadows.copy(connection, QUEUE, queue_rows(sheets)[1], shadow)
    changes.history.clear()
    changes.sheets.clear()
    fold.forget()


def filled(connection: Connection, recomputation: str) -> bool:
    """Goes on to the standings once every share is filled; False when somebody is still at one."""
    return connection.execute(_ALL_FILLED, (recomputation,)).rowcount == 1


def stand(connection: Connection, rules: Rules, replay: Replay) -> None:
    """Keys the filled tables and adds what needs all shares: units without a sheet, ranks, departments."""
    connection.execute("SET LOCAL maintenance_work_mem = '256MB'")
    shadows.key(connection, replay.shadow)
    standings.forget_withdrawn(connection, replay.shadow)
    filed = set(connection.execute(_UNITS.format(located(UNITS, replay.shadow))).fetchall())
    enrolled = connection.execute(_UNITS.format(located(ENROLMENTS, replay.shadow))).fetchall()
    silent = [(cycle, unit) for cycle, unit in enrolled if (cycle, unit) not in filed]
    standings.enroll(connection, rules, silent, replay.shadow)
    standings.refresh(
        connection, rules, silent, lambda cycle: rules.layout_at(cycle, Moment(replay.upto)), replay.shadow
    )
    for cycle in sorted({cycle for cycle, _ in filed}):
        standings.compare_units(connection, cycle, rules.layout_at(cycle, Moment(replay.upto)), replay.shadow)

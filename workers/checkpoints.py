"""How far each share of the streams has been projected; moved by compare-and-set in the transaction of the rows."""

from dataclasses import dataclass

from events.entry import slot_of
from workers.engine import engine
from workers.projections.tables import Connection

PROJECTION = "scores"

QUIET = 30.0  # seconds without a sign of life: the program that made the tables is no longer at work

_READ = (
    "SELECT partition, low, high, position, epoch, program, moved_at < now() - interval '10 s' FROM scores.checkpoints"
    " WHERE projection = %s"
)
_CLAIM = f"{_READ} AND partition = %s FOR UPDATE SKIP LOCKED"
_LOCK = f"{_READ} ORDER BY partition FOR UPDATE"
_MOVE = (
    "UPDATE scores.checkpoints SET position = %s, moved_at = now(), program = coalesce(nullif(program, ''), %s)"
    " WHERE projection = %s AND partition = %s AND position = %s AND epoch = %s RETURNING position"
)
_AT_WORK = "SELECT FROM scores.checkpoints WHERE projection = %s AND moved_at > now() - make_interval(secs => %s)"
_MADE = "UPDATE scores.checkpoints SET program = %s, asked = '' WHERE projection = %s"
_FENCE = "UPDATE scores.checkpoints SET epoch = epoch + 1, moved_at = now() WHERE projection = %s"
_PARKED = "SELECT stream FROM scores.parked{} WHERE projection = %s"
_PARK = (
    "INSERT INTO scores.parked{} (projection, stream, position, error) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING"
)


class Overtaken(Exception):
    """Somebody else moved this checkpoint meanwhile, or swapped its tables; nothing was written."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One share: slots [low, high), the position its tables stand at, their epoch and the program that made them.

    ``silent``: that program has not said for a while that it is at work.
    """

    partition: int
    low: int
    high: int
    position: int
    epoch: int
    program: str
    silent: bool

    @property
    def ours(self) -> bool:
        """Whether this program made the tables, or may: nobody has yet."""
        return self.program in {"", engine()}


def read(connection: Connection) -> list[Checkpoint]:
    """Every share as it stands now."""
    return [Checkpoint(*row) for row in connection.execute(_READ, (PROJECTION,))]


def stands(connection: Connection, stream: str) -> int:
    """The position the share of a stream stands at now."""
    slot = slot_of(stream)
    return next(share.position for share in read(connection) if share.low <= slot < share.high)


def ours(connection: Connection) -> bool:
    """Whether this program made the tables: only then are they what it makes of the record."""
    return all(share.ours for share in read(connection))


def at_work(connection: Connection) -> bool:
    """Whether the program that made the tables has given a sign of life of late."""
    return connection.execute(_AT_WORK, (PROJECTION, QUIET)).fetchone() is not None


def claim(connection: Connection, partition: int) -> Checkpoint | None:
    """Locks one share until the transaction ends; None when another holds it."""
    row = connection.execute(_CLAIM, (PROJECTION, partition)).fetchone()
    return Checkpoint(*row) if row else None


def lock(connection: Connection) -> list[Checkpoint]:
    """Locks every share until the transaction ends; waits for who is at work (mind ``lock_timeout``)."""
    return [Checkpoint(*row) for row in connection.execute(_LOCK, (PROJECTION,))]


def move(connection: Connection, seen: Checkpoint, position: int) -> None:
    """Compare-and-set, and a sign of life; raises Overtaken."""
    moved = connection.execute(_MOVE, (position, engine(), PROJECTION, seen.partition, seen.position, seen.epoch))
    if moved.fetchone() is None:
        raise Overtaken


def made(connection: Connection) -> None:
    """Says that the live tables are what this program makes of the record: compared, or put in place by it."""
    connection.execute(_MADE, (engine(), PROJECTION))


def fence(connection: Connection) -> None:
    """Raises the epoch of every share: who began under an older one writes nothing any more."""
    connection.execute(_FENCE, (PROJECTION,))


def parked(connection: Connection, suffix: str = "") -> frozenset[str]:
    """The streams the projection goes on without."""
    rows = connection.execute(_PARKED.format(suffix), (PROJECTION,))
    return frozenset(stream for (stream,) in rows)


def park(connection: Connection, streams: dict[str, tuple[int, str]], suffix: str = "") -> None:
    """Marks streams (with position and error) that cannot be read."""
    for stream, (position, error) in sorted(streams.items()):
        connection.execute(_PARK.format(suffix), (PROJECTION, stream, position, error))

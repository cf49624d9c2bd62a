"""A replay: the score tables once more, from position 1, beside the live ones; here its row, its phases, its shares.

What fills its tables stands in ``replay_filling``.
"""

from dataclasses import dataclass
from itertools import pairwise

from events.entry import new_id
from events.reader import borders
from workers.engine import engine
from workers.projections import shadows
from workers.projections.tables import Connection

MILLION = 1_000_000

_REPLAY = "SELECT recomputation, purpose, suffix, phase, upto, position, outcome, program FROM scores.replays"
_BEGIN = (
    "INSERT INTO scores.replays (recomputation, purpose, suffix, phase, upto, program)"
    " VALUES (%s, %s, %s, 'filling', %s, %s)"
)
_SHARE = "INSERT INTO scores.replay_shares (recomputation, share, low, high) VALUES (%s, %s, %s, %s)"
_ALL_FILLED = (
    "UPDATE scores.replays AS r SET phase = 'standing', updated_at = clock_timestamp()"
    " WHERE recomputation = %s AND phase = 'filling' AND NOT EXISTS (SELECT FROM scores.replay_shares AS s"
    " WHERE s.recomputation = r.recomputation AND s.filled_at IS NULL)"
)
_MOVE = (
    "UPDATE scores.replays SET phase = %s, position = %s, outcome = %s, updated_at = clock_timestamp()"
    " WHERE recomputation = %s"
)


@dataclass(frozen=True, slots=True)
class Replay:
    """One replay as its row tells: to fill up to ``upto``, standing at ``position``; ``outcome`` of a comparison.

    From its first share to its end it is the work of one ``program``.
    """

    recomputation: str
    purpose: str
    suffix: str
    phase: str
    upto: int
    position: int
    outcome: bytes | None
    program: str

    @property
    def shadow(self) -> str:
        """What the names of its tables end in."""
        return f"__{self.suffix}"


def found(connection: Connection, recomputation: str) -> Replay | None:
    """The replay of a recomputation, whoever is at it."""
    row = connection.execute(f"{_REPLAY} WHERE recomputation = %s", (recomputation,)).fetchone()
    return Replay(*row) if row else None


def claimed(connection: Connection, recomputation: str, phase: str) -> Replay | None:
    """This program's replay if it is in ``phase`` and free, locked until the transaction ends."""
    row = connection.execute(
        f"{_REPLAY} WHERE recomputation = %s AND phase = %s AND program = %s FOR UPDATE SKIP LOCKED",
        (recomputation, phase, engine()),
    ).fetchone()
    return Replay(*row) if row else None


def begin(connection: Connection, recomputation: str, purpose: str, upto: int) -> None:
    """Makes empty shadow tables and their shares, in the caller's transaction; drops what others left."""
    connection.execute("DELETE FROM scores.replays WHERE phase <> 'refused' OR recomputation = %s", (recomputation,))
    suffix = new_id()[-8:]
    shadows.drop(connection)
    shadows.create(connection, f"__{suffix}")
    connection.execute(_BEGIN, (recomputation, purpose, suffix, upto, engine()))
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


def filled(connection: Connection, recomputation: str) -> bool:
    """Goes on to the standings once every share is filled; False when somebody is still at one."""
    return connection.execute(_ALL_FILLED, (recomputation,)).rowcount == 1

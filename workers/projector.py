"""Live projection: one transaction a batch, with a compare-and-set of the checkpoint.

Two workers may race for a share of the streams; one commits, the other finds the row taken and goes home.
"""

from collections.abc import Callable
from dataclasses import dataclass

from domain.moments import Moment
from events.reader import ALL_SLOTS, read_range
from events.store import EventStore
from workers import checkpoints
from workers.changes import Changes
from workers.checkpoints import Checkpoint, Overtaken
from workers.fold import Fold
from workers.memory import uncollected
from workers.projections import standings
from workers.projections.leaves import enrolment_rows, handed_rows, leaf_rows, queue_rows
from workers.projections.standings import InForce
from workers.projections.sums import Layout
from workers.projections.tables import ENROLMENTS, HISTORY, LEAVES, QUEUE, Connection, hand_over, put, take_out
from workers.rules import Rules

BATCH = 10_000

_LAST = "SELECT coalesce(max(first + count) - 1, 0) FROM (SELECT * FROM record.ledger ORDER BY first DESC LIMIT 1) AS l"
_EARLIER = (
    "SELECT l.first + e.ordinal, e.entry FROM record.events e JOIN record.ledger l USING (commit_seq)"
    " WHERE e.stream = %s AND e.version < %s ORDER BY e.version"
)


@dataclass(frozen=True, slots=True)
class Progress:
    """What one batch did: events read, position reached, and whether more is waiting."""

    events: int
    position: int
    more: bool


class Projector:
    """Projects one share (partition) of the streams into the score tables.

    It works for the tables it first met: once they were swapped for others (a higher epoch) it raises Overtaken
    for ever, and whoever owns it makes a new one, which remembers nothing of the old.
    """

    def __init__(self, store: EventStore, partition: int, rules: Rules | None = None) -> None:
        self._store = store
        self._partition = partition
        self._rules = rules or Rules(store)
        self._fold = Fold(self._rules, lambda stream, version: earlier(store, stream, version))
        self._epoch: int | None = None

    def advance(self, batch: int = BATCH) -> Progress | None:
        """Projects up to ``batch`` positions; None when another worker holds the share."""
        try:
            with self._store.connection() as connection, uncollected(), connection.transaction():
                return self._batch(connection, batch)
        except BaseException:
            # What the fold has taken in was not committed.
            self._fold.forget()
            raise

    def _batch(self, connection: Connection, batch: int) -> Progress | None:
        found = checkpoints.claim(connection, self._partition)
        if found is None:
            return None
        self._epoch = found.epoch if self._epoch is None else self._epoch
        if found.epoch != self._epoch:
            raise Overtaken
        if not found.ours:  # another program's tables: this one changes no score before it was compared
            return Progress(0, found.position, more=False)
        last = last_position(connection)
        upto = min(last, found.position + batch)
        if upto <= found.position:
            if found.silent or not found.program:
                checkpoints.move(connection, found, found.position)  # they are this program's, and it is at work
            return Progress(0, found.position, more=False)
        changes = project(connection, self._rules, self._fold, found, upto)
        return Progress(changes.events, upto, more=upto < last)


def project(connection: Connection, rules: Rules, fold: Fold, found: Checkpoint, upto: int) -> Changes:
    """Brings the live tables of one share from its checkpoint to ``upto``, and the checkpoint with them."""
    rows = read_range(connection, found.position, upto, (found.low, found.high))
    changes = fold.take(rows, checkpoints.parked(connection))
    checkpoints.move(connection, found, upto)
    write_live(connection, rules, changes)
    return changes


def write_live(connection: Connection, rules: Rules, changes: Changes) -> None:
    """Writes to the live tables, in which a cycle stands where the share of its own stream does."""

    def in_force(cycle: str) -> Layout:
        return rules.layout_at(cycle, Moment(checkpoints.stands(connection, f"cycle/{cycle}")))

    write(connection, rules, changes, in_force)


def bring_up(
    connection: Connection,
    rules: Rules,
    fold: Fold,
    positions: tuple[int, int],
    suffix: str,
    slots: tuple[int, int] = ALL_SLOTS,
    stands: Callable[[str], int] | None = None,
) -> None:
    """Brings the streams of some slots in shadow tables from a position to another one.

    ``stands``: where the stream of a cycle does, while the others are not brought as far; by default all are.
    """
    rows = read_range(connection, *positions, slots)
    changes = fold.take(rows, checkpoints.parked(connection, suffix))
    where = stands or (lambda _: positions[1])
    write(connection, rules, changes, lambda cycle: rules.layout_at(cycle, Moment(where(f"cycle/{cycle}"))), suffix)


def write(connection: Connection, rules: Rules, changes: Changes, in_force: InForce, suffix: str = "") -> None:
    """Writes what a run of events changed, one statement a table."""
    sheets = changes.sheets.values()
    gone, waiting = queue_rows(sheets)
    with connection.pipeline():  # the server writes one table while we prepare the next
        put(connection, LEAVES, leaf_rows(sheets), suffix)
        put(connection, HISTORY, changes.history, suffix)
        take_out(connection, QUEUE, gone, suffix)
        put(connection, QUEUE, waiting, suffix)
        hand_over(connection, handed_rows(sheets), suffix)
        put(connection, ENROLMENTS, enrolment_rows(changes), suffix)
        standings.enroll(connection, rules, changes.enrolled, suffix)
        anew = standings.enrolled(connection, changes.adopted, suffix) if changes.adopted else ()
        units = changes.units.union(each for each in anew if each not in changes.withdrawn)
        standings.refresh(connection, rules, units, in_force, suffix, changes.withdrawn)
    checkpoints.park(connection, changes.parked, suffix)


def earlier(store: EventStore, stream: str, version: int) -> list[tuple[int, bytes]]:
    """(position, entry) of a stream below a version, in order."""
    with store.connection() as connection:
        return connection.execute(_EARLIER, (stream, version), binary=True).fetchall()


def last_position(connection: Connection) -> int:
    """The last position the record has given."""
    row = connection.execute(_LAST).fetchone()
    return int(row[0]) if row else 0

"""Bringing a replay's shadow tables and the live ones to one position, where they can be compared or swapped."""

from events.entry import slot_of
from events.store import EventStore
from workers import checkpoints, replay
from workers.checkpoints import Checkpoint
from workers.fold import Fold
from workers.projections.tables import Connection
from workers.projector import bring_up, earlier, last_position, project
from workers.replay import Replay
from workers.replay_filling import CHUNK
from workers.rules import Rules


def gap(connection: Connection, mine: Replay) -> int:
    """How far the shadow tables and the live ones stand from each other, in positions."""
    stands = [mine.position, *(share.position for share in checkpoints.read(connection))]
    return max(stands) - min(stands)


def end(connection: Connection) -> int:
    """Where to compare: at the end of the record, or where the tables of another program stand and wait.

    Its shares may stand apart, where it was killed between two of them; the rest of the way: ``meet_apart``.
    """
    shares = checkpoints.read(connection)
    if all(share.ours for share in shares):
        return last_position(connection)
    return min(share.position for share in shares)


def meet(store: EventStore, rules: Rules, connection: Connection, mine: Replay) -> int:
    """Makes the live tables stand still, and brings them and the shadows to one position."""
    connection.execute("SET LOCAL lock_timeout = '2s'")
    shares = checkpoints.lock(connection)
    position = max([mine.position, *(share.position for share in shares)])
    for share in shares:
        if share.position < position:
            project(connection, rules, _fold(store, rules), share, position)
    bring_up(connection, rules, _fold(store, rules), (mine.position, position), mine.shadow)
    return position


def meet_apart(store: EventStore, rules: Rules, connection: Connection, mine: Replay) -> list[Checkpoint]:
    """Makes another program's tables stand still as they are, and brings the shadows of each share to where it stands.

    What one share lacks is not made up for before it was compared: that would be scored by this program.
    """
    connection.execute("SET LOCAL lock_timeout = '2s'")
    shares = checkpoints.lock(connection)

    def stands(stream: str) -> int:
        return next(share.position for share in shares if share.low <= slot_of(stream) < share.high)

    for share in shares:
        way = (mine.position, share.position)
        bring_up(connection, rules, _fold(store, rules), way, mine.shadow, (share.low, share.high), stands)
    return shares


def close_up(store: EventStore, rules: Rules, connection: Connection, mine: Replay, shares: list[Checkpoint]) -> int:
    """Brings the shadows from where these shares stand to one position, the furthest of them."""
    position = max(share.position for share in shares)
    for share in shares:
        way = (share.position, position)
        bring_up(connection, rules, _fold(store, rules), way, mine.shadow, (share.low, share.high))
    return position


def approach(store: EventStore, rules: Rules, connection: Connection, mine: Replay) -> bool:
    """Brings the shadow tables nearer to the record; False when they wait for the live ones."""
    upto = min(mine.position + CHUNK, last_position(connection))
    if upto == mine.position:
        return False
    bring_up(connection, rules, _fold(store, rules), (mine.position, upto), mine.shadow)
    replay.move(connection, mine, mine.phase, upto)
    return True


def _fold(store: EventStore, rules: Rules) -> Fold:
    return Fold(rules, lambda stream, version: earlier(store, stream, version))

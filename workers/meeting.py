"""Bringing a replay's shadow tables and the live ones to one position, where they can be compared or swapped."""

from events.store import EventStore
from workers import checkpoints, replay
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
    """Where to compare: at the end of the record, or where the tables of another program stand and wait."""
    shares = checkpoints.read(connection)
    if all(share.ours for share in shares):
        return last_position(connection)
    return max(share.position for share in shares)


def meet(store: EventStore, rules: Rules, connection: Connection, mine: Replay) -> int:
    """Makes the live tables stand still, and brings them and the shadows to one position."""
    connection.execute("SET LOCAL lock_timeout = '2s'")
    shares = checkpoints.lock(connection)
    position = max([mine.position, *(share.position for share in shares)])
    for share in shares:
        if share.position < position:
            project(connection, rules, _fold(store, rules), share, position)
    bring_up(connection, rules, _fold(store, rules), mine.position, position, mine.shadow)
    return position


def approach(store: EventStore, rules: Rules, connection: Connection, mine: Replay) -> bool:
    """Brings the shadow tables nearer to the record; False when they wait for the live ones."""
    upto = min(mine.position + CHUNK, last_position(connection))
    if upto == mine.position:
        return False
    bring_up(connection, rules, _fold(store, rules), mine.position, upto, mine.shadow)
    replay.move(connection, mine, mine.phase, upto)
    return True


def _fold(store: EventStore, rules: Rules) -> Fold:
    return Fold(rules, lambda stream, version: earlier(store, stream, version))

"""How far a position is vouched for: accepted → ordered → signed → witnessed (k of n) → time-stamped.

A grade is never more than what is held at this moment, under the policy this log publishes.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from environs import Env

from events.log.authentic import AuthenticTiles
from events.log.errors import LogError
from events.log.notes import Note
from events.log.paths import inclusion_proof
from events.log.policy import NO_QUORUM, Policy, parse_policy
from events.log.proof import TlogProof
from events.log.storage import Connection, read_checkpoint, read_cosigned, read_edge, tile_reader
from events.log.trust import Assessment, assess_note

_KEYS = "SELECT key FROM log.keys WHERE purpose = %s ORDER BY since, key"
_STAMPED = "SELECT stamped_at FROM log.stamps WHERE size >= %s ORDER BY size LIMIT 1"
_LAST = "SELECT coalesce(max(first + count) - 1, 0) FROM (SELECT * FROM record.ledger ORDER BY first DESC LIMIT 1) AS l"
_LOOK_BACK = 32


@dataclass(frozen=True, slots=True)
class Vouched:
    """A signed checkpoint and what the policy makes of it."""

    note: Note
    assessment: Assessment


@dataclass(frozen=True, slots=True)
class Standing:
    """The grade of a position, with the checkpoint it rests on where there is one."""

    grade: str
    vouched: Vouched | None = None
    stamped_at: datetime | None = None


def keys_of(connection: Connection, purpose: str) -> list[str]:
    """The public keys (vkeys) this log signed with for a purpose, oldest first."""
    return [key for (key,) in connection.execute(_KEYS, (purpose,))]


def policy_text(connection: Connection) -> bytes:
    """The policy this log suggests: the file KAOHE_LOG_POLICY_FILE, else its own keys and no quorum."""
    if named := Env().str("KAOHE_LOG_POLICY_FILE", "").strip():
        return Path(named).expanduser().read_bytes()
    lines = [*(f"log {key}" for key in keys_of(connection, "checkpoint")), f"quorum {NO_QUORUM}", ""]
    return "\n".join(lines).encode()


def standing(connection: Connection, position: int) -> Standing | None:
    """How far this position is vouched for; None when the record has not given it."""
    row = connection.execute(_LAST).fetchone()
    if position > (row[0] if row else 0):
        return None
    policy = parse_policy(policy_text(connection))
    vouched = vouching(connection, policy, position)
    if vouched is None:
        return Standing("ordered")
    stamped = connection.execute(_STAMPED, (position,)).fetchone()
    if stamped:
        return Standing("time-stamped", vouched, stamped[0])
    witnessed = bool(vouched.assessment.witnessed) and vouched.assessment.quorum_met
    return Standing("witnessed" if witnessed else "signed", vouched)


def vouching(connection: Connection, policy: Policy, position: int) -> Vouched | None:
    """The best checkpoint over this position: the newest the policy's quorum cosigned, else the newest signed."""
    newest = read_checkpoint(connection)
    if newest is None:
        return None
    candidates = [*read_cosigned(connection, _LOOK_BACK), newest[1]]
    judged = [found for note in candidates if (found := _judged(note, policy))]
    covering = [each for each in judged if each.assessment.checkpoint.head.size >= position]
    return max(covering, key=_weight, default=None)


def prove(connection: Connection, vouched: Vouched, position: int) -> TlogProof:
    """The C2SP tlog-proof of a position under a checkpoint that covers it.

    Raises:
        LogError: the tiles do not lead to the checkpoint's root, so nothing can be proved.
    """
    head = vouched.assessment.checkpoint.head
    tiles = AuthenticTiles(head, tile_reader(connection))
    path = inclusion_proof(position - 1, head.size, tiles.node)
    return TlogProof(position - 1, tuple(path), vouched.note)


def tree_size(connection: Connection) -> int:
    """How many leaves the tree has."""
    return read_edge(connection).size


def _judged(note: Note, policy: Policy) -> Vouched | None:
    try:
        return Vouched(note, assess_note(note, policy))
    except LogError:
        return None


def _weight(vouched: Vouched) -> tuple[bool, int]:
    assessment = vouched.assessment
    return (bool(assessment.witnessed) and assessment.quorum_met, assessment.checkpoint.head.size)

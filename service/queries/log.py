"""How far a position is vouched for: accepted → ordered → signed → witnessed (k of n) → time-stamped.

A grade is never more than what is held at this moment, under the policy this log publishes.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import msgspec

from events.entry import decode
from events.log.errors import LogError
from events.log.notes import Note, parse_note
from events.log.policy import NO_QUORUM, Policy, parse_policy
from events.log.proof import TlogProof
from events.log.proving import prove_inclusion
from events.log.storage import Connection, read_edge, read_newest
from events.log.trust import Assessment, assess_note
from workers.log_rotation import RETIRED, STREAM
from workers.witnesses import policy_given

_KEYS = "SELECT key FROM log.keys WHERE purpose = %s ORDER BY since, key"
_RETIRED = """
SELECT l.first + e.ordinal, e.entry FROM record.events e JOIN record.ledger l USING (commit_seq)
 WHERE e.stream = %s AND e.type = %s ORDER BY e.version
"""
_REACHED = """
SELECT coalesce((SELECT first + count - 1 FROM record.ledger ORDER BY first DESC LIMIT 1), 0),
       (SELECT stamped_at FROM log.stamps WHERE size >= %s ORDER BY size LIMIT 1)
"""
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
    """The policy this log suggests: the file KAOHE_LOG_POLICY_FILE, else its own keys and no quorum.

    A retired key stays, for it signed what came before; a comment above it says since when it signs no more.

    Raises:
        MalformedPolicyError: the file named cannot be used.
    """
    given = policy_given()
    keys = keys_of(connection, "checkpoint")
    retired = _retired(connection) if len(keys) > 1 else {}
    if given is not None:
        named = {party.key.text for party in given[1].logs}
        keys = [key for key in keys if key in retired and key not in named]
    lines = [line for key in keys for line in (*_remark(retired.get(key)), f"log {key}")]
    rest = f"quorum {NO_QUORUM}\n".encode() if given is None else given[0]
    return "".join(f"{line}\n" for line in lines).encode() + rest


def _retired(connection: Connection) -> dict[str, int]:
    """By retired key the position of the event that ended it."""
    rows = connection.execute(_RETIRED, (STREAM, RETIRED)).fetchall()
    return {str(msgspec.json.decode(decode(entry).data)["key"]): position for position, entry in rows}


def _remark(position: int | None) -> tuple[str, ...]:
    if position is None:
        return ()
    return (
        f"# #{position} 停用此钥，只用于核对此前所签 / retired by #{position}, only for what it signed before that:",
    )


def standing(connection: Connection, position: int) -> Standing | None:
    """How far this position is vouched for; None when the record has not given it."""
    row = connection.execute(_REACHED, (position,)).fetchone()
    last, stamped_at = row or (0, None)
    if position > last:
        return None
    vouched = vouching(connection, policy_text(connection), position)
    if vouched is None:
        return Standing("ordered")
    met, witnessed = vouched.assessment.quorum_met, bool(vouched.assessment.witnessed)
    if stamped_at is not None and met:
        return Standing("time-stamped", vouched, stamped_at)
    return Standing("witnessed" if witnessed and met else "signed", vouched, stamped_at)


def vouching(connection: Connection, policy: bytes, position: int) -> Vouched | None:
    """The best checkpoint over this position: the newest the policy's quorum cosigned, else the newest signed."""
    judged = [found for data in read_newest(connection, _LOOK_BACK) if (found := _judged(data, policy))]
    covering = [each for each in judged if each.assessment.checkpoint.head.size >= position]
    return max(covering, key=_weight, default=None)


def prove(connection: Connection, vouched: Vouched, position: int) -> TlogProof:
    """The C2SP tlog-proof of a position under a checkpoint that covers it.

    Raises:
        LogError: the tiles do not lead to the checkpoint's root, so nothing can be proved.
    """
    path = prove_inclusion(connection, position - 1, vouched.assessment.checkpoint.head)
    return TlogProof(position - 1, tuple(path), vouched.note)


def tree_size(connection: Connection) -> int:
    """How many leaves the tree has."""
    return read_edge(connection).size


@lru_cache(256)
def _judged(data: bytes, policy: bytes) -> Vouched | None:
    # what a policy makes of a note never changes, and its signatures take longer than all the rest
    try:
        note = parse_note(data)
        return Vouched(note, assess_note(note, read_policy(policy)))
    except LogError:
        return None


@lru_cache(8)
def read_policy(data: bytes) -> Policy:
    """The policy of a text; raises LogError."""
    return parse_policy(data)


def _weight(vouched: Vouched) -> tuple[bool, int]:
    assessment = vouched.assessment
    return (bool(assessment.witnessed) and assessment.quorum_met, assessment.checkpoint.head.size)

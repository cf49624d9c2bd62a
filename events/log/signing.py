"""The signing step: it believes neither tree nor database, only what it remembers to have signed.

A head is signed when it is proved, from tiles that lead to its own root, to continue the last one signed.
"""

from collections.abc import Sequence

from events.log.authentic import AuthenticTiles
from events.log.checkpoint import Checkpoint
from events.log.errors import (
    ConsistencyNotProvedError,
    ForkedError,
    LogError,
    MemoryLostError,
    RolledBackError,
)
from events.log.memory import Memory
from events.log.paths import consistency_proof, verify_consistency
from events.log.signers import SignerKey, sign_note
from events.log.storage import Connection, publish, read_checkpoint_at, read_head, tile_reader
from events.log.tiles import TileReader
from events.log.tree import EMPTY_ROOT, TreeHead

NOTHING = TreeHead(0, EMPTY_ROOT)


def sign_newest(connection: Connection, keys: Sequence[SignerKey], memory: Memory) -> TreeHead | None:
    """Signs and publishes the newest tree head; None when there is none, or another signer is at work.

    Steps: 1. take the signer's lock; 2. read the head that stands; 3. prove that it continues what was signed;
    4. remember it; 5. sign; 6. publish. A head already signed is only published again where that was missed.

    Raises:
        SigningRefusedError: the tree was turned back or rewritten, or the memory is lost. Nothing was signed.
    """
    with memory.held() as mine:
        head = read_head(connection)
        if not mine or not head.size:
            return None
        last = recall(connection, memory)
        if head != last:
            prove_growth(last, head, tile_reader(connection))
            memory.write(head)
        if read_checkpoint_at(connection, head.size) is None:
            publish(connection, head, sign_note(Checkpoint(memory.origin, head).text, *keys).data)
        return head


def recall(connection: Connection, memory: Memory) -> TreeHead:
    """What was signed last; an empty tree before the first time.

    Raises:
        MemoryLostError: nothing is remembered although the database holds signed checkpoints.
    """
    last = memory.read()
    if last is None and connection.execute("SELECT 1 FROM log.checkpoints LIMIT 1").fetchone():
        raise MemoryLostError(str(memory.path))
    return last or NOTHING


def prove_growth(last: TreeHead, head: TreeHead, read: TileReader) -> None:
    """Returns only if the tree under `head` begins with the one under `last`.

    Raises:
        RolledBackError: it is shorter.
        ForkedError: it is another tree, or its tiles do not lead to its root.
    """
    if head.size < last.size:
        raise RolledBackError(f"{last.size} → {head.size}")
    try:
        tiles = AuthenticTiles(head, read)
        verify_consistency(last, head, consistency_proof(last.size, head.size, tiles.node))
    except ConsistencyNotProvedError as reason:
        raise ForkedError(reason.detail) from reason
    except LogError as reason:
        raise ForkedError(str(reason)) from reason

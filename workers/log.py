"""What keeps the log up to date: order, grow, sign. Called every second; each step may be repeated or killed."""

from dataclasses import dataclass

import structlog

from events.log.errors import LogError, SigningRefusedError
from events.log.growth import grow
from events.log.signing import sign_newest
from events.log.storage import introduce, read_head
from events.log.tree import TreeHead
from events.store import EventStore
from workers.log_keys import log_keys, memory_of, receipt_keys
from workers.settings import Settings

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Kept:
    """Where the log stands after a round: its tree, and the head that is signed (None: nothing, or not here)."""

    head: TreeHead
    signed: TreeHead | None


def keep_log(store: EventStore, settings: Settings) -> Kept:
    """One round: gives positions, takes them into the tree, signs the newest head where this machine has the key.

    A refusal to sign is logged as an error in every round until somebody has looked; ordering goes on.
    """
    with store.connection() as connection:
        connection.execute("SELECT record.seal()")
    try:
        while grow(store):
            pass
    except LogError as refused:
        log.error("the log cannot grow", zh=refused.zh, en=refused.en, place=refused.detail)  # noqa: TRY400 - the name says it all
    with store.connection() as connection:
        head = read_head(connection)
    return Kept(head, sign_log(store, settings))


def sign_log(store: EventStore, settings: Settings) -> TreeHead | None:
    """The signing step alone; None when nothing was signed."""
    keys = log_keys(settings)
    if not keys:
        return None
    try:
        with store.connection() as connection:
            signed = sign_newest(connection, keys, memory_of(settings))
            introduce(connection, "checkpoint", keys)
            introduce(connection, "receipt", receipt_keys(settings))
    except SigningRefusedError as refused:
        log.error("signing refused", zh=refused.zh, en=refused.en, place=refused.detail)  # noqa: TRY400 - as above
        return None
    return signed

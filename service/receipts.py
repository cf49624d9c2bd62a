"""Receipts: the signed promise, given with every accepted command, that its events will be in the log.

The receipt key is not the log's: a web server that is taken over can promise, but never sign the tree.
"""

from datetime import datetime, timedelta
from uuid import UUID

from events.log.receipt import Receipt
from events.log.signers import sign_note
from events.store import Recorded
from service.office import office

WITHIN = timedelta(hours=24)


def receipt_note(event: Recorded) -> str | None:
    """The signed receipt of an accepted event, always the same one; None where this server has no receipt key."""
    keys = office().receipt_keys
    if not keys:
        return None
    accepted = datetime.fromisoformat(event.envelope.time)
    promise = Receipt(event.envelope.source, UUID(event.envelope.id), event.leaf, accepted, accepted + WITHIN)
    return sign_note(promise.text, *keys).data.decode()

"""Receipts: the signed promise, given with every accepted command, that its events will be in the log.

The receipt key is not the log's: a web server that is taken over can promise, but never sign the tree.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from flask import current_app

from events.log.receipt import Receipt
from events.log.signers import SignerKey, sign_note
from events.store import Recorded
from service.office import office
from workers.log_keys import receipt_keys

WITHIN = timedelta(hours=24)
_KEPT = "kaohe.receipt-keys"


def receipt_note(event: Recorded) -> str | None:
    """The signed receipt of an accepted event, always the same one; None where this server has no receipt key."""
    keys = _keys()
    if not keys:
        return None
    accepted = datetime.fromisoformat(event.envelope.time)
    promise = Receipt(event.envelope.source, UUID(event.envelope.id), event.leaf, accepted, accepted + WITHIN)
    return sign_note(promise.text, *keys).data.decode()


def _keys() -> Sequence[SignerKey]:
    kept: dict[str, Sequence[SignerKey]] = current_app.extensions
    if _KEPT not in kept:
        kept[_KEPT] = receipt_keys(office().settings)
    return kept[_KEPT]

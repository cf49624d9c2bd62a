"""Carrying one delivery: taken, looked at once more, marked, handed over, settled; never handed over twice.

The mark "sending" is committed before the first byte leaves. A worker that dies before it left nothing behind; one
that dies after it left an uncertain delivery, which nobody sends again but by a recorded act of a person.
"""

import secrets
import time
from functools import partial

import psycopg
import structlog
from sqlalchemy.exc import DBAPIError

from domain.addresses import reachable
from domain.channels import Channel
from domain.deliveries import SENT, Verdict, after
from domain.told.work import ADDRESS
from events.store import EventStore
from events.vault import LENT, Vault
from workers.notices import claims, confirming
from workers.notices.addressees import folded, why_not
from workers.notices.claims import Taken
from workers.notices.handing import by_mail, by_webhook
from workers.notices.letters import House, call, mail
from workers.notices.mailing import Mailing
from workers.notices.outbox import Connection

_JITTER = 100
_TRIES = 5

log = structlog.get_logger()


class NotOurs(Exception):
    """The delivery went to somebody else or ended; nothing was handed over."""


class Carrier:
    """Carries deliveries of one channel, one after the other."""

    def __init__(self, store: EventStore, mailing: Mailing, channel: str) -> None:
        self._store, self._mailing, self.channel = store, mailing, channel
        self._vault = Vault(store, LENT)
        self._house = House(store.origin, mailing.public, mailing.sender)

    def carry(self) -> bool:
        """Carries the next due delivery; False when none is due, or our own mail server cannot be reached."""
        with self._store.connection() as connection:
            taken = None
            try:
                with connection.transaction():
                    taken = claims.due(connection, self.channel)
                    ready = self._ready(connection, taken) if taken else None
                return taken is not None and (ready is None or self._carried(connection, taken, *ready))
            except NotOurs:
                return True
            finally:  # also of what failed before it was taken, or the pooled connection would hold it on
                if taken and not connection.closed:
                    claims.let_go(connection, taken)

    def _ready(self, connection: Connection, taken: Taken) -> tuple[Channel, str, list[str]] | None:
        """Channel, address and keys of a person who is still to be told; otherwise the delivery ends here."""
        person, channels, erasure = folded(self._store, taken.notice.person)
        channel = channels.open.get(taken.channel)
        why = why_not(taken, person, channels, erasure)
        asks, unconfirmed = taken.notice.kind == ADDRESS, channels.unconfirmed(taken.channel)
        if not why and unconfirmed and not asks:
            claims.wait(connection, taken)
            return None
        why = why or ("confirmed already" if asks and not unconfirmed else "")
        wanted = [channel.address, *channels.secrets] if channel else []
        opened = {} if why else self._vault.open(wanted)
        if channel is None or why or channel.address not in opened:
            claims.cancel(connection, taken, why or "no address")
            return None
        claims.take(connection, taken)
        return channel, opened[channel.address], [opened[each] for each in channels.secrets if each in opened]

    def _carried(self, connection: Connection, taken: Taken, channel: Channel, address: str, keys: list[str]) -> bool:
        verdict = self._handed(connection, taken, channel, address, keys)
        self._settle(connection, taken, verdict)
        return self.channel != "email" or verdict.why != "unreachable"

    def _handed(self, connection: Connection, taken: Taken, channel: Channel, address: str, keys: list[str]) -> Verdict:
        begin = partial(_begin, connection, taken)
        if not reachable(taken.channel, address, plain=True):
            return Verdict("dead", "bad address")
        asks = taken.notice.kind == ADDRESS
        if taken.channel == "webhook":
            body = call(taken.notice, taken.id, self._house)
            verdict = by_webhook(address, body, taken.id, keys, self._mailing.inside, begin)
            if asks and verdict == SENT:
                confirming.answered(self._store, taken.notice, channel)
            return verdict
        assert self._mailing.smtp is not None  # noqa: S101 - nobody takes an e-mail without a mail server
        if asks:
            letter, record = confirming.coded(self._store, taken.notice, channel, address, self._house)
            return by_mail(self._mailing.smtp, letter, lambda: (record(), begin())[1])
        letter = mail(taken.notice, taken.id, address, channel.language, self._house)
        return by_mail(self._mailing.smtp, letter, begin)

    def _settle(self, connection: Connection, taken: Taken, verdict: Verdict) -> None:
        """Writes what became of it; over another connection when the one that holds the lock is lost."""
        then = after(verdict, taken.attempts, secrets.randbelow(_JITTER))
        log.info("notice", delivery=taken.id, channel=taken.channel, state=then.state, why=then.why)
        try:
            claims.settle(connection, taken, then)
        except psycopg.OperationalError:
            for left in reversed(range(_TRIES)):
                try:
                    with self._store.connection() as fresh:
                        claims.settle(fresh, taken, then)
                except (DBAPIError, psycopg.OperationalError):
                    if not left:
                        raise
                    time.sleep(1)
                else:
                    return


def _begin(connection: Connection, taken: Taken) -> None:
    if not claims.sending(connection, taken):
        raise NotOurs

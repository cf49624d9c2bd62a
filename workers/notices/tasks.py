"""The Celery task of notices: the record is read for them, then each channel is carried in a thread of its own.

Mail servers and receivers are other people's machines: a worker process that waited for them would be missing for
ordering and projecting, and one slow channel must not hold the other up.
"""

from threading import Event, Lock, Thread

import psycopg
import structlog
from celery import Celery
from celery.signals import worker_process_shutdown
from sqlalchemy.exc import DBAPIError

from workers.desk import Desk
from workers.notices import claims
from workers.notices.carrying import Carrier
from workers.notices.deriving import Deriver
from workers.notices.mailing import Mailing

NOTICES = "kaohe.notices"
_LAST_WORDS = 9.0  # seconds a hand-over under way may take when the worker ends

log = structlog.get_logger()


def register(app: Celery, desk: Desk) -> None:
    """Gives ``app`` the task; any number at once do no harm."""
    rounds = Rounds(desk, Mailing.from_environment(desk.settings))

    @app.task(name=NOTICES)  # type: ignore[untyped-decorator]
    def notices() -> None:
        rounds.begin()

    worker_process_shutdown.connect(lambda **_: rounds.end(), weak=False)


class Rounds:
    """In this process: one reader of the record, one carrier a channel."""

    def __init__(self, desk: Desk, mailing: Mailing) -> None:
        self._desk, self._mailing = desk, mailing
        self._deriver: Deriver | None = None
        self._reading, self._over = Lock(), Event()
        self._busy = {channel: Lock() for channel in mailing.channels}
        self._threads: dict[str, Thread] = {}

    def begin(self) -> None:
        """Reads what is new, then starts each carrier that is not under way."""
        try:
            if self._reading.acquire(blocking=False):
                self._read()
        except (DBAPIError, psycopg.Error) as error:
            log.warning("database unavailable", error=type(error).__name__)
        for channel, busy in self._busy.items():
            if not self._over.is_set() and busy.acquire(blocking=False):
                thread = Thread(target=self._round, args=(channel,), name=f"notices {channel}", daemon=True)
                self._threads[channel] = thread
                thread.start()

    def end(self) -> None:
        """Takes nothing more, and waits a little for the hand-overs under way."""
        self._over.set()
        for thread in self._threads.values():
            thread.join(_LAST_WORDS)

    def _read(self) -> None:
        try:
            # Made here, after the fork, with the connections of this very process.
            self._deriver = self._deriver or Deriver(self._desk.store)
            with self._desk.store.connection() as connection:
                claims.sweep(connection)
            while self._deriver.advance():
                pass
        finally:
            self._reading.release()

    def _round(self, channel: str) -> None:
        try:
            carrier = Carrier(self._desk.store, self._mailing, channel)
            while not self._over.is_set() and carrier.carry():
                pass
        except (DBAPIError, psycopg.Error) as error:
            log.warning("database unavailable", error=type(error).__name__)
        finally:
            self._busy[channel].release()

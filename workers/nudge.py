"""Nudges: payload-free messages that say "something was committed".

Never part of correctness: a lost, doubled or late nudge changes nothing, the beat sweeps anyway. While one nudge waits
to be taken up, further ones are dropped (SET NX PX), because sending a message costs more than an append.
"""

import structlog
from celery import Celery
from kombu.exceptions import OperationalError
from redis import Redis, RedisError

FOLLOW = "kaohe.follow"
_KEY = "kaohe:nudge"
_WAITS_MS = 500

log = structlog.get_logger()


class Nudge:
    """Sends and clears the one waiting nudge."""

    def __init__(self, app: Celery, redis: Redis) -> None:
        self._app = app
        self._redis = redis

    def send(self) -> None:
        """Says that something was committed; a dead broker is logged and otherwise ignored."""
        try:
            if self._redis.set(_KEY, b"1", nx=True, px=_WAITS_MS):
                self._app.send_task(FOLLOW, retry=False, ignore_result=True)
        except (RedisError, OperationalError, OSError) as error:
            log.warning("nudge lost", error=type(error).__name__)

    def clear(self) -> None:
        """Lets the next commit nudge again; called before the work begins, so that nothing is missed."""
        try:
            self._redis.delete(_KEY)
        except RedisError as error:
            log.warning("nudge not cleared", error=type(error).__name__)

    def ping(self) -> None:
        """Asks the broker whether it is there; raises RedisError."""
        self._redis.ping()

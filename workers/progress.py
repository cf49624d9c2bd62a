"""How far long work has come, kept in the broker for whoever asks: never part of correctness, gone after an hour."""

from collections.abc import Callable
from contextlib import suppress

from redis import Redis, RedisError

_KEY = "kaohe:progress:{}"
_SECONDS = 3_600


class Progress:
    """Tells and reads (done, of)."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def teller(self, work: str) -> Callable[[int, int], None]:
        """What the work calls as it goes on; a dead broker is ignored."""

        def tell(done: int, of: int) -> None:
            with suppress(RedisError):
                self._redis.set(_KEY.format(work), f"{done}/{of}", ex=_SECONDS)

        return tell

    def told(self, work: str) -> tuple[int, int] | None:
        """How many parts are done of how many; None when nobody told, or nobody can be asked."""
        try:
            found = self._redis.get(_KEY.format(work))
        except RedisError:
            return None
        if not isinstance(found, bytes):
            return None
        done, _, of = found.decode("ascii").partition("/")
        return int(done), int(of)

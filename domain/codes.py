"""Codes that went to an e-mail address: whoever shows one has that mailbox. Each is good for a day and five tries."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

LIFETIME = timedelta(hours=24)
TRIES = 5


@dataclass(frozen=True, slots=True)
class Code:
    """A code by its SHA-256 (hexadecimal), the address it went to (a commitment), and how often another was shown."""

    address: str
    digest: str
    expires: str
    misses: int = 0

    def live(self, now: datetime) -> bool:
        """Whether the code may still be shown."""
        return self.misses < TRIES and datetime.fromisoformat(self.expires) > now


def still(codes: tuple[Code, ...], newest: Code) -> tuple[Code, ...]:
    """The codes that were not over when the newest began."""
    began = datetime.fromisoformat(newest.expires) - LIFETIME
    return tuple(each for each in codes if datetime.fromisoformat(each.expires) > began)


def missed(codes: tuple[Code, ...], address: str) -> tuple[Code, ...]:
    """The codes after something else was shown for the address: each of that address has one try less."""
    return tuple(replace(each, misses=each.misses + 1) if each.address == address else each for each in codes)

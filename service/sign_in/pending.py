"""A sign-in under way: what the browser must bring back from the provider, sealed into a short-lived cookie."""

import hmac
import secrets
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from service.sign_in import sealing

LASTS = timedelta(minutes=10)
_PURPOSE = "kaohe sign-in under way"


def _random() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True)
class Pending:
    """One sign-in: where to go afterwards, the invitation that is brought along, and 256 random bits for each check."""

    next: str
    invitation: str = field(default="", repr=False)
    state: str = field(default_factory=_random, repr=False)
    nonce: str = field(default_factory=_random, repr=False)
    verifier: str = field(default_factory=_random, repr=False)


def seal(pending: Pending, secret: str, now: datetime) -> str:
    """The sign-in, sealed, good for ten minutes."""
    return sealing.seal(asdict(pending), secret, _PURPOSE, now + LASTS)


def unseal(sealed: str, state: str, secret: str, now: datetime) -> Pending | None:
    """The sign-in that ``state`` came back with; None if it is none of ours, over, or another one."""
    claims = sealing.unseal(sealed, secret, _PURPOSE, now)
    try:
        pending = Pending(**claims) if claims else None
    except TypeError:
        return None
    return pending if pending and hmac.compare_digest(pending.state.encode(), state.encode()) else None

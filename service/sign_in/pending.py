"""A sign-in under way: what the browser must bring back from the provider, sealed into a short-lived cookie.

Any of several web servers opens it, for all make the same key of the client secret; no server remembers anything.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwe import JWERegistry
from joserfc.jwk import OctKey

LASTS = timedelta(minutes=10)
_HEADER = {"alg": "dir", "enc": "A256GCM"}
_SEALING = JWERegistry(algorithms=list(_HEADER.values()))


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
    """The sign-in as a compact JWE (RFC 7516), good for ten minutes."""
    claims: dict[str, Any] = asdict(pending) | {"exp": int((now + LASTS).timestamp())}
    return jwt.encode(_HEADER, claims, _key(secret), registry=_SEALING)


def unseal(sealed: str, state: str, secret: str, now: datetime) -> Pending | None:
    """The sign-in that ``state`` came back with; None if it is none of ours, over, or another one."""
    try:
        claims = jwt.decode(sealed, _key(secret), registry=_SEALING).claims
        jwt.JWTClaimsRegistry(now=int(now.timestamp()), leeway=0, exp={"essential": True}).validate(claims)
        pending = Pending(**_without_end(claims))
    except (JoseError, ValueError, TypeError):
        return None
    return pending if hmac.compare_digest(pending.state.encode(), state.encode()) else None


def _without_end(claims: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in claims.items() if name != "exp"}


def _key(secret: str) -> OctKey:
    derived = HKDF(SHA256(), 32, salt=None, info=b"kaohe sign-in under way").derive(secret.encode())
    return OctKey.import_key(derived)

"""What the browser keeps for us, sealed: a compact JWE (RFC 7516) with an end, each sort under a key of its own.

Any of several web servers opens it, for all make the same keys of the client secret; no server remembers anything.
"""

from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwe import JWERegistry
from joserfc.jwk import OctKey

_HEADER = {"alg": "dir", "enc": "A256GCM"}
_SEALING = JWERegistry(algorithms=list(_HEADER.values()))


def seal(claims: dict[str, Any], secret: str, purpose: str, until: datetime) -> str:
    """The claims, good until a moment, for this purpose and no other."""
    return jwt.encode(_HEADER, claims | {"exp": int(until.timestamp())}, _key(secret, purpose), registry=_SEALING)


def unseal(sealed: str, secret: str, purpose: str, now: datetime) -> dict[str, Any] | None:
    """The claims that were sealed for the purpose; None if it is none of ours, or over."""
    try:
        claims = jwt.decode(sealed, _key(secret, purpose), registry=_SEALING).claims
        jwt.JWTClaimsRegistry(now=int(now.timestamp()), leeway=0, exp={"essential": True}).validate(claims)
    except (JoseError, ValueError, TypeError):
        return None
    return {name: value for name, value in claims.items() if name != "exp"}


def _key(secret: str, purpose: str) -> OctKey:
    return OctKey.import_key(HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(secret.encode()))

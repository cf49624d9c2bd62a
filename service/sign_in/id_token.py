"""What an ID token must say before anybody is believed (OpenID Connect Core 1.0, 3.1.3.7), checked by Authlib.

Signed by a key the provider publishes, with an algorithm of ours and never a shared secret; of our issuer, for us, in
force within a minute of our clock, and for this very sign-in.
"""

from datetime import datetime
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jws import JWSRegistry

from events.canonical import storable
from service.sign_in.failures import failed
from service.sign_in.provider import IdentityProvider

_OLDER = "EdDSA"  # what Ed25519 was called before RFC 9864, and what providers go on calling it
ALGORITHMS = ("RS256", "ES256", "Ed25519", _OLDER)
SKEW = 60  # seconds by which the provider's clock and ours may differ
_LONGEST = 255  # a subject, by the standard


class _Checks(JWSRegistry):
    def get_alg(self, name: str) -> Any:
        # Past the library's warning, which would be one for each person who signs in.
        return self.algorithms[name] if name == _OLDER else super().get_alg(name)


_CHECKS = _Checks(algorithms=list(ALGORITHMS), strict_check_header=False)


def subject_of(answer: dict[str, Any], provider: IdentityProvider, nonce: str, now: datetime) -> str:
    """The subject that a token response vouches for; raises the problem when anything is off."""
    try:
        token = _verified(str(answer["id_token"]), provider)
        claims = CodeIDToken(token.claims, token.header, _wanted(provider, nonce), _known(answer, provider, nonce))
        claims.validate(now=int(now.timestamp()), leeway=SKEW)
        subject = str(claims["sub"])
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise failed("id-token-refused", error) from None
    if subject != claims["sub"] or not 0 < len(subject) <= _LONGEST or not storable(subject):
        raise failed("id-token-refused")
    return subject


def _verified(text: str, provider: IdentityProvider) -> jwt.Token:
    try:
        return jwt.decode(text, provider.keys(), registry=_CHECKS)
    except InvalidKeyIdError:
        return jwt.decode(text, provider.keys(again=True), registry=_CHECKS)


def _wanted(provider: IdentityProvider, nonce: str) -> dict[str, Any]:
    return {
        "iss": {"essential": True, "value": provider.settings.issuer},
        "aud": {"essential": True, "value": provider.settings.client_id},
        "sub": {"essential": True},
        "exp": {"essential": True},
        "iat": {"essential": True},
        "nonce": {"essential": True, "value": nonce},
    }


def _known(answer: dict[str, Any], provider: IdentityProvider, nonce: str) -> dict[str, Any]:
    known = {"nonce": nonce, "client_id": provider.settings.client_id}
    return known | ({"access_token": answer["access_token"]} if "access_token" in answer else {})

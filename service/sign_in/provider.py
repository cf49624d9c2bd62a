"""The OpenID provider over HTTP: discovery, keys and the exchange of a code; everything bounded, nothing trusted yet.

What is remembered is a copy that any web server may lose: the discovery document and the keys. A key id that is
unknown has the keys read again once, so that the provider may change them whenever it likes.
"""

import json
import re
import time
from dataclasses import dataclass, field
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key, KeySet

from service.sign_in.bounded import bound
from service.sign_in.failures import failed
from service.sign_in.pending import Pending
from workers.settings_admission import Provider, address
from workers.settings_values import UnfitError

CALLBACK = "/sign-in/callback"
_TIMEOUT = (3.05, 5.0)  # to connect, and between two bytes
_FRESH = 600.0  # seconds
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_BASIC, _POST = "client_secret_basic", "client_secret_post"
# A body that is no JSON, JSON that no program can take in, or a number that is none.
_NONSENSE = (ValueError, TypeError, RecursionError, OverflowError)
_PLAIN = re.compile("[!-~]+")
_SORTS = ("RSA", "EC", "OKP")  # of public keys


@dataclass
class IdentityProvider:
    """One provider; threads may share it."""

    settings: Provider
    _metadata: dict[str, Any] = field(default_factory=dict)
    _read: float = 0.0
    _keys: KeySet | None = None

    def authorization_url(self, pending: Pending) -> str:
        """Where the browser goes to sign in (PKCE with S256)."""
        with self._session() as session:
            url, _ = session.create_authorization_url(
                self.metadata()["authorization_endpoint"],
                state=pending.state,
                nonce=pending.nonce,
                code_verifier=pending.verifier,
            )
        return str(url)

    def exchange(self, code: str, pending: Pending) -> dict[str, Any]:
        """The token response for a code, which the provider takes once; raises the problem otherwise."""
        try:
            with self._session() as session:
                answer = session.fetch_token(
                    self.metadata()["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=pending.verifier,
                    timeout=_TIMEOUT,
                    allow_redirects=False,
                )
            return dict(answer)
        except AuthlibBaseError as error:
            raise failed("code-refused", error) from None
        except (requests.RequestException, *_NONSENSE) as error:
            raise failed("provider-unavailable", error) from None

    def keys(self, *, again: bool = False) -> KeySet:
        """The provider's public keys; ``again``: as they are now."""
        if self._keys is None or again:
            found = self._get(self.metadata()["jwks_uri"]).get("keys")
            known = [key for each in found if (key := _key(each))] if isinstance(found, list) else []
            if not known:
                raise failed("provider-unavailable")
            self._keys = KeySet(known)
        return self._keys

    def end_session_endpoint(self) -> str:
        """Where the provider's own session ends (RP-Initiated Logout 1.0, 2.1); "" if it does not say."""
        found = self.metadata().get("end_session_endpoint")
        return str(found) if _is_address(found) else ""

    def metadata(self) -> dict[str, Any]:
        """The discovery document (OpenID Connect Discovery 1.0, 4.3), read again every ten minutes."""
        if not self._metadata or time.monotonic() - self._read > _FRESH:
            found = self._get(self.settings.issuer.rstrip("/") + "/.well-known/openid-configuration")
            if found.get("issuer") != self.settings.issuer or not all(_is_address(found.get(n)) for n in _ENDPOINTS):
                raise failed("provider-unavailable")
            self._metadata, self._read, self._keys = found, time.monotonic(), None
        return self._metadata

    def _session(self) -> OAuth2Session:
        said = self.metadata().get("token_endpoint_auth_methods_supported")
        offered = said if isinstance(said, list) else [_BASIC]
        session = OAuth2Session(
            self.settings.client_id,
            self.settings.client_secret,
            token_endpoint_auth_method=_POST if _POST in offered and _BASIC not in offered else _BASIC,
            scope="openid",
            redirect_uri=self.settings.public_url + CALLBACK,
            code_challenge_method="S256",
        )
        bound(session)
        return session

    def _get(self, url: str) -> dict[str, Any]:
        """A JSON object from the provider, which is never followed elsewhere."""
        try:
            with requests.Session() as session:
                bound(session)
                answer = session.get(url, timeout=_TIMEOUT, allow_redirects=False)
            answer.raise_for_status()
            found = json.loads(answer.content)
        except (requests.RequestException, *_NONSENSE) as error:
            raise failed("provider-unavailable", error) from None
        if not isinstance(found, dict):
            raise failed("provider-unavailable")
        return found


def _key(said: Any) -> Key | None:
    """A public key; None for one that we cannot use, which spoils no other (RFC 7517, section 5)."""
    try:
        return JWKRegistry.import_key(said) if said["kty"] in _SORTS else None
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _is_address(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(_PLAIN.fullmatch(value)) and address(value.partition("?")[0]) != ""
    except UnfitError:
        return False

"""Cookies of the sign-in: the session's, for browsers alone, and what keeps other sites from using it."""

from datetime import datetime

from flask import Response, request

from service.problems import Problem
from workers.settings_admission import Provider

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_MINUTES = 10
_VOUCHED = "kaohe-vouched"
OUT = "/sign-out"


def session_name(provider: Provider) -> str:
    """What the session's cookie is called: with https no subdomain and no network can set one of that name."""
    return _named(provider, "kaohe")


def pending_name(provider: Provider) -> str:
    """What the cookie of a sign-in under way is called."""
    return _named(provider, "kaohe-sign-in")


def vouched_name(provider: Provider) -> str:
    """What the cookie is called that /sign-out alone is shown: the provider's word, for when the person leaves."""
    return f"__Secure-{_VOUCHED}" if _https(provider) else _VOUCHED


def keep_session(response: Response, provider: Provider, token: str, expires: datetime) -> None:
    """Gives the browser its session until it ends."""
    _keep(response, provider, session_name(provider), token, expires=expires)


def keep_pending(response: Response, provider: Provider, sealed: str) -> None:
    """Gives the browser what it needs to come back from the provider, for ten minutes."""
    _keep(response, provider, pending_name(provider), sealed, max_age=_MINUTES * 60)


def keep_vouched(response: Response, provider: Provider, sealed: str, expires: datetime) -> None:
    """Gives the browser what it shows the provider when it signs out."""
    _keep(response, provider, vouched_name(provider), sealed, expires=expires)


def forget(response: Response, provider: Provider, name: str) -> None:
    """Takes a cookie back."""
    _keep(response, provider, name, "", max_age=0)


def same_origin(provider: Provider) -> None:
    """Refuses what another site makes a browser send with its cookie (RFC 6265bis, 8.8.3; Fetch Metadata).

    A browser names the page a request comes from in Origin, Sec-Fetch-Site or both; whoever names neither, or another
    site, has to show a bearer token, which no other site can make him send.
    """
    if request.method in _SAFE:
        return
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    said = origin is not None or site is not None
    if not said or origin not in {None, provider.public_url} or site not in {None, "same-origin"}:
        raise Problem(403, "cross-site", "请求来自其他网站，已拒绝", "another site sent this with your cookie: refused")


def _named(provider: Provider, name: str) -> str:
    return f"__Host-{name}" if _https(provider) else name


def _https(provider: Provider) -> bool:
    return provider.public_url.startswith("https://")


def _keep(
    response: Response,
    provider: Provider,
    name: str,
    value: str,
    *,
    max_age: int | None = None,
    expires: datetime | None = None,
) -> None:
    path = OUT if name == vouched_name(provider) else "/"
    response.set_cookie(
        name, value, max_age, expires, path=path, secure=_https(provider), httponly=True, samesite="Lax"
    )

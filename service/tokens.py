"""Tokens as they are made and shown: ``kaohe_<person id without dashes>_<secret>``, the secret 32 random bytes.

Only SHA-256 of the whole is recorded. Sessions and invitations are of the same shape; a session also comes in a
cookie, and nothing else does.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from uuid import UUID

from flask import g, request

from service import cookies
from service.office import office
from service.problems import Problem

_TOKEN = re.compile(r"kaohe_([0-9a-f]{32})_[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class NewToken:
    """A fresh token, shown once, and the digest that is recorded."""

    text: str
    digest: str


def new_token(person: str) -> NewToken:
    """A token of 256 random bits for a person."""
    text = f"kaohe_{UUID(person).hex}_{secrets.token_urlsafe(32)}"
    return NewToken(text, digest_of(text))


def digest_of(token: str) -> str:
    """SHA-256 of a token, in hexadecimal; tokens have 256 random bits, so a slow hash adds nothing."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Shown:
    """What a request shows: the person a token names, and the token's digest. Nothing is believed yet."""

    person: str
    digest: str
    cookie: bool = False


def shown() -> Shown:
    """The token of the request; raises the 401 problem when there is none of our shape."""
    known: Shown | None = g.get("shown")
    if known is None:
        given = request.headers.get("Authorization")
        if given is not None:
            kind, _, token = given.partition(" ")
            known = read(token.strip() if kind.lower() == "bearer" else "")
        else:
            known = _in_cookie()
        if known is None:
            raise Problem(401)
        g.shown = known
    return known


def read(token: str, *, cookie: bool = False) -> Shown | None:
    """What a token of our shape says; None for any other text."""
    shape = _TOKEN.fullmatch(token)
    return Shown(_dashed(shape[1]), digest_of(shape[0]), cookie) if shape else None


def _in_cookie() -> Shown | None:
    """The session in the browser's cookie, unless another site made the browser send it."""
    provider = office().settings.admission.provider
    known = read(request.cookies.get(cookies.session_name(provider), ""), cookie=True) if provider else None
    if provider and known:
        cookies.same_origin(provider)
    return known


def _dashed(digits: str) -> str:
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

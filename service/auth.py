"""Who calls: a bearer token names its person, whose own stream says whether the token is in force.

A token is ``kaohe_<person id without dashes>_<secret>``, the secret 32 random bytes. Only SHA-256 of the whole is
recorded. Nothing is cached beyond the folded person, so a revoked token ends with the next request.
"""

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask, g, request

from domain import duties
from domain.people import Grant, Person, accepts
from domain.refusals import Refused
from events.entry import Actor
from service.office import office
from service.problems import Problem

API = "/api/"
_TOKEN = re.compile(r"kaohe_([0-9a-f]{32})_[A-Za-z0-9_-]{43}")


View = Callable[..., Any]


def register(app: Flask) -> None:
    """Asks every request of the API who calls before anything of it is read, uploads above all."""

    @app.before_request
    def known() -> None:
        if request.path.startswith(API) and request.endpoint is not None:
            view = app.view_functions[request.endpoint]
            if not getattr(view, "admits", False):
                caller()


def admits(view: View) -> View:
    """Marks a view that finds out by itself who calls, in the same round trip as its answer."""
    view.__dict__["admits"] = True
    return view


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


def shown() -> Shown:
    """The token of the request; raises the 401 problem when there is none of our shape."""
    known: Shown | None = g.get("shown")
    if known is None:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        shape = _TOKEN.fullmatch(token.strip())
        if kind.lower() != "bearer" or shape is None:
            raise Problem(401)
        known = g.shown = Shown(_dashed(shape[1]), digest_of(shape[0]))
    return known


def _dashed(digits: str) -> str:
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def caller() -> Person:
    """The person who calls; raises the 401 problem when no token in force is shown."""
    known: Person | None = g.get("caller")
    return known or admit(office().people.get(shown().person)[0])


def admit(person: Person) -> Person:
    """The person named by the request's token as he stands now, if the token is his and in force; else 401."""
    if not accepts(person, shown().digest, office().now()):
        raise Problem(401)
    g.caller = person
    return person


def permit(act: str, *, unit: str = "", departments: frozenset[str] = frozenset()) -> Grant:
    """The caller's grant for an act outside a sheet; raises Refused."""
    return duties.permit(caller(), act, unit=unit, departments=departments)


def actor(grant: Grant) -> Actor:
    """The caller as a snapshot for the event."""
    return Actor(caller().id, grant.role, grant.scope)


def hidden_unless(
    act: str, code: str, thing: str, *, unit: str = "", departments: frozenset[str] = frozenset()
) -> Grant:
    """Like ``permit``, but a caller with no right to look is told what he would be told were there no such thing."""
    try:
        return permit(act, unit=unit, departments=departments)
    except Refused as refused:
        raise Refused(code, thing, thing) from refused

"""Who calls: a token names its person, whose own stream says whether the token is in force.

A token is ``kaohe_<person id without dashes>_<secret>``, the secret 32 random bytes. Only SHA-256 of the whole is
recorded. Nothing is cached beyond the folded person, so a revoked token ends with the next request. Sessions and
invitations are of the same shape; a session also comes in a cookie, and nothing else does.
"""

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask, g, request
from flask.globals import request_ctx

from domain import duties
from domain.credentials import SESSION, found
from domain.people import Grant, Person
from domain.refusals import Refused
from events.entry import Actor, Head
from service import cookies
from service.office import office
from service.problems import Problem

API = "/api/"
_TOKEN = re.compile(r"kaohe_([0-9a-f]{32})_[A-Za-z0-9_-]{43}")


View = Callable[..., Any]


def register(app: Flask) -> None:
    """Asks every request of the API who calls before anything of it is read, uploads above all."""

    @app.before_request
    def known() -> None:
        here = request_ctx.request
        if here.path.startswith(API) and here.endpoint is not None:
            view = app.view_functions[here.endpoint]
            if not getattr(view, "admits", False):
                admit(*office().people.get(shown().person), *getattr(view, "takes", ()))


def admits(view: View) -> View:
    """Marks a view that finds out by itself who calls, in the same round trip as its answer."""
    view.__dict__["admits"] = True
    return view


def takes(*sorts: str) -> Callable[[View], View]:
    """Marks a view that is open to these sorts of credentials, where all others take tokens and sessions."""

    def mark(view: View) -> View:
        view.__dict__["takes"] = sorts
        return view

    return mark


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


def caller() -> Person:
    """The person who calls; raises the 401 problem when no token in force is shown."""
    known: Person | None = None if g.get("doubtful") else g.get("caller")
    return known or admit(*office().people.get(shown().person), *g.get("sorts", ()))


def as_read() -> tuple[str, int] | None:
    """The caller's own stream, and as of which version he was let in; None where no token let him in."""
    return (f"person/{g.caller.id}", g.caller_at) if "caller_at" in g else None


def ask_again() -> None:
    """Has whoever the token names looked up anew when he is asked for next: something has moved since."""
    g.doubtful = "caller_at" in g


def admit(person: Person, head: Head, *sorts: str) -> Person:
    """The person named by the request's token as he stands now, if the token is his and in force; else 401.

    ``sorts`` of credentials are taken, tokens and sessions unless said; of a cookie sessions alone.
    """
    said = shown()
    credential = found(person.credentials, said.digest, office().now(), *((SESSION,) if said.cookie else sorts))
    if credential is None:
        raise Problem(401)
    g.caller, g.credential, g.caller_at, g.sorts, g.doubtful = person, credential, head.version, sorts, False
    return person


def credential() -> str:
    """The id of the credential that the caller shows."""
    caller()
    return str(g.credential)


def own_grant() -> Grant:
    """The grant under which the caller does what everybody may do with what is his own."""
    grants = sorted(caller().grants, key=lambda each: (each.role, each.scope))
    return grants[0] if grants else Grant("", "")


def permit(act: str, *, unit: str = "", departments: frozenset[str] = frozenset()) -> Grant:
    """The caller's grant for an act outside a sheet; raises Refused."""
    return duties.permit(caller(), act, unit=unit, departments=departments)


def actor(grant: Grant) -> Actor:
    """The caller as a snapshot for the event."""
    return Actor(caller().id, grant.role, grant.scope)


def hidden_unless(
    act: str, code: str, thing: str, *, unit: str = "", departments: frozenset[str] = frozenset()
) -> Grant:
    """Like ``permit``, but a caller with no right to look is told what he would be told were there no such thing.

    Who sees the unit on the board knows that it has sheets: he is told that they are not his to read.
    """
    try:
        return permit(act, unit=unit, departments=departments)
    except Refused as refused:
        if act == "see-sheet" and duties.may(caller(), "see-unit", unit=unit):
            raise
        raise Refused(code, thing, thing) from refused

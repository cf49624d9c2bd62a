"""Who calls: a token names its person, whose own stream says whether the token is in force.

Nothing is cached beyond the folded person, so a revoked token ends with the next request.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask, g
from flask.globals import request_ctx

from domain import duties
from domain.credentials import SESSION, found
from domain.people import Grant, Person
from domain.refusals import Refused
from events.entry import Actor, Head
from service.office import office
from service.problems import Problem
from service.tokens import shown

API = "/api/"


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

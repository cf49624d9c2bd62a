"""Acts on a sheet: decide on it as it stands, append with the version that was seen."""

from collections.abc import Callable, Sequence
from datetime import datetime

from flask import g

from domain import facts
from domain.acts.case import Decided
from domain.refusals import Kind, Refused
from domain.sheet import Sheet
from domain.year import effective as holds_from
from events.conflicts import WrongVersion
from events.entry import Actor
from events.store import Append, Commit, Within
from service.commands.commit import answered, append, current, to, trace
from service.commands.opened import Opened, Place, open_sheet
from service.problems import Problem

_TRIES = 5


Decide = Callable[[Opened], Decided]
Beside = Callable[[Sheet, Sequence[facts.Fact]], list[Append]]


def act(
    place: Place,
    name: str,
    decide: Decide,
    *,
    beside: Beside | None = None,
    before: Callable[[], None] | None = None,
    within: Within | None = None,
    effective: datetime | None = None,
) -> Commit:
    """Decides and commits. With If-Match a moved sheet is refused; else, whatever moved, the act is decided anew.

    ``beside``: what the facts mean for other streams. ``before``: what must stand when the event does, done only
    once nothing is left to refuse. ``within`` writes what they only name, in the same transaction.
    ``effective``: when what the facts say became true in the world, where somebody says so.
    """
    earlier = answered()
    if earlier is not None:
        return earlier
    for _ in range(_TRIES):
        opened = open_sheet(place)
        decided, holds, more = _decided(opened, name, decide, beside, effective)
        if before:
            before()
        by = Actor(opened.case.person.id, decided.grant.role, decided.grant.scope)
        try:
            own = to(place.stream, opened.head, decided.facts, holds, ground=opened.ground)
            return append(by, own, *more, within=within)
        except WrongVersion:
            continue  # this sheet, which ``current`` tells, or another one that the act is about, or the year
    raise Problem(412)


def _decided(
    opened: Opened, name: str, decide: Decide, beside: Beside | None, effective: datetime | None
) -> tuple[Decided, str | None, list[Append]]:
    """What is decided on the sheet as it stands, since when it holds, and what it means for other streams."""
    expected, nobody = g.get("expected_version"), Actor(opened.case.person.id)
    try:
        decided = decide(opened)
        holds = decided.effective or holds_from(opened.case.cycle, effective, opened.case.now)
        current(expected, opened.head, nobody, name, opened.stream)
        more = beside(opened.case.sheet, decided.facts) if beside else []
    except Refused as refused:
        # Who may not act here learns nothing of the sheet's version; who may, that he looked at an older one.
        if refused.reason.kind is not Kind.FORBIDDEN:
            current(expected, opened.head, nobody, name, opened.stream)
        trace(refused, nobody, name, opened.stream)
        raise
    return decided, holds, more

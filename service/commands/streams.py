"""Acts on a stream that is folded by the office: people, cycles, rubrics."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from flask import g

from domain import facts
from domain.people import Grant
from domain.refusals import Refused
from events.conflicts import WrongVersion
from events.entry import Actor
from events.folds import Folds
from events.store import Append, Commit, Within
from service.auth import actor, caller
from service.commands.commit import answered, append, current, to, trace
from service.problems import Problem

State = TypeVar("State")
Beside = Callable[[Sequence[facts.Fact]], list[Append]]
TRIES = 5
PATIENT = 50
"""Tries of who decides on a whole year while a city goes on filing; each after the first reads only what came since."""


def act(
    folds: Folds[State],
    stream: tuple[str, str],
    name: str,
    permitted: Callable[[], Grant],
    decide: Callable[[State], Sequence[facts.Fact]],
    within: Within | None = None,
    beside: Beside | None = None,
    effective: str | None = None,
    tries: int = TRIES,
) -> Commit:
    """Decides on the folded state of ``stream`` (prefix, key) and commits, for whom ``permitted`` lets through.

    ``beside``: what the facts mean for other streams, in the same commit.

    ``within`` writes what the events only name, in the same transaction. ``effective``: when they hold from.
    ``tries``: how often it is decided anew while others move these streams.
    """
    earlier = answered()
    if earlier is not None:
        return earlier
    prefix, key = stream
    expected: int | None = g.get("expected_version")
    for _ in range(tries):
        state, head = folds.get(key)
        try:
            grant = permitted()
            current(expected, head, Actor(caller().id), name, prefix + key)
            decided = decide(state)
            more = beside(decided) if beside else []
        except Refused as refused:
            trace(refused, Actor(caller().id), name, prefix + key)
            raise
        try:
            return append(actor(grant), to(prefix + key, head, decided, effective), *more, within=within)
        except WrongVersion:
            continue  # this stream, which ``current`` tells, or another one that the act is about
    raise Problem(412)

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
from events.store import Commit, Within
from service.auth import actor, caller
from service.commands.commit import answered, append, current, to, trace
from service.problems import Problem

State = TypeVar("State")
_TRIES = 5


def act(
    folds: Folds[State],
    stream: tuple[str, str],
    name: str,
    permitted: Callable[[], Grant],
    decide: Callable[[State], Sequence[facts.Fact]],
    within: Within | None = None,
) -> Commit:
    """Decides on the folded state of ``stream`` (prefix, key) and commits, for whom ``permitted`` lets through.

    ``within`` writes what the events only name, in the same transaction.
    """
    earlier = answered()
    if earlier is not None:
        return earlier
    prefix, key = stream
    expected: int | None = g.get("expected_version")
    for _ in range(_TRIES):
        state, head = folds.get(key)
        try:
            grant = permitted()
            current(expected, head)
            decided = decide(state)
        except Refused as refused:
            trace(refused, Actor(caller().id), name, prefix + key)
            raise
        try:
            return append(actor(grant), to(prefix + key, head, decided), within=within)
        except WrongVersion:
            if expected is not None:
                raise
    raise Problem(412)

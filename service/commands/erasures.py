"""Carrying out an approved erasure: vault first, then files, then the record says so; each step may be repeated."""

from collections.abc import Callable, Sequence
from typing import Any

import psycopg

from domain import erasure, facts
from domain.erasure import Erasure, Target
from domain.people import Grant
from events.conflicts import WrongVersion
from events.entry import Actor
from events.store import Commit
from events.vault import kept_together
from service.auth import caller
from service.commands.commit import append, to
from service.commands.streams import act
from service.office import office
from service.queries.erasures import target

_STEPS = 5


def approve(key: str, permitted: Callable[[], Grant], reason: str) -> Commit:
    """Approves the erasure of all that is kept of a subject at the moment of the commit, and of nothing else."""
    listed = Target()

    def decide(state: Erasure) -> Sequence[facts.Fact]:
        nonlocal listed
        listed = target(key)
        return erasure.approve(state, caller(), reason, listed)

    def still(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        kept_together(key, alone=True)(connection)
        if target(key) != listed:
            raise WrongVersion("something was kept meanwhile", 0)

    return act(office().erasures, ("erasure/", key), "approve-erasure", permitted, decide, still)


def carry_out(key: str, by: Actor) -> Commit | None:
    """Erases what the approval names and records it; None when that was done before.

    A crash half-way leaves the erasure approved, not carried out; whoever approves again finishes it. Until then
    the approval already excuses what is missing.
    """
    stream = f"erasure/{key}"
    for _ in range(_STEPS):
        found, head = office().erasures.get(key)
        happened = erasure.carry_out(found)
        if not happened:
            return None
        office().vault.erase(key)
        for digest in found.target.files:
            office().evidence.erase(digest)
        try:
            return append(by, to(stream, head, happened), keyed=False)
        except WrongVersion:
            continue
    return None

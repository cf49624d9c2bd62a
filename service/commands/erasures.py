"""Carrying out an approved erasure: vault first, then files, then the record says so; each step may be repeated."""

from domain import erasure
from events.conflicts import WrongVersion
from events.entry import Actor
from events.store import Commit
from service.commands.commit import append, to
from service.office import office

_STEPS = 5


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

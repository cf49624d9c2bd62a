"""A recomputation's life: asked for, compared, and, where it differs, approved by a second person before it counts.

Folded from ``recomputation/{id}``. A difference never goes live by itself (record.md, "Rebuild and recomputation").
"""

from dataclasses import dataclass, replace

from domain import facts, spelling
from domain.duties import second_person
from domain.people import Person
from domain.refusals import Refused


@dataclass(frozen=True, slots=True)
class Recomputation:
    """One recomputation as of now; ``differences`` is None until it has been compared."""

    id: str
    requested_by: str = ""
    asked: bool = False
    digest: str = ""
    engine: str = ""
    differences: int | None = None
    approved_by: str = ""
    applied: bool = False

    def evolve(self, fact: facts.Fact, by: str) -> "Recomputation":
        """This recomputation after ``fact`` of person ``by``; facts of other streams change nothing."""
        match fact:
            case facts.RecomputationRequested():
                return replace(self, requested_by=by, asked=True)
            case facts.RecomputationFinished():
                found = replace(self, digest=fact.digest, engine=fact.engine, differences=fact.differences)
                return replace(found, approved_by="")
            case facts.RecomputationApproved():
                return replace(self, approved_by=by)
            case facts.RecomputationApplied():
                return replace(self, applied=True)
        return self


def request(found: Recomputation, reason: str) -> list[facts.Fact]:
    """Asks for a replay of everything from zero."""
    spelling.reason(reason)
    if found.asked:
        raise Refused("already-exists", found.id, found.id)
    return [facts.RecomputationRequested(found.id, reason)]


def finish(found: Recomputation, compared: facts.RecomputationFinished) -> list[facts.Fact]:
    """Records what a comparison found, once."""
    _asked(found)
    if found.differences is not None:
        raise Refused("already-decided", found.id, found.id)
    return [compared]


def approve(found: Recomputation, person: Person, reason: str, engine: str) -> list[facts.Fact]:
    """Approves that a replay that differs replaces the live tables, by somebody who did not ask for it.

    What a program asked for, since it is another one than made the tables, takes two people all the same: one of them
    asks for a recomputation himself. Only the program that compared could put in place what it found: ``engine``, the
    one at work, has to be that one.
    """
    _asked(found)
    if not found.requested_by:
        raise Refused("asked-by-program", found.id, found.id)
    if not found.differences:
        raise Refused("not-comparable")
    if found.engine != engine:
        raise Refused("other-program", found.engine, found.engine)
    if found.approved_by:
        raise Refused("already-decided", found.id, found.id)
    second_person(person, found.requested_by)
    spelling.reason(reason)
    return [facts.RecomputationApproved(found.id, reason)]


def apply(found: Recomputation, position: int, digest: str) -> list[facts.Fact]:
    """Records that the replayed tables are live: only what was approved, only as it was compared, and once."""
    _asked(found)
    if not found.approved_by or digest != found.digest:
        raise Refused("not-comparable")
    if found.applied:
        raise Refused("already-decided", found.id, found.id)
    return [facts.RecomputationApplied(found.id, position, digest)]


def _asked(found: Recomputation) -> None:
    if not found.asked:
        raise Refused("unknown-recomputation", found.id, found.id)

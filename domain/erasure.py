"""Lawful erasure: asked for with its legal basis, approved by a second person, carried out; ``erasure/{subject}``.

What is erased lies outside the record (salts, texts and keys of the vault, bytes of evidence files); the entries that
hold the commitments stay, so every proof still verifies. Missing without such an event is tampering (record.md,
"Personal data").
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from domain import facts, spelling
from domain.duties import second_person
from domain.people import Person
from domain.refusals import Refused


@dataclass(frozen=True, slots=True)
class Target:
    """What there is of a subject: commitments of its texts and digests of its files (both hexadecimal)."""

    commitments: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Erasure:
    """The erasure of one subject (a person, a piece of evidence or an import, by id) as of now."""

    subject: str
    requested_by: str = ""
    basis: str = ""
    approved_by: str = ""
    target: Target = Target()
    carried_out: bool = False

    def evolve(self, fact: facts.Fact, by: str) -> "Erasure":
        """This erasure after ``fact`` of person ``by``; facts of other streams change nothing."""
        match fact:
            case facts.ErasureRequested():
                return replace(self, requested_by=by, basis=fact.basis)
            case facts.ErasureApproved() if self.requested_by:
                return replace(self, approved_by=by, target=Target(tuple(fact.commitments), tuple(fact.files)))
            case facts.ErasureCarriedOut():
                return replace(self, carried_out=True)
        return self

    @property
    def lawful(self) -> bool:
        """Whether two people decided it."""
        return bool(self.requested_by and self.approved_by) and self.requested_by != self.approved_by


def request(found: Erasure, basis: str, target: Target) -> list[facts.Fact]:
    """Asks for the erasure of a subject, with the law or consent it rests on; once a subject."""
    spelling.reason(basis)
    if found.requested_by:
        raise Refused("already-exists", found.subject, found.subject)
    if not (target.commitments or target.files):
        raise Refused("unknown-subject", found.subject, found.subject, place="subject")
    return [facts.ErasureRequested(found.subject, basis)]


def approve(found: Erasure, person: Person, reason: str, target: Target) -> list[facts.Fact]:
    """Approves the erasure of exactly ``target``, by neither who asked for it nor the person it is about."""
    if not found.requested_by:
        raise Refused("unknown-erasure", found.subject, found.subject)
    if found.approved_by:
        raise Refused("already-decided", found.subject, found.subject)
    second_person(person, found.requested_by, found.subject)
    spelling.reason(reason)
    return [facts.ErasureApproved(found.subject, reason, list(target.commitments), list(target.files))]


def carry_out(found: Erasure) -> list[facts.Fact]:
    """Records that what was approved is gone; nothing when that was recorded before."""
    if not found.lawful:
        raise Refused("unknown-erasure", found.subject, found.subject)
    if found.carried_out:
        return []
    return [facts.ErasureCarriedOut(found.subject, list(found.target.commitments), list(found.target.files))]


@dataclass(slots=True)
class Erased:
    """What was lawfully erased, each with the position of the event to name: approval, then completion."""

    commitments: dict[str, int] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)
    _lives: dict[str, Erasure] = field(default_factory=dict)

    def take(self, position: int, stream: str, by: str, fact: facts.Fact) -> None:
        """Takes in the next event of the record; those of other streams change nothing."""
        if not stream.startswith("erasure/"):
            return
        subject = stream.removeprefix("erasure/")
        life = self._lives.get(subject, Erasure(subject)).evolve(fact, by)
        self._lives[subject] = life
        # From the approval on: a crash between the erasing and its record is no tampering.
        if life.lawful:
            self.commitments.update(dict.fromkeys(life.target.commitments, position))
            self.files.update(dict.fromkeys(life.target.files, position))


def erased_commitments(events: Iterable[tuple[int, str, str, facts.Fact]]) -> dict[str, int]:
    """Commitments whose content may lawfully be missing, with the position to name ("lawfully erased by #n").

    ``events``: (position, stream, actor, fact) in the order of positions. A commitment that is missing from the vault
    and from this answer was tampered with.
    """
    erased = Erased()
    for position, stream, by, fact in events:
        erased.take(position, stream, by, fact)
    return erased.commitments

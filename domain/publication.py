"""A rubric's life: drafted by one person, published by another or withdrawn; folded from ``rubric/{id}``."""

from dataclasses import dataclass, replace

from domain import facts, spelling
from domain.duties import second_person
from domain.people import Person
from domain.refusals import Refused
from domain.rubric.model import Rubric
from domain.rubric.questions import Decision
from domain.simulation import Simulation


@dataclass(frozen=True, slots=True)
class RubricLife:
    """What was drafted by whom, and every hash that was published, in order."""

    id: str
    draft: str = ""
    drafted_by: str = ""
    title: str = ""
    published: tuple[str, ...] = ()

    def evolve(self, fact: facts.Fact, by: str) -> "RubricLife":
        """This rubric after ``fact`` of person ``by``."""
        match fact:
            case facts.RubricDrafted():
                return replace(self, draft=fact.hash, drafted_by=by, title=fact.title)
            case facts.InterpretationDecided():
                return replace(self, draft=fact.hash, drafted_by=by)
            case facts.RubricPublished():
                return replace(self, draft="", drafted_by="", published=(*self.published, fact.hash))
            case facts.RubricDraftWithdrawn():
                return replace(self, draft="", drafted_by="")
        return self


def draft(life: RubricLife, digest: str, title: str) -> list[facts.Fact]:
    """Lays a rubric before a second person."""
    if digest == life.draft or digest in life.published:
        raise Refused("already-exists")
    return [facts.RubricDrafted(digest, title)]


def as_decided(before: Rubric, after: Rubric) -> None:
    """Refuses a draft whose register is decided otherwise than that of the version published last.

    A question is decided by an event, once everybody could see what that moves; never by writing it into a document.
    Only the first version of a rubric comes with what its city had decided before: there is nothing yet to move.
    """
    decisions, wanted = _decisions(before), _decisions(after)
    for question in sorted(decisions.keys() | wanted.keys()):
        if decisions.get(question) != wanted.get(question):
            raise Refused("not-by-event", question, question, place=f"rubric.questions.{question}.decided")


def _decisions(rubric: Rubric) -> dict[str, Decision]:
    return {each.id: each.decided for each in rubric.questions if each.decided is not None}


def publish(life: RubricLife, digest: str, person: Person) -> list[facts.Fact]:
    """Publishes exactly the drafted hash, by a second person."""
    if not life.draft or life.draft != digest:
        raise Refused("rubric-changed")
    second_person(person, life.drafted_by)
    return [facts.RubricPublished(digest)]


def withdraw(life: RubricLife, digest: str, reason: str) -> list[facts.Fact]:
    """Takes back exactly the draft that waits, or declines it: an answer that nobody publishes would bar the next."""
    spelling.reason(reason)
    if not life.draft or life.draft != digest:
        raise Refused("rubric-changed")
    return [facts.RubricDraftWithdrawn(digest, reason)]


def decide_interpretation(
    life: RubricLife, decided: facts.InterpretationDecided, simulation: Simulation | None
) -> list[facts.Fact]:
    """Answers an open question of the newest published rubric; its outcome waits as a draft for a second person.

    ``simulation`` None: no score follows from the answer, so there is nothing to show. Otherwise it must have shown
    what exactly this answer moves under exactly this rubric.
    """
    spelling.reason(decided.reason)
    if not life.published:
        raise Refused("unknown-rubric", life.id, life.id)
    if life.draft:
        raise Refused("draft-waiting")
    if decided.before != life.published[-1]:
        raise Refused("rubric-changed")
    if simulation is not None and not simulation.shows(decided.question, decided.option, decided.before):
        raise Refused("not-simulated")
    return [decided]

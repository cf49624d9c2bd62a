"""A rubric's life: drafted by one person, published by another; folded from ``rubric/{id}``."""

from dataclasses import dataclass, replace

from domain import facts
from domain.duties import second_person
from domain.people import Person
from domain.refusals import Refused


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
            case facts.RubricPublished():
                return replace(self, draft="", drafted_by="", published=(*self.published, fact.hash))
        return self


def draft(life: RubricLife, digest: str, title: str) -> list[facts.Fact]:
    """Lays a rubric before a second person."""
    if digest == life.draft or digest in life.published:
        raise Refused("already-exists")
    return [facts.RubricDrafted(digest, title)]


def publish(life: RubricLife, digest: str, person: Person) -> list[facts.Fact]:
    """Publishes exactly the drafted hash, by a second person."""
    if not life.draft or life.draft != digest:
        raise Refused("rubric-changed")
    second_person(person, life.drafted_by)
    return [facts.RubricPublished(digest)]

"""Who held which role at a moment. A role holds from when it was recorded: nobody is given power over the past."""

from collections.abc import Sequence
from typing import Any

from domain.duties import may
from domain.moments import Moment
from domain.people import Person
from events.codec import to_fact
from events.entry import Head, decode
from events.reader import drain
from service.office import office
from service.queries.standing import standing


def person_at(key: str, moment: Moment) -> tuple[Person, Head]:
    """One person as of a moment."""
    person, head = Person(key), Head()
    for event in standing(office().store, f"person/{key}", moment):
        person = person.evolve(to_fact(event.envelope), event.envelope.actor)
        head = Head(event.version, event.leaf)
    return person, head


def holders(moment: Moment, wanted: dict[str, Any]) -> dict[str, Person]:
    """Everybody with a role at a moment, by id, whom the query's role, scope and act fit."""
    found: dict[str, Person] = {}
    with office().store.connection() as connection:
        for stream, positions, joined in drain(connection, moment.position, "person/", "person0"):
            key = stream.removeprefix("person/")
            person = found.get(key, Person(key))
            for position, entry in zip(positions, joined.split(b"\n"), strict=True):
                envelope = decode(entry)
                if moment.sees(position, envelope.time):
                    person = person.evolve(to_fact(envelope))
            found[key] = person
    return {key: person for key, person in found.items() if person.grants and _fits(person, wanted)}


def _fits(person: Person, wanted: dict[str, Any]) -> bool:
    held = any(wanted["role"] in (None, each.role) and wanted["scope"] in (None, each.scope) for each in person.grants)
    departments = frozenset({wanted["department"]}) - {""}
    able = wanted["act"] is None or may(person, wanted["act"], unit=wanted["unit"], departments=departments)
    return held and able


def shown(people: Sequence[Person]) -> list[dict[str, Any]]:
    """People with their names, roles and conflicts."""
    names = office().vault.open(person.name for person in people)
    return [
        {
            "id": person.id,
            "name": names.get(person.name),
            "roles": [
                {"role": each.role, "scope": each.scope}
                for each in sorted(person.grants, key=lambda each: (each.role, each.scope))
            ],
            "conflicts": sorted(person.conflicts),
        }
        for person in people
    ]

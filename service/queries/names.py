"""The names behind ids: what a reader needs to know who somebody on a sheet, in a history or a report was."""

from collections.abc import Iterable
from typing import Any

from domain.naming import may_name
from domain.people import Person
from service.office import office


def of(reader: Person, keys: Iterable[str]) -> dict[str, dict[str, Any]]:
    """By id the names that ``reader`` may be told; who is unknown, or not for him to know, is not there alike."""
    found = [office().people.get(key)[0] for key in dict.fromkeys(keys)]
    told = [person for person in found if person.registered and may_name(reader, person)]
    names = office().vault.open(person.name for person in told)
    return {person.id: _shown(person, names.get(person.name)) for person in told}


def _shown(person: Person, name: str | None) -> dict[str, Any]:
    return {"name": name, "erased": name is None and office().erasures.get(person.id)[0].lawful}

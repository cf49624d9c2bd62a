"""People as an administrator, an auditor or they themselves see them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from domain.people import Person
from service.office import office


def everybody() -> list[Person]:
    """Everybody there ever was, as of now."""
    return [office().people.get(key)[0] for key in office().names("person/")]


def person_shown(person: Person, version: int, name: str | None = None) -> dict[str, Any]:
    """One person; tokens by id and last moment only."""
    known = name or office().vault.open([person.name]).get(person.name)
    grants = sorted(person.grants, key=lambda each: (each.role, each.scope))
    return {
        "id": person.id,
        "name": known,
        "roles": [{"role": each.role, "scope": each.scope} for each in grants],
        "conflicts": sorted(person.conflicts),
        "credentials": [
            {"id": key, "sort": each.sort, "expires": each.expires} for key, each in person.credentials.items()
        ],
        "identities": sorted(person.identities),
        "readmission_proposed_by": person.readmitting or None,
        "version": version,
    }


def credentials_shown(person: Person, now: datetime, current: str) -> list[dict[str, Any]]:
    """What of a person's is in force at ``now``, the oldest first; ``current`` is the one he shows."""
    return [
        {
            "id": key,
            "sort": each.sort,
            "expires": each.expires,
            "rotated": each.rotated,
            "current": key == current,
        }
        for key, each in sorted(person.credentials.items())
        if datetime.fromisoformat(each.expires) > now
    ]


def people_shown(keys: Sequence[str]) -> list[dict[str, Any]]:
    """The people of these ids."""
    found = [office().people.get(key) for key in keys]
    names = office().vault.open(person.name for person, _ in found)
    return [person_shown(person, head.version, names.get(person.name)) for person, head in found if person.registered]

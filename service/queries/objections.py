"""Objections as their readers see them: what was answered, and what became of the appeal that one was referred as."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from domain import duties
from domain.contents import Appeal
from domain.cycle_contents import Objection
from domain.people import Person
from domain.referrals import appeal_of
from domain.sheet import Sheet
from events.codec import to_fact
from service.office import office
from workers.unreadable import Unreadable


def may_read(objection: Objection, person: Person) -> bool:
    """Whether a person works with the whole board, or acts for one of the two units."""
    concerned = {objection.fact.unit, objection.fact.about}
    return duties.may(person, "see-board") or not person.scopes("unit").isdisjoint(concerned)


def shown(cycle: str, objections: Iterable[Objection]) -> list[dict[str, Any]]:
    """Each with its answer, and of an appeal it led to only where and how far it is: the sheet is another unit's."""
    rows = [(each, appeal_of(cycle, each)) for each in objections]
    appeals = _appeals({led[0] for _, led in rows if led})
    return [_row(each) | {"appeal": led and _referral(each, appeals.get(led[1].appeal))} for each, led in rows]


def _appeals(sheets: set[str]) -> dict[str, Appeal]:
    """The appeals on these sheets, never behind; of a sheet that cannot be read, what stands before that event."""
    found: dict[str, Appeal] = {}
    for stream, events in office().store.read_all(sorted(sheets)).items() if sheets else ():
        sheet = Sheet.of(stream)
        with suppress(*Unreadable):
            for event in events:
                sheet.evolve(to_fact(event.envelope), event.envelope.actor)
        found |= sheet.appeals
    return found


def _referral(objection: Objection, appeal: Appeal | None) -> dict[str, Any] | None:
    said = objection.answer
    if said is None or appeal is None:
        return None
    return {"id": appeal.id, "item": said.item, "leaf": said.leaf, "state": appeal.state}


def _row(objection: Objection) -> dict[str, Any]:
    fact, said = objection.fact, objection.answer
    return {
        "objection": fact.objection,
        "publication": fact.publication,
        "unit": fact.unit,
        "about": fact.about,
        "text": fact.text,
        "by": objection.by,
        "outcome": said.outcome if said else None,
        "reason": said.reason if said else None,
        "answered_by": objection.answered_by or None,
    }

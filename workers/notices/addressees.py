"""Who a delivery goes to, as the record has him at the last moment, and why he is not to be told any more."""

from domain.channels import Channels
from domain.erasure import Erasure
from domain.notices import concerns
from domain.people import Person
from domain.told.work import ADDRESS
from events.store import EventStore
from workers.notices.claims import Taken
from workers.notices.roster import read


def folded(store: EventStore, key: str) -> tuple[Person, Channels, Erasure]:
    """The person as the record has him now, ordered or not yet."""
    person, channels, erasure = Person(key), Channels(key), Erasure(key)
    for event in store.read(f"person/{key}"):
        if (fact := read(event.envelope)) is not None:
            person, channels = person.evolve(fact), channels.evolve(fact, event.envelope.time)
    for event in store.read(f"erasure/{key}"):
        if (fact := read(event.envelope)) is not None:
            erasure = erasure.evolve(fact, event.envelope.actor)
    return person, channels, erasure


def why_not(taken: Taken, person: Person, channels: Channels, erasure: Erasure) -> str:
    """Why the person is not to be told any more; empty when he is."""
    notice = taken.notice
    if erasure.lawful:
        return "erased"
    if taken.channel not in channels.open:
        return "channel closed"
    if not concerns(notice.act, notice.unit, frozenset(notice.departments), person):
        return "role ended"
    if notice.kind != ADDRESS and taken.channel not in channels.wants(notice.kind):
        return "not wanted"
    return "too old" if taken.old else ""

"""Who there is and how each wants to be told, as of a position: what notices are derived from."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
import structlog

from domain import facts
from domain.channels import Channels
from domain.cycle import Cycle
from domain.erasure import Erasure
from domain.people import Person
from domain.told.work import ADDRESS
from events.codec import Brief, brief, briefs, to_fact
from events.entry import Envelope
from events.reader import drain
from workers.notices.outbox import Connection

PREFIXES = ("person/", "cycle/", "erasure/")

log = structlog.get_logger()


@dataclass(slots=True)
class Roster:
    """People, channels, cycles and erasures, folded from the record up to ``position``."""

    position: int = 0
    people: dict[str, Person] = field(default_factory=dict)
    channels: dict[str, Channels] = field(default_factory=dict)
    cycles: dict[str, Cycle] = field(default_factory=dict)
    erasures: dict[str, Erasure] = field(default_factory=dict)

    @classmethod
    def at(cls, connection: Connection, position: int) -> "Roster":
        """As of a position."""
        made = cls(position)
        for prefix in PREFIXES:
            for event in _earlier(connection, prefix, position):
                fact = read(event)
                if fact is not None:
                    made.take(event, fact)
        return made

    def take(self, event: Brief, fact: facts.Fact) -> None:
        """Takes in the next event of a person, a cycle or an erasure; others change nothing."""
        kind, _, key = event.subject.partition("/")
        match kind:
            case "person":
                self.people[key] = self.people.get(key, Person(key)).evolve(fact)
                self.channels[key] = self.channels.get(key, Channels(key)).evolve(fact)
            case "cycle":
                self.cycles[key] = self.cycles.get(key, Cycle(key)).evolve(fact, event.actor)
            case "erasure":
                self.erasures[key] = self.erasures.get(key, Erasure(key)).evolve(fact, event.actor)

    def reachable(self) -> Iterator[Person]:
        """Everybody who may be told anything: registered, and not erased."""
        for key, person in self.people.items():
            if person.registered and not self.erased(key):
                yield person

    def erased(self, person: str) -> bool:
        """Whether two people decided to erase what there is of the person."""
        return person in self.erasures and self.erasures[person].lawful

    def over(self, person: str, kind: str, fact: Any = None) -> tuple[str, ...]:
        """The channels over which a person is told of a kind; whether an address is his, over that one alone."""
        channels = self.channels.get(person, Channels(person))
        if kind == ADDRESS:
            return (fact.channel,) if channels.unconfirmed(fact.channel) else ()
        return channels.wants(kind)


def read(event: Brief | Envelope) -> Any:
    """The fact of an event; None when this program cannot read it, which stops no other notice."""
    try:
        return to_fact(event)
    except (ValueError, msgspec.MsgspecError):
        log.warning("unreadable event", type=event.type)
        return None


def _earlier(connection: Connection, prefix: str, position: int) -> Iterator[Brief]:
    for _, _, entries in drain(connection, position, prefix, prefix[:-1] + chr(ord("/") + 1)):
        yield from _decoded(entries)


def _decoded(entries: bytes) -> Iterator[Brief]:
    try:
        yield from briefs(entries)
    except msgspec.MsgspecError:
        for line in entries.split(b"\n"):
            try:
                yield brief(line)
            except msgspec.MsgspecError:
                log.warning("unreadable entry")

"""A record with a unit, its people and their channels, and what the tests of notices look at: outbox and letters."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Any

from domain import facts
from events.codec import to_event
from events.entry import Actor, new_id
from events.sealed import Secret, seal
from events.store import Append
from tests.workers.ledger import CYCLE, Ledger, acts
from workers.notices import claims
from workers.notices.carrying import Carrier
from workers.notices.deriving import Deriver
from workers.notices.mailing import Mailing, Smtp

UNIT = "unit-00"
SHEET = f"sheet/{CYCLE}/{UNIT}/6"
INSIDE = (ip_network("127.0.0.0/8"),)
SENDER = "kaohe@example.org"
ADDRESS = "zhang.san@union.example"
KEY = "whsec_" + "QUJD" * 11


def mailing(port: int = 0, **changed: Any) -> Mailing:
    smtp = Smtp("127.0.0.1", port, "never") if port else None
    return Mailing(**({"smtp": smtp, "sender": SENDER, "public": "https://kaohe.test", "inside": INSIDE} | changed))


@dataclass(slots=True)
class Outbox:
    """Notices of one ledger."""

    ledger: Ledger
    people: dict[str, str] = field(default_factory=dict)

    def person(self, name: str, *roles: tuple[str, str]) -> str:
        key = self.people[name] = new_id()
        happened: list[facts.Fact] = [facts.PersonRegistered("0" * 64)]
        happened += [facts.RoleGranted(role, scope, "test") for role, scope in roles]
        self.record(f"person/{key}", happened)
        return key

    def channel(
        self,
        name: str,
        channel: str,
        address: str,
        language: str = "zh",
        kinds: Sequence[str] = (),
        *,
        confirmed: bool = True,
    ) -> None:
        """Opens a channel; whose address it is was found out before, unless that is to be seen."""
        person = self.people[name]
        where, key = Secret(person, f"notice.{channel}", address), Secret(person, "notice.secret", KEY)
        told = list(kinds) or ["returned", "decided", "waiting", "results", "calendar", "second", "dead-letter"]
        happened: list[facts.Fact] = [facts.NoticeChannelSet(channel, where.commitment, language, told)]
        if confirmed:
            happened.insert(0, facts.NoticeAddressConfirmed(channel, where.commitment, ""))
        happened += [facts.NoticeSecretSet(key.commitment)] if channel == "webhook" else []
        stream = f"person/{person}"
        store = self.ledger.service
        append = Append(stream, store.head(stream), [to_event(each) for each in happened])

        def within(connection: Any) -> None:
            seal(where)(connection)
            seal(key)(connection)

        store.append_all([append], within=within)

    def record(self, stream: str, happened: Sequence[facts.Fact], by: str = "founder") -> list[str]:
        store = self.ledger.service
        commit = store.append(stream, store.head(stream), [to_event(each) for each in happened], by=Actor(by))
        return [event.envelope.id for event in commit.events]

    def judged(self, by: str = "reviewer") -> str:
        """A leaf of the unit is judged; gives the event's id."""
        [event] = self.record(SHEET, [facts.LeafJudged("6a", "1.00", "合同已起草")], by=self.people.get(by, by))
        return event

    def derive(self, deriver: Deriver | None = None, batch: int = 2_000) -> None:
        self.ledger.order()
        made = deriver or Deriver(self.ledger.workers)
        while made.advance(batch):
            pass

    def carry(self, channel: str, how: Mailing) -> None:
        carrier = Carrier(self.ledger.workers, how, channel)
        while carrier.carry():
            pass

    def sweep(self) -> None:
        with self.ledger.workers.connection() as connection:
            claims.sweep(connection)

    def hurry(self) -> None:
        """As if every pause were over."""
        self.ledger.rows_of("UPDATE notices.deliveries SET due_at = now() - interval '1 s' WHERE state = 'queued'")

    def put(self, state: str) -> None:
        """Puts every delivery into a state, if the table lets it."""
        with self.ledger.workers.connection() as connection:
            connection.execute("UPDATE notices.deliveries SET state = %s", (state,))

    def told(self, *, accounts: bool = False) -> set[tuple[str, str]]:
        """(person's name, type) of every notice about the year, or of those about people's own accounts."""
        names = {key: name for name, key in self.people.items()}
        rows = self.ledger.rows("SELECT person, type, kind = 'account' FROM notices.notices")
        return {(names[person], name) for person, name, account in rows if account is accounts}

    def states(self) -> list[tuple[str, str, str]]:
        return self.ledger.rows("SELECT channel, state, why FROM notices.deliveries ORDER BY number")  # type: ignore[return-value]

    def letters(self) -> list[tuple[str, str, int]]:
        """(id, state, attempts) of every delivery."""
        return self.ledger.rows("SELECT id, state, attempts FROM notices.deliveries ORDER BY number")  # type: ignore[return-value]


def opened(ledger: Ledger) -> Outbox:
    """A cycle with one unit, its person, a reviewer and an administrator."""
    ledger.append(*acts(units=1, limit=0))
    made = Outbox(ledger)
    made.person("unit", ("unit", UNIT))
    made.person("reviewer", ("reviewer", "democracy"))
    made.person("administrator", ("administrator", "*"))
    return made

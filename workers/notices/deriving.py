"""From the record to the outbox: every position once, in the transaction that moves the checkpoint.

The same record gives the same notices, whoever reads it and however often; a killed worker leaves no half of a batch.
"""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from domain import facts, notices
from domain.told.table import ON_KEYS, TOLD
from domain.told.work import ADDRESS
from events.codec import TYPES, Brief, brief
from events.entry import decode
from events.reader import read_range
from events.store import EventStore
from workers.notices.dead_letters import dead_letters
from workers.notices.outbox import Connection, Notice, erase, put, release, resend
from workers.notices.roster import PREFIXES, Roster, read
from workers.projector import last_position
from workers.rules import Rules, UnknownRules

BATCH = 2_000

_CLAIM = "SELECT position FROM notices.progress FOR UPDATE SKIP LOCKED"
_MOVE = "UPDATE notices.progress SET position = %s, moved_at = clock_timestamp() WHERE position = %s"
_TOLD = frozenset(name for name, kind in TYPES.items() if kind in TOLD or kind in ON_KEYS)


class Deriver:
    """Reads the record for notices; it remembers who there is, and begins anew when a batch was not committed."""

    def __init__(self, store: EventStore) -> None:
        self._store, self._rules = store, Rules(store)
        self._departments: dict[str, dict[str, str]] = {}
        self._roster: Roster | None = None

    def advance(self, batch: int = BATCH) -> bool:
        """Derives up to ``batch`` positions; True while there may be more. Another worker at it is as good."""
        try:
            with self._store.connection() as connection, connection.transaction():
                return self._batch(connection, batch)
        except BaseException:
            self._roster = None  # it has seen what was not committed
            raise

    def _batch(self, connection: Connection, batch: int) -> bool:
        row = connection.execute(_CLAIM).fetchone()
        if row is None:
            return False
        position, last = row[0], last_position(connection)
        upto = min(last, position + batch)
        roster = self._known(connection, position)
        if upto > position:
            rows = list(read_range(connection, position, upto))
            put(connection, [pair for at, entry in rows for pair in self._take(connection, roster, at, entry)])
            connection.execute(_MOVE, (upto, position))
            roster.position = upto
        put(connection, dead_letters(connection, roster))
        return bool(upto < last)

    def _known(self, connection: Connection, position: int) -> Roster:
        roster = self._roster
        if roster is None or roster.position > position:
            roster = Roster.at(connection, position)
        elif roster.position < position:  # another worker went on
            for _, entry in read_range(connection, roster.position, position):
                event = _brief(entry)
                if event and event.subject.startswith(PREFIXES) and (fact := read(event)) is not None:
                    roster.take(event, fact)
            roster.position = position
        self._roster = roster
        return roster

    def _take(
        self, connection: Connection, roster: Roster, position: int, entry: bytes
    ) -> Iterator[tuple[Notice, tuple[str, ...]]]:
        event = _brief(entry)
        if event is None or not (event.type in _TOLD or event.subject.startswith((*PREFIXES, "notice/"))):
            return
        fact = read(event)
        if fact is None:
            return
        roster.take(event, fact)
        self._obey(connection, roster, event, fact)
        where = notices.place(event.subject, fact, roster.cycles, self._answering(roster, event.subject))
        earlier = list(self._earlier(event)) if notices.looks_back(event.subject, fact) else ()
        for told in notices.told(fact, event.subject, event.actor, where, roster.reachable(), earlier):
            over = roster.over(told.person, told.kind, fact)
            if told.kind == ADDRESS and not over:
                continue
            occurred = datetime.fromisoformat(decode(entry).time)
            right = (told.kind, told.act, told.unit, sorted(told.departments))
            made = Notice(event.id, told.person, position, event.type, event.subject, *right, occurred)
            yield made, over

    def _earlier(self, event: Brief) -> Iterator[tuple[facts.Fact, str]]:
        """The facts before an event of its stream, with their actors."""
        for earlier in self._store.read(event.subject):
            if earlier.envelope.id == event.id:
                return
            if (fact := read(earlier.envelope)) is not None:
                yield fact, earlier.envelope.actor

    def _obey(self, connection: Connection, roster: Roster, event: Brief, fact: facts.Fact) -> None:
        """Does to the outbox what an event orders."""
        match fact:
            case facts.NoticeResendingOrdered() if event.subject == f"notice/{fact.delivery}":
                resend(connection, fact.delivery, fact.number)
            case facts.ErasureApproved() if roster.erased(fact.subject):
                erase(connection, fact.subject)
            case facts.NoticeAddressConfirmed():
                release(connection, event.subject.partition("/")[2], fact.channel)

    def _answering(self, roster: Roster, stream: str) -> dict[str, str]:
        """Which department answers for each leaf of the stream's cycle; none where no rubric can be read."""
        cycle = roster.cycles.get(stream.split("/")[1]) if stream.startswith(("sheet/", "cycle/", "claim/")) else None
        if cycle is None or not cycle.hash:
            return {}
        if cycle.hash not in self._departments:
            try:
                rubric = self._rules.rubric(cycle.hash)
            except (UnknownRules, ValueError):
                return {}
            leaves = (leaf for group in rubric.groups for item in group.items for leaf in item.leaves)
            self._departments[cycle.hash] = {leaf.id: leaf.department for leaf in leaves}
        return self._departments[cycle.hash]


def _brief(entry: bytes) -> Brief | None:
    try:
        return brief(entry)
    except msgspec.MsgspecError:
        return None

"""Folding ordered events into scored sheets: one fold for live projection, replay and comparison alike.

What a stream leaves behind depends on that stream's events alone, never on where a batch ends or which share of
the streams is folded beside it: so a replay can be compared with the live tables row by row.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

import msgspec

from domain.facts import RubricAdopted, UnitEnrolled, UnitWithdrawn
from events.codec import Brief, brief, briefs, to_fact
from workers.changes import Changes
from workers.rules import Rules
from workers.tracked import HistoryRow, Tracked, begin, step
from workers.unreadable import NAMELESS, Unreadable, stream_of

Rows = Iterable[tuple[int, bytes]]
BEYOND = 2**31 - 1  # above every version


class Fold:
    """Sheets kept in memory between batches, at most ``keep`` of them; a missing one is read with ``earlier``.

    ``earlier(stream, version)`` gives the (position, entry) of a stream below a version, in order.
    """

    def __init__(self, rules: Rules, earlier: Callable[[str, int], Rows], keep: int = 4_000) -> None:
        self._rules = rules
        self._earlier = earlier
        self._keep = keep
        self._sheets: OrderedDict[str, Tracked] = OrderedDict()

    def forget(self) -> None:
        """Drops what is in memory, after a batch that was not committed."""
        self._sheets.clear()

    def take(self, rows: Rows, parked: frozenset[str] = frozenset(), changes: Changes | None = None) -> Changes:
        """Folds (position, entry) rows, each stream's in order, into ``changes`` (by default fresh ones).

        A stream that cannot be read is parked where it stood before the event, and the rest goes on.
        """
        changes = Changes() if changes is None else changes
        skipped = parked | changes.parked.keys()
        for position, entry in rows:
            changes.events += 1
            try:
                event = brief(entry)
                if event.subject not in skipped:
                    self._one(event.subject, event, position, changes)
            except Unreadable as error:
                stream = stream_of(entry, position)
                if stream.startswith(("sheet/", "cycle/", NAMELESS)) and stream not in skipped:
                    skipped |= {stream}
                    self._park(stream, position, error, changes)
        while len(self._sheets) > self._keep:
            self._sheets.popitem(last=False)
        return changes

    def take_run(self, stream: str, positions: Sequence[int], joined: bytes, changes: Changes) -> None:
        """Folds a run of one stream's events as ``events.reader.drain`` gives it: as ``take`` does, but faster."""
        events = _decoded(joined, len(positions))
        if events is None:
            among = frozenset(positions)
            self.take([row for row in self._earlier(stream, BEYOND) if row[0] in among], changes=changes)
            return
        changes.events += len(events)
        if stream in changes.parked:
            return
        position = positions[0]
        try:
            if not stream.startswith("sheet/"):
                for position, event in zip(positions, events, strict=True):
                    self._one(stream, event, position, changes)
                return
            tracked = self._tracked(stream, events[0], changes)
            for position, event in zip(positions, events, strict=True):
                step(tracked, event, position, changes.history)
        except Unreadable as error:
            self._park(stream, position, error, changes)

    def _one(self, stream: str, event: Brief, position: int, changes: Changes) -> None:
        if stream.startswith("sheet/"):
            step(self._tracked(stream, event, changes), event, position, changes.history)
        elif stream.startswith("cycle/"):
            self._cycle(stream, event, position, changes)

    def _park(self, stream: str, position: int, error: Exception, changes: Changes) -> None:
        changes.parked[stream] = (position, f"{type(error).__name__}: {error}"[:500])
        self._stand_back(stream, changes)

    def _tracked(self, stream: str, event: Brief, changes: Changes) -> Tracked:
        """The sheet as it stood before that event of it, noting changes for this run."""
        tracked = self._sheets.get(stream)
        if tracked is None or tracked.version != event.streamversion - 1:
            tracked = self._sheets[stream] = self._load(stream, event.streamversion, event)
        if tracked.batch is not changes.mark:
            tracked.batch, tracked.changed, tracked.waiting, tracked.handed = changes.mark, {}, {}, set()
            tracked.new = not tracked.version
            changes.sheets[stream] = tracked
        return tracked

    def _cycle(self, stream: str, event: Brief, position: int, changes: Changes) -> None:
        fact, cycle = to_fact(event), stream.removeprefix("cycle/")
        if isinstance(fact, UnitWithdrawn):
            changes.enrolled.pop((cycle, fact.unit), None)
            changes.withdrawn.add((cycle, fact.unit))
        elif isinstance(fact, UnitEnrolled):
            # Asked here so that a cycle without a readable rubric is parked and does not stop the writing of others.
            self._rules.rubric(self._rules.unit(cycle, fact.unit).rubric)
            changes.enrolled[cycle, fact.unit] = position
            changes.withdrawn.discard((cycle, fact.unit))
        elif isinstance(fact, RubricAdopted):
            self._rules.rubric(fact.hash)
            changes.adopted.add(cycle)

    def _load(self, stream: str, version: int, event: Brief | None = None) -> Tracked:
        """The sheet below a version; ``event`` is the first of it, if it has none before."""
        past = [(position, brief(entry)) for position, entry in self._earlier(stream, version)] if version > 1 else []
        tracked, known = begin(self._rules, stream, past[0][1] if past else event), list[HistoryRow]()
        for position, each in past:
            step(tracked, each, position, known)
        return tracked

    def _stand_back(self, stream: str, changes: Changes) -> None:
        """Undoes what an unreadable event left half done: the sheet again, from what came before it."""
        half = self._sheets.pop(stream, None)
        if half is not None and changes.sheets.pop(stream, None) is not None and half.version:
            with suppress(*Unreadable):  # also its past may have been tampered with: then its rows stay as they are
                changes.sheets[stream] = self._load(stream, half.version + 1)


def _decoded(joined: bytes, count: int) -> list[Brief] | None:
    """The events of a run; None when one of them is no event."""
    try:
        events = briefs(joined)
    except msgspec.MsgspecError:
        return None
    return events if len(events) == count else None

"""Folding ordered events into scored sheets: one fold for live projection, replay and comparison alike."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import msgspec

from domain.columns import LeafScore, columns
from domain.sheet import Sheet
from events.codec import UnknownEvent, to_fact
from events.entry import Envelope, decode
from workers.rules import ItemRules, Rules, UnknownRules

HistoryRow = tuple[str, str, str, str, int, str, str, int, int, int]


@dataclass(slots=True)
class Tracked:
    """A sheet, the rules it is scored by, the stream version it stands at and the scores it has there."""

    sheet: Sheet
    rules: ItemRules
    version: int = 0
    position: int = 0
    scores: dict[str, LeafScore] = field(default_factory=dict)


@dataclass(slots=True)
class Changes:
    """What a run of events changed. ``history``: one row a leaf whose score moved."""

    sheets: dict[str, Tracked] = field(default_factory=dict)
    units: set[tuple[str, str]] = field(default_factory=set)
    enrolled: set[tuple[str, str]] = field(default_factory=set)
    history: list[HistoryRow] = field(default_factory=list)
    parked: dict[str, tuple[int, str]] = field(default_factory=dict)
    events: int = 0


class Fold:
    """Sheets kept in memory between batches, at most ``keep`` of them; a missing one is read with ``earlier``.

    ``earlier(stream, version)`` gives the entries of a stream below a version, in order.
    """

    def __init__(self, rules: Rules, earlier: Callable[[str, int], Iterable[bytes]], keep: int = 20_000) -> None:
        self._rules = rules
        self._earlier = earlier
        self._keep = keep
        self._sheets: OrderedDict[str, Tracked] = OrderedDict()

    def forget(self) -> None:
        """Drops what is in memory, after a batch that was not committed."""
        self._sheets.clear()

    def take(self, rows: Iterable[tuple[int, bytes]], parked: frozenset[str] = frozenset()) -> Changes:
        """Folds (position, entry) rows in order; a stream that cannot be read is parked and the rest goes on."""
        changes = Changes()
        skipped = set(parked)
        for position, entry in rows:
            changes.events += 1
            envelope = decode(entry)
            stream = envelope.subject
            if stream in skipped or not stream.startswith(("sheet/", "cycle/")):
                continue
            try:
                self._one(stream, envelope, position, changes)
            except (KeyError, ValueError, TypeError, msgspec.MsgspecError, UnknownEvent, UnknownRules) as error:
                skipped.add(stream)
                changes.parked[stream] = (position, f"{type(error).__name__}: {error}"[:500])
                self._sheets.pop(stream, None)
        self._trim()
        return changes

    def _one(self, stream: str, envelope: Envelope, position: int, changes: Changes) -> None:
        if stream.startswith("cycle/"):
            if envelope.type == "UnitEnrolled":
                changes.enrolled.add((stream[6:], to_fact(envelope).unit))
            return
        tracked = self._sheets.get(stream)
        if tracked is None or tracked.version != envelope.streamversion - 1:
            tracked = self._load(stream, envelope.streamversion)
        before = tracked.scores
        apply(tracked, envelope)
        tracked.position = position
        tracked.scores = columns(tracked.sheet, tracked.rules.scorer, tracked.rules.rules)
        sheet = tracked.sheet
        changes.sheets[stream] = tracked
        changes.units.add((sheet.cycle, sheet.unit))
        for leaf, score in tracked.scores.items():
            old = before.get(leaf)
            if old is not None and old is not score and _moved(old, score):
                changes.history.append(
                    (sheet.cycle, sheet.unit, sheet.item, leaf, position, envelope.id, envelope.type,
                     score.claimed, score.verified, score.final)
                )  # fmt: skip

    def _load(self, stream: str, version: int) -> Tracked:
        sheet = Sheet.of(stream)
        tracked = Tracked(sheet, self._rules.item(sheet.cycle, sheet.unit, sheet.item))
        if version > 1:
            for entry in self._earlier(stream, version):
                apply(tracked, decode(entry))
        tracked.scores = columns(sheet, tracked.rules.scorer, tracked.rules.rules)
        self._sheets[stream] = tracked
        return tracked

    def _trim(self) -> None:
        while len(self._sheets) > self._keep:
            self._sheets.popitem(last=False)


def apply(tracked: Tracked, envelope: Envelope) -> None:
    """Takes one event of the sheet's stream into the sheet."""
    tracked.sheet.evolve(to_fact(envelope), envelope.actor, envelope.id)
    tracked.version = envelope.streamversion


def _moved(old: LeafScore, new: LeafScore) -> bool:
    return old.claimed != new.claimed or old.verified != new.verified or old.final != new.final

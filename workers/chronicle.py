"""A cycle's year event by event, folded once and kept: what was the score at any moment, and what moved it.

Only what can move a score is kept, which is a fifth of a year; a later look reads nothing but what is new. The scores
beside each event are those of the one fold there is; where effective times leave events out, a sheet is folded again
without them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from threading import Lock

import msgspec

from domain.columns import LeafScore
from domain.facts import UnitEnrolled, UnitWithdrawn
from domain.moments import Moment
from domain.movement import Moved
from events.codec import UnknownEvent, to_fact
from events.reader import drain, read_range
from events.store import EventStore
from workers.courses import Course, Scores, Step, Told, told
from workers.fold import BEYOND, Rows
from workers.projector import earlier, last_position
from workers.rules import Rules
from workers.tracked import Tracked, begin
from workers.unreadable import Unreadable, stream_of


@dataclass(eq=False, slots=True)
class Chronicle:
    """The sheets of one cycle as of ``position``, by stream; It only ever grows.

    ``enrolled``: unit -> the positions at which it came, left again, came back, in turn.
    """

    cycle: str
    rules: Rules
    position: int = 0
    courses: dict[str, Course] = field(default_factory=dict)
    enrolled: dict[str, list[int]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def follow(self, store: EventStore) -> "Chronicle":
        """Brings it up to the end of the record."""
        with self._lock, store.connection() as connection:
            last = last_position(connection)
            if last > self.position:
                self._enrol(earlier(store, f"cycle/{self.cycle}", BEYOND), last)
                self._take(read_range(connection, self.position, last) if self.position else self._all(store, last))
                self.position = last
        return self

    def scores(self, moment: Moment) -> dict[str, Scores]:
        """Unit -> leaf -> score of every unit known to be enrolled at a moment; nobody may change them."""
        found = {unit: self.nothing(unit) for unit in sorted(self.enrolled) if self.knows(unit, moment.position)}
        for course in list(self.courses.values()):
            unit, standing = course.tracked.sheet.unit, course.standing(moment)
            if standing and unit in found:
                found[unit].update(course.scores(standing, self.rules))
        return found

    def knows(self, unit: str, position: int) -> bool:
        """Whether the unit was enrolled at a position."""
        return sum(turn <= position for turn in self.enrolled.get(unit, ())) % 2 == 1

    def nothing(self, unit: str) -> Scores:
        """What a unit scores that has filed nothing."""
        enrolled = self.rules.unit(self.cycle, unit)
        return {
            leaf: LeafScore(0, 0, 0, maximum, "empty")
            for _, leaf, _, maximum in self.rules.leaves_of(enrolled.rubric, enrolled.cohort)
        }

    def sheets(self, moment: Moment) -> Iterator[Tracked]:
        """Every sheet of the cycle, folded as it stands at a moment."""
        for course in list(self.courses.values()):
            if standing := course.standing(moment):
                yield course.folded(standing, self.rules)

    def sheet(self, unit: str, item: str, moment: Moment) -> Tracked:
        """One sheet, folded as it stands at a moment; raises UnknownRules."""
        stream = f"sheet/{self.cycle}/{unit}/{item}"
        course = self.courses.get(stream)
        return begin(self.rules, stream) if course is None else course.folded(course.standing(moment), self.rules)

    def moves(self, unit: str, before: Moment, after: Moment) -> Iterator[tuple[Course, Step, Moved[Scores]]]:
        """Every event of a unit that stands at one of two moments only: first what left, the last before the first."""
        own = [course for course in list(self.courses.values()) if course.tracked.sheet.unit == unit]
        found = [(course, *moved) for course in own for moved in course.moves(before, after, self.rules)]
        return iter(sorted(found, key=lambda each: (not each[2].gone, (-1 if each[2].gone else 1) * each[1].position)))

    def _all(self, store: EventStore, last: int) -> Iterator[tuple[int, bytes]]:
        low = f"sheet/{self.cycle}/"
        with store.connection() as connection:
            for stream, positions, joined in drain(connection, last, low, low[:-1] + "0"):
                entries = joined.split(b"\n")
                if len(entries) == len(positions):
                    yield from zip(positions, entries, strict=True)
                else:  # somebody wrote past every door
                    yield from (row for row in earlier(store, stream, BEYOND) if row[0] in positions)

    def _take(self, rows: Rows) -> None:
        for position, entry in rows:
            try:
                event = told(entry)
            except msgspec.MsgspecError:
                course = self.courses.get(stream_of(entry, position))
                if course is not None:
                    course.parked = True
                continue
            if event.subject.startswith(f"sheet/{self.cycle}/") and (course := self._course(event)):
                course.take(event, position)

    def _course(self, event: Told) -> Course | None:
        stream = event.subject
        if stream not in self.courses:
            try:
                self.courses[stream] = Course.of(self.rules, event)
            except Unreadable:
                return None
        return self.courses[stream]

    def _enrol(self, rows: Iterable[tuple[int, bytes]], last: int) -> None:
        turns: dict[str, list[int]] = {}
        for position, entry in rows:
            try:
                fact = to_fact(told(entry))
            except (msgspec.MsgspecError, UnknownEvent):
                break
            here = turns.setdefault(fact.unit, []) if isinstance(fact, UnitEnrolled | UnitWithdrawn) else []
            if position <= last and len(here) % 2 == isinstance(fact, UnitWithdrawn):
                here.append(position)
        self.enrolled = turns


@dataclass(eq=False, slots=True)
class Chronicles:
    """The chronicles of one record, one a cycle, kept from one look to the next."""

    store: EventStore
    rules: Rules
    _known: dict[str, Chronicle] = field(default_factory=dict)

    def of(self, cycle: str, upto: int) -> Chronicle:
        """The chronicle of a cycle, at ``upto`` or behind it; only a cycle that was created should be asked for."""
        found = self._known.setdefault(cycle, Chronicle(cycle, self.rules))
        return found if found.position >= upto else found.follow(self.store)

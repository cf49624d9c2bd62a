"""One sheet's year event by event: when each event holds from, and the scores once it is known."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import msgspec

from domain.columns import LeafScore
from domain.moments import Effects, Moment
from domain.movement import Moved, walk
from events.codec import Brief, to_fact
from workers.rules import Rules
from workers.tracked import Tracked, begin, step, take_in
from workers.unreadable import Unreadable
from workers.waiting import FILES, to_file

Scores = dict[str, LeafScore]
_position = attrgetter("position")


class Told(Brief, frozen=True, gc=False, kw_only=True):
    """An entry as a course reads it: also when it was recorded, when it was so, and in which role."""

    time: str = ""
    effectivetime: str | None = None
    actorrole: str = ""
    actorscope: str = ""


told = msgspec.json.Decoder(Told).decode


@dataclass(frozen=True, slots=True)
class Step:
    """One event, when it holds from, and the sheet's scores once everything up to it is known."""

    position: int
    event: Told
    fact: Any
    holds: str
    scores: Scores


@dataclass(eq=False, slots=True)
class Course:
    """What can move a sheet's score, in order; ``parked`` where an event could not be read, as projections do."""

    stream: str
    tracked: Tracked
    empty: Scores
    effects: Effects = field(default_factory=Effects)
    steps: list[Step] = field(default_factory=list)
    parked: bool = False

    @classmethod
    def of(cls, rules: Rules, first: Told) -> "Course":
        """The course of a sheet before its first event; raises UnknownRules."""
        tracked = begin(rules, first.subject, first)
        return cls(first.subject, tracked, tracked.scores)

    def take(self, event: Told, position: int) -> None:
        """Takes the stream's next event in; files move no score and are only read as far as a projection would."""
        if self.parked:
            return
        try:
            if event.type in FILES:
                to_file(event)
                return
            fact = to_fact(event)
            step(self.tracked, event, position, [])
        except Unreadable:
            self.parked = True
            return
        holds = self.effects.take(fact, event.time, event.effectivetime)
        self.steps.append(Step(position, event, fact, holds, self.tracked.scores))

    def standing(self, moment: Moment) -> list[int]:
        """The indices of the events that stand at a moment."""
        known = range(bisect_right(self.steps, moment.position, key=_position))
        if moment.effective is None:
            return list(known)
        return [index for index in known if self.steps[index].holds <= moment.effective]

    def scores(self, standing: Sequence[int], rules: Rules) -> Scores:
        """The scores when exactly these events stand."""
        if not standing:
            return self.empty
        if standing[-1] == len(standing) - 1:  # nothing before the last is left out
            return self.steps[standing[-1]].scores
        return self.folded(standing, rules).scores

    def folded(self, standing: Iterable[int], rules: Rules) -> Tracked:
        """The sheet when exactly these events stand; what cannot be read without those left out is left out too."""
        again = begin(rules, self.stream, self.steps[0].event if self.steps else None)
        for one in (self.steps[index] for index in standing):
            try:
                take_in(again, one.fact, one.event, one.position, [])
            except Unreadable:
                continue
        return again

    def moves(self, before: Moment, after: Moment, rules: Rules) -> Iterator[tuple[Step, Moved[Scores]]]:
        """Every event that stands at one of two moments only, with the scores before and after it."""
        first, last = frozenset(self.standing(before)), frozenset(self.standing(after))
        for moved in walk(first, last, lambda standing: self.scores(standing, rules)):
            yield self.steps[moved.place], moved

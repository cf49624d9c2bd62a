"""Every judgement of a cycle that is known, and which two were given for the same leaf."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from domain import facts
from domain.points import parse


@dataclass(frozen=True, slots=True)
class Given:
    """One judgement that is known: points in hundredths."""

    unit: str
    leaf: str
    person: str
    points: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two judgements of the same leaf, the second one blind."""

    first: Given
    second: Given

    @property
    def apart(self) -> int:
        """First minus second, in hundredths."""
        return self.first.points - self.second.points


@dataclass(slots=True)
class Judgements:
    """Every judgement of a cycle, taken event by event in the order of positions.

    ``rounds`` counts the rounds of double marking by what became of them; of a sealed judgement nothing is known.
    """

    cycle: str
    given: list[Given] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    moderated: int = 0
    waived: int = 0
    sealed: int = 0
    _open: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def take(self, stream: str, actor: str, fact: Any) -> None:
        """Takes the next event in; those of other cycles and streams change nothing."""
        kind, _, rest = stream.partition("/")
        cycle, _, place = rest.partition("/")
        if kind == "sheet" and cycle == self.cycle:
            self._on_sheet(place.partition("/")[0], (stream, getattr(fact, "leaf", "")), actor, fact)

    def _on_sheet(self, unit: str, key: tuple[str, str], actor: str, fact: Any) -> None:
        match fact:
            case facts.LeafJudged():
                self.given.append(Given(unit, fact.leaf, actor, parse(fact.points)))
            case facts.JudgementSealed():
                self.sealed += 1
                self._open[key] = {"first": actor}
            case facts.SecondJudgementGiven():
                self._open[key]["second"] = Given(unit, fact.leaf, actor, parse(fact.points))
            case facts.SecondJudgementWaived():
                self.waived += 1
            case facts.JudgementOpened():
                self._opened(Given(unit, fact.leaf, self._open[key]["first"], parse(fact.points)), self._open[key])
            case facts.JudgementModerated():
                self.moderated += 1

    def _opened(self, first: Given, found: Mapping[str, Any]) -> None:
        self.given.append(first)
        if (second := found.get("second")) is not None:
            self.given.append(second)
            self.pairs.append(Pair(first, second))

"""Decisions on open questions: each after a simulation of exactly this answer, where any score can follow from it."""

from dataclasses import dataclass, field
from typing import Any

from domain import facts
from domain.interpretations import computable
from domain.simulation import Simulation
from service.verify.entries import Entry, UnreadableError
from service.verify.findings import Findings
from service.verify.scores import Scores

PLACE = "simulation/"


@dataclass(slots=True)
class Decisions:
    """Takes entries with their facts, in the order of their positions."""

    findings: Findings
    scores: Scores
    _simulations: dict[str, Simulation] = field(default_factory=dict)

    def take(self, entry: Entry, fact: Any) -> None:
        """Learns what was simulated; checks a decision."""
        if entry.subject.startswith(PLACE):
            key = entry.subject.removeprefix(PLACE)
            self._simulations[key] = self._simulations.get(key, Simulation(key)).evolve(fact, entry.actor)
        elif isinstance(fact, facts.InterpretationDecided) and not self._seen(fact):
            self.findings.at(
                entry.position, "口径未先模拟即确定", "a question was decided before its effect was simulated",
                fact.question,
            )  # fmt: skip

    def _seen(self, fact: facts.InterpretationDecided) -> bool:
        if fact.simulation:
            found = self._simulations.get(fact.simulation)
            return found is not None and found.shows(fact.question, fact.option, fact.before)
        try:
            rubric = self.scores.rubric(fact.before)
        except UnreadableError:
            return True  # no cycle stood under it, so that it is not at hand
        return not any(fact.option in computable(rubric, each) for each in rubric.questions if each.id == fact.question)

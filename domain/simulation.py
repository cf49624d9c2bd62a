"""A simulation's life: asked for with other answers, targets, figures or another rubric, then finished by a worker.

Folded from ``simulation/{id}``. It changes no score; a decision on an open question must name one.
"""

from dataclasses import dataclass, replace

from domain import facts, spelling
from domain.refusals import Refused


@dataclass(frozen=True, slots=True)
class Simulation:
    """One simulation as of now; ``before`` and ``after`` are the rubrics compared, once it is finished."""

    id: str
    requested_by: str = ""
    asked: facts.SimulationRequested | None = None
    finished: facts.SimulationFinished | None = None

    def evolve(self, fact: facts.Fact, by: str) -> "Simulation":
        """This simulation after ``fact`` of person ``by``; facts of other streams change nothing."""
        match fact:
            case facts.SimulationRequested():
                return replace(self, requested_by=by, asked=fact)
            case facts.SimulationFinished():
                return replace(self, finished=fact)
        return self

    def shows(self, question: str, option: str, rubric: str) -> bool:
        """Whether it shows what exactly this answer would move in scores under the rubric of that hash.

        That rubric was in force, or it was simulated itself: several questions may be answered before a cycle goes on
        under what they make of its rubric.
        """
        if self.asked is None or self.finished is None or self.finished.failure:
            return False
        under = self.asked.rubric or self.finished.before
        others = self.asked.figures or self.asked.targets
        return under == rubric and self.asked.interpretations == {question: option} and not others


def request(found: Simulation, asked: facts.SimulationRequested) -> list[facts.Fact]:
    """Asks for a simulation, once."""
    spelling.reason(asked.reason)
    if found.asked:
        raise Refused("already-exists", found.id, found.id)
    return [asked]


def finish(found: Simulation, finished: facts.SimulationFinished) -> list[facts.Fact]:
    """Records what came of it, once."""
    if not found.asked:
        raise Refused("unknown-simulation", found.id, found.id)
    if found.finished:
        raise Refused("already-decided", found.id, found.id)
    return [finished]

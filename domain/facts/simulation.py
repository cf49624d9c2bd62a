"""What another rubric, answer, target or figure would move; ``simulation/{id}``."""

from dataclasses import dataclass, field

from domain.facts.figures import Figures


@dataclass(frozen=True, slots=True)
class SimulationRequested:
    """Somebody asks what other answers, figures (by unit and leaf) or another rubric (its hash) would move in a cycle.

    ``targets``: those that units would have, by unit and leaf. It changes no score.
    """

    simulation: str
    cycle: str
    rubric: str
    interpretations: dict[str, str]
    figures: dict[str, dict[str, Figures]]
    reason: str
    targets: dict[str, dict[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SimulationFinished:
    """A worker compared the rubrics ``before`` and ``after`` on the figures as of a position; the report is a document.

    ``failure`` says why nothing could be computed; it is empty otherwise.
    """

    simulation: str
    position: int
    before: str
    after: str
    units: int
    ranks: int
    engine: str
    report: str
    failure: str = ""

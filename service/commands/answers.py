"""Answering an open question: the rubric as the answer makes it, kept as a document, named by the event."""

from typing import Any

from domain import facts
from domain.interpretations import BadInterpretation, computable, decide as decided, find
from domain.publication import RubricLife, decide_interpretation
from domain.refusals import Refused
from domain.rubric.identity import canonical, identity
from domain.rubric.model import Rubric
from domain.rubric.questions import Decision
from domain.simulation import Simulation
from service.auth import caller
from service.office import office


def decide(life: RubricLife, body: dict[str, Any]) -> list[facts.Fact]:
    """The facts of an answer; refuses one that cannot be taken or that nobody simulated."""
    if not life.published:
        raise Refused("unknown-rubric", life.id, life.id)
    before = office().rules.rubric(life.published[-1])
    question, option, reason = body["question"], body["option"], body["reason"]
    try:
        after = decided(before, question, Decision(option, caller().id, reason))
        simulation = _shown(before, question, option, body["simulation"])
    except BadInterpretation as bad:
        raise Refused("bad-interpretation", bad.zh, bad.en, place=bad.place) from bad
    fact = facts.InterpretationDecided(
        question, option, life.published[-1], identity(after), body["simulation"], reason
    )
    found = decide_interpretation(life, fact, simulation)
    office().store.keep_document(canonical(after))
    return found


def _shown(rubric: Rubric, question_id: str, option_id: str, simulation: str) -> Simulation | None:
    """The simulation named; None where no score can follow from the answer."""
    question, _ = find(rubric, question_id, option_id)
    if option_id not in computable(rubric, question):
        return None
    return office().simulations.get(simulation)[0] if simulation else Simulation("")

"""Simulations: the whole city under other answers, targets, figures or another rubric, beside what it scores now."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import structlog

from domain import facts, simulation as rules_of
from domain.columns import under_targets
from domain.interpretations import apply
from domain.item_readings import Assessed
from domain.moments import Moment
from domain.outcomes import difference, fitting, outcomes
from domain.rubric.identity import identity
from domain.rubric.model import Rubric
from domain.simulation import Simulation
from events.codec import to_event, to_fact
from events.conflicts import WrongVersion
from events.entry import Actor, Head
from events.store import EventStore
from workers.assessed import city
from workers.engine import engine
from workers.projector import last_position
from workers.rules import Rules

WORKER = Actor("", "worker")
Tell = Callable[[int, int], None]

_WAITING = """
SELECT substr(stream, 12) FROM (
    SELECT DISTINCT ON (stream) stream, type, commit_seq FROM record.events
     WHERE stream >= 'simulation/' AND stream < 'simulation0' ORDER BY stream, version DESC) AS newest
 WHERE type = 'SimulationRequested' ORDER BY commit_seq LIMIT 1
"""

log = structlog.get_logger()


def waiting_simulation(store: EventStore) -> str | None:
    """The unfinished simulation that was asked for the longest ago."""
    with store.connection() as connection:
        row = connection.execute(_WAITING).fetchone()
    return None if row is None else str(row[0])


def simulate(store: EventStore, simulation: str, tell: Tell) -> None:
    """Computes and records what came of it; one worker at a time, and whoever comes second finds it done."""
    with store.connection() as connection, connection.transaction():
        row = connection.execute(
            "SELECT pg_try_advisory_xact_lock(hashtext(%s))", (f"simulation/{simulation}",)
        ).fetchone()
        if row != (True,):
            return
        state, head = _read(store, simulation)
        if state.asked is None or state.finished is not None:
            return
        position = last_position(connection)
        try:
            finished = _computed(store, state.asked, position, tell)
        except (LookupError, ValueError) as error:  # what was asked for is gone or never fitted: say so, once
            failure = f"{type(error).__name__}: {error}"[:500]
            finished = facts.SimulationFinished(simulation, position, "", "", 0, 0, engine(), "", failure)
        try:
            decided = rules_of.finish(state, finished)
            store.append(f"simulation/{simulation}", head, [to_event(fact) for fact in decided], by=WORKER)
        except WrongVersion:
            log.info("recorded by another worker", simulation=simulation)


def _computed(
    store: EventStore, asked: facts.SimulationRequested, position: int, tell: Tell
) -> facts.SimulationFinished:
    now, then, moved, unfit = _compared(store, asked, position, tell)
    before, after = identity(now), identity(then)
    report = {
        "simulation": asked.simulation,
        "cycle": asked.cycle,
        "position": position,
        "engine": engine(),
        "before": before,
        "after": after,
        "units": moved,
        "unfit": unfit,
    }
    return facts.SimulationFinished(
        asked.simulation, position, before, after, len(moved), sum("rank" in row for row in moved),
        engine(), store.keep_document(msgspec.json.encode(report)),
    )  # fmt: skip


def _compared(
    store: EventStore, asked: facts.SimulationRequested, position: int, tell: Tell
) -> tuple[Rubric, Rubric, list[dict[str, Any]], dict[str, list[str]]]:
    """The rubrics before and after, the units that move between them, and the figures that fit the second no more."""
    rules = Rules(store)
    now = rules.layout_at(asked.cycle, Moment(position)).rubric
    then = apply(rules.rubric(asked.rubric) if asked.rubric else now, asked.interpretations)
    units = city(store, rules, asked.cycle, position)
    changed = {unit: _changed(each, asked.figures.get(unit, {}), asked.targets.get(unit, {}))
               for unit, each in units.items()}  # fmt: skip
    fit = {unit: fitting(then, each) for unit, each in changed.items()}
    before = outcomes(now, units, lambda done, of: tell(done, 2 * of))
    after = outcomes(then, {unit: each for unit, (each, _) in fit.items()}, lambda done, of: tell(of + done, 2 * of))
    return now, then, difference(before, after), {unit: list(leaves) for unit, (_, leaves) in fit.items() if leaves}


def _changed(unit: Assessed, figures: dict[str, facts.Figures], targets: dict[str, int]) -> Assessed:
    """Other figures stand under the targets in force, as those that are filed do, and both under other targets."""
    return replace(unit, figures=under_targets({**unit.figures, **figures}, {**unit.targets, **targets}))


def _read(store: EventStore, simulation: str) -> tuple[Simulation, Head]:
    state, head = Simulation(simulation), Head()
    for event in store.read(f"simulation/{simulation}"):
        state = state.evolve(to_fact(event.envelope), event.envelope.actor)
        head = Head(event.version, event.leaf)
    return state, head

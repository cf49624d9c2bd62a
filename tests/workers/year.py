"""A city's year as events: 40 units with up to 27 sheets each, about 30,000 events, in the order of people's work."""

import heapq
import random
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import domain.rubric
from domain import facts
from domain.rubric.identity import canonical, identity
from domain.rubric.model import Rubric
from domain.rubric.reading import read
from events.codec import to_event
from events.entry import Actor
from events.store import Append, EventStore
from tests.workers.sheets import Script

ADMINISTRATOR = Actor("administrator", "administrator", "*")


@dataclass(frozen=True, slots=True)
class Act:
    """One event somebody causes."""

    stream: str
    fact: facts.Fact
    by: Actor


def six_actions() -> Rubric:
    """The federation's own sheet."""
    return read(tomllib.loads(Path(domain.rubric.__file__).with_name("six-actions.toml").read_text("utf-8")))


def city(units: int = 40) -> dict[str, str]:
    """Units with their cohorts: ten districts in eighteen, the rest industry unions, as in Dalian."""
    return {f"unit-{number:02d}": "district" if number % 18 < 10 else "industry" for number in range(units)}


def opening(rubric: Rubric, cycle: str, units: Mapping[str, str]) -> list[Act]:
    """The cycle and its units."""
    created = facts.CycleCreated("“六个专项行动”考核", "Six Actions", rubric.id, identity(rubric), {})
    happened: list[facts.Fact] = [created]
    happened += [facts.UnitEnrolled(unit, cohort, f"单位{unit}", f"Unit {unit}") for unit, cohort in units.items()]
    return [Act(f"cycle/{cycle}", fact, ADMINISTRATOR) for fact in happened]


def year(rubric: Rubric, cycle: str, units: Mapping[str, str], seed: int = 0, files: int = 8) -> Iterator[Act]:
    """Everything after the opening; the sheets' sittings are shuffled into each other, each sheet in its order."""
    chance = random.Random(seed)  # noqa: S311 - invented figures
    scripts = [
        (f"sheet/{cycle}/{unit}/{item.id}", Script(unit, faces, chance, files).bursts())
        for unit, cohort in units.items()
        for item in rubric.items
        if (faces := {leaf.id: leaf.faces[cohort] for leaf in item.leaves if cohort in leaf.faces})
    ]
    waiting = [(chance.random(), number) for number in range(len(scripts))]
    heapq.heapify(waiting)
    while waiting:
        moment, number = heapq.heappop(waiting)
        stream, bursts = scripts[number]
        burst = next(bursts, None)
        if burst is not None:
            heapq.heappush(waiting, (moment + chance.random(), number))
            yield from (Act(stream, fact, by) for fact, by in burst)


def publish(store: EventStore, rubric: Rubric) -> None:
    """Keeps the rubric's text, so that workers can read it."""
    store.keep_document(canonical(rubric))


def append(store: EventStore, acts: list[Act]) -> None:
    """Appends everything in one commit, whoever acts."""
    streams: dict[str, list[Act]] = {}
    for act in acts:
        streams.setdefault(act.stream, []).append(act)
    store.append_all(
        [Append(stream, store.head(stream), [to_event(act.fact) for act in some]) for stream, some in streams.items()],
        by=acts[0].by,
    )

"""Every unit's interval of ranks over 4,096 sets of answers and ± one judgement step, 40 units, in one process."""

import copy
import random
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import domain.rubric
from bench.house import House
from bench.table import Line
from domain.item_readings import Assessed
from domain.robustness import open_choices, robustness
from domain.rubric.model import Rubric
from domain.rubric.reading import read
from domain.rubric.rules import Award, OverTarget, Tally
from tests.workers.sheets import figures
from tests.workers.year import city

GOAL = "< 10 s for 4,096 sets, two cores"
TWO_OPTIONS = ("Q2", "Q3", "Q4", "Q5", "Q6", "Q7", "Q13", "Q15", "Q16")


def figure(_: House) -> Iterator[Line]:
    """The register as the sheet has it, then twelve questions of two options each; no server is asked."""
    for rubric in (read(sheet()), twelve()):
        units = {unit: assessed(rubric, cohort, number) for number, (unit, cohort) in enumerate(city().items())}
        begun, billed = time.perf_counter(), time.process_time()
        found = robustness(rubric, units)
        seconds, processor = time.perf_counter() - begun, time.process_time() - billed
        yield Line(f"rank robustness, {found.sets:,} sets × {len(units)} units", f"{seconds:.2f} s", goal=GOAL)
        yield Line("  its processor time, whatever else the machine does", f"{processor:.2f} s")


def sheet() -> dict[str, Any]:
    """The federation's sheet as a document."""
    return tomllib.loads(Path(domain.rubric.__file__).with_name("six-actions.toml").read_text("utf-8"))


def twelve() -> Rubric:
    """The sheet with twelve open questions of two options: Q3 asked in three parts of the sheet, Q5 of each item."""
    document = sheet()
    asked = {question["id"]: question for question in document["questions"] if question["id"] in TWO_OPTIONS}
    for question in asked.values():
        question["options"] = [each for each in question["options"] if "needs" not in each][:2]
    below, caps = asked.pop("Q3"), asked.pop("Q5")
    thirds = [{**copy.deepcopy(below), "id": f"Q3-{n}", "leaves": below["leaves"][n::3]} for n in range(3)]
    parts = [_only(caps, leaves) for leaves in (("1f", "27a", "27b"), ("7a", "7b", "7c"))]
    document["questions"] = [*asked.values(), *thirds, *parts]
    rubric = read(document)
    assert [len(options) for options in open_choices(rubric).values()] == [2] * 12
    return rubric


def _only(question: dict[str, Any], leaves: tuple[str, ...]) -> dict[str, Any]:
    part = {**copy.deepcopy(question), "id": f"Q5-{leaves[0]}", "leaves": list(leaves)}
    for option in part["options"]:
        option["effects"][0]["caps"] = {leaf: option["effects"][0]["caps"][leaf] for leaf in leaves}
    return part


def assessed(rubric: Rubric, cohort: str, seed: int) -> Assessed:
    """A unit with figures by chance on every leaf."""
    chance = random.Random(seed)  # noqa: S311 - invented figures
    given: dict[str, dict[str, Any]] = {}
    for leaf in rubric.leaves:
        if cohort in leaf.faces:
            rule = leaf.faces[cohort].rule
            if isinstance(rule, Tally):
                given[leaf.id] = {"claims": chance.randint(0, 3)}
            elif isinstance(rule, Award):
                levels = [chance.choice(rule.levels).id for _ in range(chance.randint(0, 2))] if rule.levels else None
                given[leaf.id] = {"awards": chance.randint(0, 2) if levels is None else levels}
            elif not isinstance(rule, OverTarget):
                given[leaf.id] = {"not_applicable": True} if chance.random() < 0.03 else figures(rule, chance)
    return Assessed(cohort, given, {"6a": -30} if seed % 5 == 0 else {})

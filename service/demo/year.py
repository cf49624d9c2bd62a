"""The demo year from an empty record to the middle of its review."""

import tomllib
from importlib import resources
from typing import Any

from domain.rubric.model import Rubric
from service import rubric_files
from service.demo import filing, judging, marking, opening, rewriting, stories, tables, together
from service.demo.places import PLACES
from service.demo.stage import Stage
from service.office import Office

RUBRIC = "six-actions"
ACTS = 1719  # what the progress counts to
Claimed = tuple[dict[stories.Bonus, str], dict[together.Joint, str]]
"""The bonuses that were claimed by one unit, and by two together."""


def play(stage: Stage, office: Office) -> None:
    """Plays the year; what an earlier, interrupted play recorded stays as it is."""
    rubric = rubric_files.load(RUBRIC)
    opening.first_person(stage, office)
    opening.second_person(stage)
    opening.rubric(stage, _document())
    opening.cycle(stage, RUBRIC)
    tables.roster(stage)
    opening.everybody(stage)
    filed: filing.Filed = {}
    files: filing.Files = {}
    opening.advance(stage, "open", "2026年度考核开始 the year begins")
    claimed, shared = _open(stage, rubric, filed, files)
    opening.advance(stage, "closed", "申报期结束 filing has ended")
    filing.too_late(stage, rubric)
    filing.returned(stage, rubric, stories.RETURNED_LATE, filed, files)
    opening.advance(stage, "review", "各部门开始复核 the departments review")
    marking.rule(stage)
    _review(stage, rubric, filed, files, claimed)
    together.settled(stage, rubric, shared)
    rewriting.adopt(stage, office, rubric)
    judging.audit(stage, rubric, files)
    opening.leave(stage, "viewer/legal")


def _open(stage: Stage, rubric: Rubric, filed: filing.Filed, files: filing.Files) -> Claimed:
    for place in PLACES:
        filing.file_year(stage, rubric, place, filed, files)
    filing.second_thoughts(stage, rubric, filed)
    filing.returned(stage, rubric, stories.RETURNED_EARLY, filed, files)
    filing.rejected(stage, rubric, files)
    filing.wrong_file(stage, rubric)
    opening.longer(stage, days=35)
    return filing.claims(stage, rubric), together.offered(stage, rubric)


def _review(
    stage: Stage, rubric: Rubric, filed: filing.Filed, files: filing.Files, claimed: dict[stories.Bonus, str]
) -> None:
    judging.conflict(stage, rubric, filed)
    judged = {place.unit: judging.review_year(stage, rubric, place, filed, files) for place in PLACES}
    marking.again(stage, rubric, {unit: points[marking.LEAF] for unit, points in judged.items()})
    judging.ask_again(stage, rubric, files)
    judging.award(stage, rubric, claimed)
    judging.adjust(stage, rubric)
    judging.alone(stage, rubric)
    judging.beyond(stage, rubric)


def _document() -> dict[str, Any]:
    return tomllib.loads(resources.files("domain.rubric").joinpath(f"{RUBRIC}.toml").read_text("utf-8"))

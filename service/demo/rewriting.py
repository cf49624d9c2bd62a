"""The rubric is read otherwise in the midst of the demo year: shown with all it moves, adopted by a second person."""

import json

from domain.interpretations import apply
from domain.rubric.identity import canonical
from domain.rubric.model import Rubric
from events.order import seal
from service.demo.cast import FIRST, SECOND
from service.demo.opening import rubric as published
from service.demo.places import CYCLE
from service.demo.stage import Stage
from service.office import Office

READING = {"Q4": "pro-rata"}  # "for every 1%" and "for every 1,000 yuan" count in part as well
REASON = "口径已定：按比例计 the question is decided: pro rata"


def rewritten(rubric: Rubric) -> Rubric:
    """The rubric as it is read from here on."""
    return apply(rubric, READING)


def adopt(stage: Stage, office: Office, rubric: Rubric) -> None:
    """One administrator proposes it with everything it moves, another one adopts exactly that."""
    after = rewritten(rubric)
    digest = published(stage, json.loads(canonical(after)))
    seal(office.engine)  # what is proposed is shown as of a position, and nobody gives positions before the doors open
    told = stage.post(FIRST.key, f"/cycles/{CYCLE}/rubric-changes", {"hash": digest, "reason": REASON})
    change = told["events"][0]["data"]["change"]
    reason = "影响已逐项核对 what it moves was checked item by item"
    stage.post(SECOND.key, f"/cycles/{CYCLE}/rubric-changes/{change}/confirmation", {"reason": reason})

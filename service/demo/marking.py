"""Double marking in the demo year: one department judges twice, blind, and what differs is moderated."""

from domain.points import show
from domain.rubric.leaves import Leaf
from domain.rubric.model import Rubric
from domain.rubric.rules import Judged
from service.demo.cast import FIRST, SECOND
from service.demo.places import CYCLE, PLACES
from service.demo.sheets import Desk
from service.demo.stage import Stage

DEPARTMENT, LEAF, LIMIT = "democracy", "6b", "0.50"
OTHER = "head/democracy"
# Who was judged a whole point lower the second time: moderated, or left to a visitor; and who waits to be judged again.
APART = {"pulandian": "moderated", "commerce": "differing"}
ALONE = {"changhai"}


def rule(stage: Stage) -> None:
    """Two administrators set it. All of them are drawn, so that the year is the same at every start."""
    body = {
        "percent": 0,
        "departments": {DEPARTMENT: 100},
        "limit": LIMIT,
        "reason": "评定小项双人盲评 judged blind by two",
    }
    told = stage.post(FIRST.key, f"/cycles/{CYCLE}/marking", body)
    found = told["events"][0]["data"]["marking"]
    stage.post(SECOND.key, f"/cycles/{CYCLE}/marking/{found}/confirmation", {"reason": "同意 agreed"})


def again(stage: Stage, rubric: Rubric, first: dict[str, str]) -> None:
    """A second reviewer judges what the first did, whose points (by unit) he does not see; a third person moderates."""
    leaf = rubric.leaf(LEAF)
    for place in PLACES:
        if place.unit in ALONE:
            continue
        desk, points = Desk(stage, rubric, place, rubric.item_of(LEAF).id), first[place.unit]
        apart = place.unit in APART
        reason = "走访三家企业后独立评定 judged independently after visiting three enterprises"
        _act(desk, OTHER, "second-judgements", _lower(leaf, place.cohort, points, 2) if apart else points, reason)
        if APART.get(place.unit) == "moderated":
            reason = "两评之间：制度健全，落实尚有欠缺 between the two: good rules, not all of them kept"
            _act(desk, "approver", "moderations", _lower(leaf, place.cohort, points, 1), reason)


def _lower(leaf: Leaf, cohort: str, points: str, by: int) -> str:
    rule = leaf.faces[cohort].rule
    steps = [show(step) for step in rule.steps] if isinstance(rule, Judged) else [points]
    return steps[max(0, steps.index(points) - by)]


def _act(desk: Desk, who: str, what: str, points: str, reason: str) -> None:
    desk.stage.post(who, f"{desk.path}/{what}", {"leaf": LEAF, "points": points, "reason": reason})

"""What units do while the demo year is open: figures, files, claims, and second tries."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from domain.rubric.leaves import Leaf
from domain.rubric.model import Rubric
from domain.rubric.rules import Award, OverTarget, Tally
from service.demo import stories, tables
from service.demo.invented import draw, figures
from service.demo.places import PLACES, Place
from service.demo.sheets import Desk
from service.demo.stage import CONFLICT, Stage

Filed = dict[tuple[str, str], tuple[str, dict[str, Any]]]
"""By unit and leaf: the submission in force and its figures."""
Files = dict[tuple[str, str], str]
"""By unit and leaf: the evidence that waits for a reviewer."""


def desks(stage: Stage, rubric: Rubric, place: Place) -> Iterator[tuple[Desk, list[Leaf]]]:
    """The unit's sheets, each with the leaves that take figures from it."""
    for item in rubric.items:
        leaves = [leaf for leaf in item.leaves if place.cohort in leaf.faces and _filed(leaf, place)]
        if leaves:
            yield Desk(stage, rubric, place, item.id), leaves


def desk_of(stage: Stage, rubric: Rubric, unit: str, leaf: str) -> Desk:
    """The unit's sheet that holds the leaf."""
    place = next(each for each in PLACES if each.unit == unit)
    return Desk(stage, rubric, place, rubric.item_of(leaf).id)


def file_year(stage: Stage, rubric: Rubric, place: Place, filed: Filed, files: Files) -> None:
    """A unit's year: every sheet once, one by one or as one table, with a file here and there."""
    mine = list(desks(stage, rubric, place))
    told = {leaf.id: _figures(place, leaf) for _, leaves in mine for leaf in leaves}
    whole = tables.figures(stage, rubric, place, told, moment(stage, "1")) if place.unit == tables.HANDED_IN else {}
    for desk, leaves in mine:
        own = {leaf.id: told[leaf.id] for leaf in leaves}
        submission = whole.get(desk.item) or desk.submit(own, moment(stage, desk.item))
        for leaf in leaves:
            filed[place.unit, leaf.id] = submission, told[leaf.id]
            if _supported(place.unit, leaf.id):
                files[place.unit, leaf.id] = desk.attach(leaf.id)


def second_thoughts(stage: Stage, rubric: Rubric, filed: Filed) -> None:
    """A unit finds its own mistake: it files again, withdraws that too, and the first figures stand."""
    desk = desk_of(stage, rubric, "health", "5a")
    _submission, told = filed["health", "5a"]
    again = desk.submit(
        {"5a": {**told["5a"], "numerator": 0} if "5a" in told else {**told, "numerator": 0}}, moment(stage, "5")
    )
    reason = "填报有误，以前次为准 filed in error; the earlier figures stand"
    stage.post(desk.clerk, f"{desk.path}/submissions/{again}/withdrawal", {"reason": reason})


def returned(stage: Stage, rubric: Rubric, which: set[tuple[str, str]], filed: Filed, files: Files) -> None:
    """A reviewer returns a file; the unit answers with better figures and another file."""
    for unit, leaf in sorted(which):
        desk = desk_of(stage, rubric, unit, leaf)
        desk.look_at(files[unit, leaf], leaf, "returned", "名单与数据不符，请补正 the list does not match the figures")
        again = better(filed[unit, leaf][1])
        filed[unit, leaf] = desk.submit({leaf: again}, moment(stage, desk.item)), again
        files[unit, leaf] = desk.attach(leaf, "-2")


def rejected(stage: Stage, rubric: Rubric, files: Files) -> None:
    """A reviewer rejects a file for good; the unit brings another one."""
    for unit, leaf in sorted(stories.REJECTED):
        desk = desk_of(stage, rubric, unit, leaf)
        desk.look_at(files[unit, leaf], leaf, "rejected", "不是本年度的材料 this is not of the year assessed")
        files[unit, leaf] = desk.attach(leaf, "-new")


def wrong_file(stage: Stage, rubric: Rubric) -> None:
    """A unit sends the wrong file and takes it back before anybody has looked at it."""
    desk = desk_of(stage, rubric, "machinery", "8c")
    evidence = desk.attach("8c", "-wrong")
    stage.post(desk.clerk, f"{desk.path}/evidence/{evidence}/withdrawal", {"reason": "传错文件 the wrong file"})


def claims(stage: Stage, rubric: Rubric) -> dict[stories.Bonus, str]:
    """Units claim bonuses under register numbers; one that another unit holds is refused, however it is written."""
    found: dict[stories.Bonus, str] = {}
    for bonus in stories.BONUSES:
        desk = desk_of(stage, rubric, bonus.unit, bonus.leaf)
        if bonus.end == "taken":
            desk.claim(bonus.leaf, f" {bonus.key.lower()} ", bonus.title, CONFLICT)
        else:
            found[bonus] = desk.claim(bonus.leaf, bonus.key, bonus.title)
    return found


def too_late(stage: Stage, rubric: Rubric) -> None:
    """A unit tries to file after the year is closed; the attempt is refused and leaves a trace."""
    desk = desk_of(stage, rubric, "commerce", "10a")
    body = {"figures": {"10a": {"numerator": 1, "denominator": 1}}, "effective": moment(stage, "10")}
    stage.post(desk.clerk, f"{desk.path}/submissions", body, CONFLICT)


def moment(stage: Stage, item: str) -> str:
    """When the figures of an item became true: items follow one another through the months before the first start."""
    return (stage.notes.first_day() - timedelta(days=300 - 10 * int(item))).isoformat()


def better(told: dict[str, Any]) -> dict[str, Any]:
    """What a unit files at the second try: counted again, and a little more complete."""
    return {**told, "numerator": min(told["denominator"], told["numerator"] + told["denominator"] // 20 + 1)}


def _filed(leaf: Leaf, place: Place) -> bool:
    return not isinstance(leaf.faces[place.cohort].rule, OverTarget | Tally | Award)


def _figures(place: Place, leaf: Leaf) -> dict[str, Any]:
    if (place.unit, leaf.id) in stories.ABSENT:
        return {"not_applicable": True}
    if (place.unit, leaf.id) == stories.ANSWER_AWAITED:
        return {"numerator": 212, "denominator": 320}
    return figures(place, leaf.id, leaf.faces[place.cohort])


def _supported(unit: str, leaf: str) -> bool:
    told = stories.RETURNED_EARLY | stories.RETURNED_LATE | stories.REJECTED | stories.WAITING
    return (unit, leaf) in told or draw(unit, leaf)("paper", 1, 9) == 1

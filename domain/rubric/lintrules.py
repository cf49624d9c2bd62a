"""What makes a leaf's rule unsound in its place."""

from collections import Counter
from collections.abc import Iterable, Iterator

from domain.points import show
from domain.rubric import rules
from domain.rubric.leaves import Face, Leaf
from domain.rubric.model import Item
from domain.rubric.refused import RubricRefused


def leaf_problems(item: Item, leaf: Leaf, place: str) -> Iterator[RubricRefused]:
    """Every problem of the leaf's rules, cohort by cohort."""
    if len({face.bonus for face in leaf.faces.values()}) > 1:
        yield RubricRefused(place, "不可既是得分点又是加分点", "is a bonus in one cohort and scored in another")
    for cohort, face in leaf.faces.items():
        yield from _points(face, f"{place}.faces.{cohort}.points")
        yield from _rule(item, cohort, face, f"{place}.faces.{cohort}.rule")


def _points(face: Face, place: str) -> Iterator[RubricRefused]:
    if face.bonus and face.points:
        yield RubricRefused(place, "加分点没有基本分", "a bonus leaf has no points of its own")
    if not face.bonus and not face.points:
        yield RubricRefused(place, "得分点的分值须大于零", "a scored leaf needs points above zero")


def _rule(item: Item, cohort: str, face: Face, place: str) -> Iterator[RubricRefused]:
    match face.rule:
        case rules.Ratio(below=below) | rules.Task(below=below) | rules.Count(below=below):
            yield from _tiers(below, f"{place}.below")
        case rules.Checklist(entries=entries):
            yield from _repeats((entry.id for entry in entries), f"{place}.entries")
        case rules.Judged(steps=steps):
            yield from _steps(steps, face.points, f"{place}.steps")
        case rules.OverTarget(task=task):
            yield from _task(item, cohort, task, f"{place}.task")
        case rules.Award() as award:
            yield from _award(award, place)
        case _:
            pass


def _tiers(below: rules.Below, place: str) -> Iterator[RubricRefused]:
    falling = zip(below.tiers, below.tiers[1:], strict=False)
    if any(upper.reached <= lower.reached or upper.earns < lower.earns for upper, lower in falling):
        yield RubricRefused(place, "各档须由高到低", "tiers must fall from the highest to the lowest")


def _repeats(ids: Iterable[str], place: str) -> Iterator[RubricRefused]:
    for repeated in (each for each, times in Counter(ids).items() if times > 1):
        yield RubricRefused(f"{place}.{repeated}", "编号重复", "the id repeats")


def _steps(steps: tuple[int, ...], points: int, place: str) -> Iterator[RubricRefused]:
    if list(steps) != sorted(set(steps)) or steps[0] != 0 or steps[-1] != points:
        yield RubricRefused(
            place,
            f"档次须由0.00升至{show(points)}",
            f"steps must rise from 0.00 to the points {show(points)}",
        )


def _task(item: Item, cohort: str, task: str, place: str) -> Iterator[RubricRefused]:
    tasks = {leaf.id for leaf in item.leaves if cohort in leaf.faces and _is_task(leaf.faces[cohort])}
    if task not in tasks:
        yield RubricRefused(place, "本项目中没有这个任务评分点", f"no task leaf {task} in this item for {cohort}")


def _is_task(face: Face) -> bool:
    return isinstance(face.rule, rules.Task)


def _award(award: rules.Award, place: str) -> Iterator[RubricRefused]:
    if (award.points is None) == (not award.levels):
        yield RubricRefused(
            f"{place}.points", "须给出每项分值或各级分值之一", "give either points or levels, one of them"
        )
    yield from _repeats((level.id for level in award.levels), f"{place}.levels")

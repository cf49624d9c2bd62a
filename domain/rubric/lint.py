"""What makes a well-formed rubric unsound; every problem names its place."""

from collections import Counter
from collections.abc import Iterable, Iterator

from domain.points import show
from domain.rubric.leaves import Leaf
from domain.rubric.lintkeys import key_problems
from domain.rubric.lintquestions import register_problems
from domain.rubric.lintrules import leaf_problems
from domain.rubric.model import Group, Item, Rubric
from domain.rubric.refused import RubricRefused


def check(rubric: Rubric) -> None:
    """Raise the first problem, if there is one."""
    for problem in problems(rubric):
        raise problem


def problems(rubric: Rubric) -> Iterator[RubricRefused]:
    """Every problem, in sheet order."""
    yield from _repeats(rubric)
    yield from _cohorts(rubric)
    yield from sheet_problems(rubric)
    yield from key_problems(rubric)
    if rubric.questions:
        yield from register_problems(rubric, sheet_problems)


def sheet_problems(rubric: Rubric) -> Iterator[RubricRefused]:
    """The problems of points, leaves and rules: those that an answer to a question could bring."""
    yield from _sums(rubric)
    departments = {department.id for department in rubric.departments}
    terms = {term.id for term in rubric.glossary}
    for group in rubric.groups:
        for item in group.items:
            yield from _item_problems(rubric, group, item)
            for leaf in item.leaves:
                place = f"rubric.groups.{group.id}.items.{item.id}.leaves.{leaf.id}"
                yield from _names(leaf, place, departments, terms)
                yield from leaf_problems(item, leaf, place)


def _repeats(rubric: Rubric) -> Iterator[RubricRefused]:
    lists: dict[str, Iterable[str]] = {
        "cohorts": (each.id for each in rubric.cohorts),
        "departments": (each.id for each in rubric.departments),
        "groups": (each.id for each in rubric.groups),
        "items": (each.id for each in rubric.items),
        "leaves": (each.id for each in rubric.leaves),
        "glossary": (each.id for each in rubric.glossary),
        "questions": (each.id for each in rubric.questions),
    }
    for name, ids in lists.items():
        for repeated in (each for each, times in Counter(ids).items() if times > 1):
            yield RubricRefused(f"rubric.{name}.{repeated}", "编号重复", "the id repeats")


def _cohorts(rubric: Rubric) -> Iterator[RubricRefused]:
    known = {cohort.id for cohort in rubric.cohorts}
    for group in rubric.groups:
        place = f"rubric.groups.{group.id}.points"
        yield from _unknown(place, group.points, known)
        for missing in sorted(known - group.points.keys()):
            yield RubricRefused(f"{place}.{missing}", "缺少该类单位", "the cohort is missing")


def _sums(rubric: Rubric) -> Iterator[RubricRefused]:
    for cohort in rubric.cohorts:
        parts = sum(group.points.get(cohort.id, 0) for group in rubric.groups)
        yield from _sum(f"rubric.cohorts.{cohort.id}.points", cohort.points, parts)
    for group in rubric.groups:
        place = f"rubric.groups.{group.id}.points"
        for cohort_id, points in group.points.items():
            parts = sum(item.points.get(cohort_id, 0) for item in group.items)
            yield from _sum(f"{place}.{cohort_id}", points, parts)


def _item_problems(rubric: Rubric, group: Group, item: Item) -> Iterator[RubricRefused]:
    place = f"rubric.groups.{group.id}.items.{item.id}"
    yield from _unknown(f"{place}.points", item.points, {cohort.id for cohort in rubric.cohorts})
    if len(item.objects_en) not in {0, len(item.objects)}:
        yield RubricRefused(f"{place}.objects_en", "须与考核对象逐一对应", "must name the same objects, one by one")
    for cohort, points in item.points.items():
        faces = [leaf.faces[cohort] for leaf in item.leaves if cohort in leaf.faces]
        if not faces:
            yield RubricRefused(f"{place}.leaves", f"{cohort} 没有评分点", f"no leaf for the cohort {cohort}")
        yield from _sum(f"{place}.points.{cohort}", points, sum(face.points for face in faces))
    for leaf in item.leaves:
        yield from _unknown(f"{place}.leaves.{leaf.id}.faces", leaf.faces, set(item.points))


def _sum(place: str, whole: int, parts: int) -> Iterator[RubricRefused]:
    if whole != parts:
        yield RubricRefused(
            place,
            f"分值不等于各部分之和：{show(whole)} ≠ {show(parts)}",
            f"points do not add up: {show(whole)} is not the sum of its parts {show(parts)}",
        )


def _unknown(place: str, given: Iterable[str], known: set[str]) -> Iterator[RubricRefused]:
    for name in given:
        if name not in known:
            yield RubricRefused(f"{place}.{name}", "此处没有这类单位", "the cohort is unknown here")


def _names(leaf: Leaf, place: str, departments: set[str], terms: set[str]) -> Iterator[RubricRefused]:
    if leaf.department not in departments:
        yield RubricRefused(f"{place}.department", "未知的部门", f"unknown department {leaf.department}")
    for term in leaf.terms:
        if term not in terms:
            yield RubricRefused(f"{place}.terms.{term}", "术语表中没有", "unknown glossary term")

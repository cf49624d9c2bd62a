"""A rubric is refused by place; each case changes one thing of a sound rubric."""

import copy
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from domain.rubric import lint
from domain.rubric.leaves import Leaf
from domain.rubric.reading import read
from domain.rubric.refused import RubricRefused
from service.rubric_files import load
from tests.domain.registers import with_leaves

DOCUMENT = tomllib.loads((Path(__file__).parent / "rubrics" / "harbour.toml").read_text("utf-8"))
A1, A2, B1 = "rubric.groups.A.items.A1", "rubric.groups.A.items.A2", "rubric.groups.B.items.B1"

Change = Callable[[dict[str, Any]], Any]


def _at(*path: str | int) -> Callable[[dict[str, Any]], Any]:
    def reach(document: dict[str, Any]) -> Any:
        for step in path:
            document = document[step]  # type: ignore[index]  # steps are names or positions
        return document

    return reach


def _set(path: tuple[str | int, ...], value: Any) -> Change:
    return lambda document: _at(*path[:-1])(document).__setitem__(path[-1], value)


def _drop(*path: str | int) -> Change:
    return lambda document: _at(*path[:-1])(document).pop(path[-1])


ITEM_A1 = ("groups", 0, "items", 0)
ITEM_A2 = ("groups", 0, "items", 1)
ITEM_B1 = ("groups", 1, "items", 0)
A1X = (*ITEM_A1, "leaves", 0)
BONUS = (*ITEM_B1, "leaves", 1)

CASES: dict[str, tuple[Change, str]] = {
    "leaf points do not add up": (_set((*A1X, "points"), "3.99"), f"{A1}.points.yard"),
    "item points do not add up": (_set((*ITEM_B1, "points"), "3.01"), "rubric.groups.B.points.yard"),
    "group points do not add up": (_set(("groups", 1, "points", "yard"), "3.01"), "rubric.cohorts.yard.points"),
    "total does not add up": (_set(("cohorts", 2, "points"), "4.01"), "rubric.cohorts.ship.points"),
    "leaf without department": (_drop(*A1X, "department"), f"{A1}.leaves.A1.x.department"),
    "unknown department": (_set((*A1X, "department"), "sea"), f"{A1}.leaves.A1.x.department"),
    "bonus without a cap written": (_drop(*BONUS, "rule", "cap"), f"{B1}.leaves.B1.b.faces.yard.rule.cap"),
    "unknown rule kind": (_set((*A1X, "rule", "kind"), "magic"), f"{A1}.leaves.A1.x.faces.yard.rule.kind"),
    "rule without a kind": (_drop(*A1X, "rule", "kind"), f"{A1}.leaves.A1.x.faces.yard.rule.kind"),
    "unknown rule parameter": (_set((*A1X, "rule", "eval"), "1+1"), f"{A1}.leaves.A1.x.faces.yard.rule"),
    "other objects in English": (_set((*ITEM_A1, "objects_en"), ["ships"] * 9), f"{A1}.objects_en"),
    "unknown term": (_set((*A1X, "terms"), ["fog"]), f"{A1}.leaves.A1.x.terms.fog"),
    "repeated leaf": (_set((*BONUS, "id"), "B1.a"), "rubric.leaves.B1.a"),
    "repeated item": (_set((*ITEM_B1, "id"), "A1"), "rubric.items.A1"),
    "repeated group": (_set(("groups", 1, "id"), "A"), "rubric.groups.A"),
    "repeated cohort": (_set(("cohorts", 2, "id"), "yard"), "rubric.cohorts.yard"),
    "repeated department": (_set(("departments", 1, "id"), "fire"), "rubric.departments.fire"),
    "cohort missing in a group": (_drop("groups", 0, "points", "ship"), "rubric.groups.A.points.ship"),
    "no cohorts": (_set(("cohorts",), []), "rubric.cohorts"),
    "unknown cohort in an item": (_set((*ITEM_B1, "cohorts"), ["moon"]), "rubric.groups.B.points.yard"),
    "unknown cohort in a leaf": (_set((*BONUS, "cohorts"), ["moon"]), f"{B1}.leaves.B1.b.faces.moon"),
    "threshold out of range": (_set((*A1X, "rule", "threshold"), 101), f"{A1}.leaves.A1.x.faces.yard.rule.threshold"),
    "a bool is no threshold": (
        _set((*A1X, "rule", "threshold"), value=True), f"{A1}.leaves.A1.x.faces.yard.rule.threshold"
    ),
    "a float is no points": (_set((*A1X, "points"), 4.0), f"{A1}.leaves.A1.x.faces.yard.points"),
    "points without decimals": (_set((*A1X, "points"), "4"), f"{A1}.leaves.A1.x.faces.yard.points"),
    "negative points": (_set((*A1X, "points"), "-4.00"), f"{A1}.leaves.A1.x.faces.yard.points"),
    "rising tiers": (
        _set((*A1X, "rule", "below"), [{"reached": 50, "earns": 10}, {"reached": 90, "earns": 20}]),
        f"{A1}.leaves.A1.x.faces.yard.rule.below",
    ),
    "unknown policy": (_set((*A1X, "rule", "below"), "mercy"), f"{A1}.leaves.A1.x.faces.yard.rule.below"),
    "task of a bonus elsewhere": (
        _set((*ITEM_A2, "leaves", 2, "rule", "task"), "A1.x"), f"{A2}.leaves.A2.more.faces.yard.rule.task"
    ),
    "bonus with points": (_set((*BONUS, "points"), "1.00"), f"{B1}.points.yard"),
    "steps that miss the points": (
        _set((*A1X, "rule"), {"kind": "judged", "steps": ["0.00", "3.00"]}),
        f"{A1}.leaves.A1.x.faces.yard.rule.steps",
    ),
    "repeated entry": (
        _set((*ITEM_A2, "leaves", 1, "rule", "entries", 1, "id"), "hose"),
        f"{A2}.leaves.A2.gear.faces.yard.rule.entries.hose",
    ),
    "award without points or levels": (
        _set((*BONUS, "rule"), {"kind": "award", "cap": "none"}), f"{B1}.leaves.B1.b.faces.yard.rule.points"
    ),
    "register of a leaf without keys": (_set((*A1X, "register"), "R"), f"{A1}.leaves.A1.x.register"),
    "register with a leaf's name": (_set((*BONUS, "register"), "B1.a"), f"{B1}.leaves.B1.b.register"),
    "register that is no id": (_set((*BONUS, "register"), "a/b"), f"{B1}.leaves.B1.b.register"),
    "default not an option": (_set(("questions", 0, "default"), "maybe"), "rubric.questions.H1.default"),
    "decision not an option": (
        _set(("questions", 0, "decided", "option"), "maybe"), "rubric.questions.H1.decided.option"
    ),
    "question on an unknown leaf": (_set(("questions", 0, "leaves"), ["Z9"]), "rubric.questions.H1.leaves.Z9"),
    "repeated option": (_set(("questions", 0, "options", 1, "id"), "yes"), "rubric.questions.H1.options.yes"),
    "title in one language": (_drop("title", "en"), "rubric.title.en"),
    "empty text": (_set(("title", "zh"), " "), "rubric.title.zh"),
    "control character": (_set(("title", "zh"), "海\x00港"), "rubric.title.zh"),
    "lone surrogate": (_set(("title", "zh"), "海\ud800"), "rubric.title.zh"),
    "id with a slash": (_set((*A1X, "id"), "A1/x"), f"{A1}.leaves[0].id"),
    "unknown member": (_set(("colour",), "red"), "rubric"),
    "list where a table belongs": (_set(("title",), ["x"]), "rubric.title"),
    "table where a list belongs": (_set(("groups",), {}), "rubric.groups"),
    "special face that is no table": (_set((*A1X, "in", "ship"), 7), f"{A1}.leaves.A1.x.faces.ship"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_an_unsound_rubric_is_refused_by_place(case: str) -> None:
    change, place = CASES[case]
    document = copy.deepcopy(DOCUMENT)
    change(document)
    with pytest.raises(RubricRefused) as refused:
        read(document)
    assert refused.value.place == place
    assert refused.value.zh != refused.value.en


def test_a_sound_rubric_has_no_problems() -> None:
    assert list(lint.problems(read(DOCUMENT))) == []


def test_leaves_of_one_register_stand_on_one_item() -> None:
    def claims(leaf: Leaf) -> Leaf:
        return replace(leaf, register="R") if leaf.id in {"7a", "27b"} else leaf

    rubric = with_leaves(load("six-actions"), claims)
    assert [problem.place for problem in lint.problems(rubric)] == ["rubric.groups.G7.items.27.leaves.27b.register"]


def test_a_question_that_asks_how_often_a_key_counts_asks_it_of_a_whole_register() -> None:
    rubric = load("six-actions")
    asked = tuple(replace(each, leaves=("7a", "27b")) if each.id == "Q12" else each for each in rubric.questions)
    found = list(lint.problems(replace(rubric, questions=asked)))
    assert [problem.place for problem in found] == ["rubric.questions.Q12.leaves"] * 2
    unasked = tuple(replace(each, leaves=("27b",)) if each.id == "Q12" else each for each in rubric.questions)
    assert list(lint.problems(replace(rubric, questions=unasked))) == []


def test_a_leaf_is_scored_everywhere_or_a_bonus_everywhere() -> None:
    document = copy.deepcopy(DOCUMENT)
    _at(*A1X)(document)["in"]["ship"] = {"points": "0.00", "rule": {"kind": "tally", "points": "1.00", "cap": "none"}}
    _at("groups", 0, "items", 0)(document)["points"] = {"yard": "4.00", "office": "4.00", "ship": "0.00"}
    document["groups"][0]["points"]["ship"] = document["cohorts"][2]["points"] = "0.00"
    with pytest.raises(RubricRefused, match="is a bonus in one cohort") as refused:
        read(document)
    assert refused.value.place == f"{A1}.leaves.A1.x"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def _places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] * bool(path) + [deep for key, each in members for deep in _places(each, (*path, key))]


@given(st.sampled_from(_places(DOCUMENT)), JSON)
def test_whatever_stands_anywhere_is_read_or_refused_never_an_accident(
    place: tuple[str | int, ...], value: Any
) -> None:
    document = copy.deepcopy(DOCUMENT)
    _set(place, value)(document)
    refusal = None
    try:
        read(document)
    except RubricRefused as refused:
        refusal = refused
    assert refusal is None or refusal.place.startswith("rubric")

"""The laws of sums, for each convention on bonuses: what holds for all, and how each of them makes a total."""

from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given

from domain.explanation import explain
from domain.grounds import Grounds
from domain.interpretations import apply
from domain.points import parse
from domain.rubric.model import Conventions, Rubric
from domain.scoring import Result, score
from tests.domain.test_scoring import SHEET, units

# The sheet as it reads by itself, and as its register lets it be read (Q6).
READ: dict[str, Rubric] = {"on-top": SHEET, "limited": apply(SHEET, {"Q6": "limited"})}
Filed = tuple[str, dict[str, dict[str, Any]]]
each_convention = pytest.mark.parametrize("convention", READ)


def everything(result: Result) -> int:
    """All leaves of a unit, bonuses among them."""
    return sum(result.leaves.values())


def most(cohort: str) -> int:
    return SHEET.cohort(cohort).points


def test_every_convention_on_bonuses_has_its_law_here() -> None:
    assert set(READ) == set(get_args(get_type_hints(Conventions)["bonus"]))
    assert {name: rubric.conventions.bonus for name, rubric in READ.items()} == {name: name for name in READ}


@each_convention
@given(filed=units())
def test_under_every_convention_items_groups_and_base_are_the_sums_of_what_they_show(
    convention: str, filed: Filed
) -> None:
    rubric, cohort = READ[convention], filed[0]
    result = score(rubric, *filed)
    for item in rubric.items:
        parts = [result.leaves[leaf.id] for leaf in item.leaves if leaf.id in result.leaves]
        assert result.items.get(item.id, 0) == sum(parts)
    for group in rubric.groups:
        assert result.groups[group.id] == sum(result.items.get(item.id, 0) for item in group.items)
    assert sum(result.groups.values()) == everything(result)
    plain = [points for leaf, points in result.leaves.items() if not rubric.leaf(leaf).bonus]
    assert result.base == sum(plain) <= most(cohort)
    assert result.total == result.base + result.bonus
    assert 0 <= result.bonus <= everything(result) - result.base


@given(filed=units())
def test_on_top_every_bonus_counts_and_the_total_is_the_sum_of_the_groups(filed: Filed) -> None:
    result = score(READ["on-top"], *filed)
    assert result.total == sum(result.groups.values())
    assert result.bonus == everything(result) - result.base


@given(filed=units())
def test_limited_the_total_is_the_sum_of_the_groups_and_never_more_than_the_cohort_s_points(filed: Filed) -> None:
    result = score(READ["limited"], *filed)
    assert result.total == min(sum(result.groups.values()), most(filed[0]))


@given(filed=units())
def test_a_convention_on_bonuses_moves_no_leaf_and_never_raises_a_total(filed: Filed) -> None:
    free, bound = (score(READ[name], *filed) for name in ("on-top", "limited"))
    assert (bound.leaves, bound.items, bound.groups, bound.base) == (free.leaves, free.items, free.groups, free.base)
    assert bound.total <= free.total
    assert (bound.total == free.total) == (free.total <= most(filed[0]))


@each_convention
@given(filed=units())
def test_every_sum_that_is_written_out_adds_up_to_what_stands_above_it(convention: str, filed: Filed) -> None:
    cohort, leaves = filed
    tree, result = explain(READ[convention], cohort, Grounds(leaves, {}, {})), score(READ[convention], *filed)
    items = [item for group in tree.groups for item in group.items]
    for parent in [tree, *tree.groups, *items]:
        assert parse(parent.points) == written(parent.sum)
    cut = tree.sum.partition(" − ")[2]
    assert (parse(cut) if cut else 0) == everything(result) - result.total
    assert not cut or convention == "limited"
    assert (parse(tree.base), parse(tree.bonus), parse(tree.points)) == (result.base, result.bonus, result.total)


def written(text: str) -> int:
    """What a sum written out comes to, with what was cut off behind a minus."""
    parts, _, cut = text.partition(" − ")
    return sum(map(parse, parts.split(" + "))) - (parse(cut) if cut else 0)


@pytest.mark.parametrize(
    ("convention", "claims", "expected"),
    [("on-top", 0, (9840, 0)), ("on-top", 3, (9840, 900)), ("limited", 0, (9840, 0)), ("limited", 3, (9840, 160))],
)
def test_98_40_with_three_contracts_is_107_40_on_top_and_100_where_it_is_limited(
    convention: str, claims: int, expected: tuple[int, int]
) -> None:
    result = score(READ[convention], "district", best() | {"7a": {"claims": claims}})
    assert (result.base, result.bonus) == expected


def best() -> dict[str, Any]:
    """All a district can win without a bonus, but for leaf 1b."""
    found: dict[str, Any] = {}
    for leaf in SHEET.leaves:
        face = leaf.faces.get("district")
        if face is not None and not face.bonus and leaf.id != "1b":
            found[leaf.id] = FULL[type(face.rule).__name__](face.rule)
    return found


FULL: dict[str, Any] = {
    "Ratio": lambda _: {"numerator": 1, "denominator": 1},
    "Task": lambda _: {"actual": 1, "target": 1},
    "Count": lambda _: {"count": 100},
    "Checklist": lambda rule: {"yes": [entry.id for entry in rule.entries]},
    "Presence": lambda _: {"yes": True},
    "Judged": lambda rule: {"points": f"{max(rule.steps) // 100}.{max(rule.steps) % 100:02}"},
    "Increment": lambda _: {"stations": 1, "total": 10**6},
}

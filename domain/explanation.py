"""Why a score is what it is: total → group → item → leaf → rule, inputs, formula, rounding, sources.

Every node shows points as texts; every parent's ``sum`` is written out and adds up to what it shows. A leaf
names the references the caller gives it (event positions), and its approved adjustments one by one.
"""

from collections.abc import Sequence

from domain.explained import Explanation, GroupNode, ItemNode
from domain.grounds import Grounds
from domain.item_scoring import absent_leaves
from domain.leaf_explanation import Points, adjusted, leaf_node
from domain.points import show
from domain.rubric.model import Group, Item, Rubric
from domain.scoring import compile_item
from domain.standings import counted_bonus


def explain(rubric: Rubric, cohort: str, grounds: Grounds) -> Explanation:
    """The whole tree from checked figures."""
    explained = [_group(rubric, group, cohort, grounds) for group in rubric.groups]
    points = {leaf: own for _, leaves in explained for leaf, own in leaves.items()}
    bonus = sum(points[leaf.id] for leaf in rubric.leaves if leaf.bonus and leaf.id in points)
    base = sum(points.values()) - bonus
    counted = counted_bonus(rubric, cohort, base, bonus)
    groups = tuple(node for node, _ in explained)
    return Explanation(
        rubric.id,
        cohort,
        show(base),
        show(counted),
        show(base + counted),
        _sum([node.points for node in groups]) + (f" − {show(bonus - counted)}" if counted < bonus else ""),
        groups,
    )


def explain_item(rubric: Rubric, item_id: str, cohort: str, grounds: Grounds) -> tuple[ItemNode, dict[str, int]]:
    """The tree of one item, and the hundredths of its leaves."""
    item, empty = rubric.item(item_id), rubric.conventions.empty
    points = _points(rubric, item, cohort, grounds)
    nodes = tuple(
        leaf_node(item, leaf, (cohort, empty), grounds, points[leaf.id]) for leaf in item.leaves if leaf.id in points
    )
    final = {leaf: each.final for leaf, each in points.items()}
    shown = _sum([node.points for node in nodes])
    return ItemNode(item.id, item.text, show(sum(final.values())), shown, nodes), final


def _points(rubric: Rubric, item: Item, cohort: str, grounds: Grounds) -> dict[str, Points]:
    scorer = compile_item(rubric, item.id, cohort)
    figures = {leaf.id: grounds.figures[leaf.id] for leaf in item.leaves if leaf.id in grounds.figures}
    filed = {leaf.id: grounds.filed[leaf.id] for leaf in item.leaves if leaf.id in grounds.filed}
    claimed, claimable = scorer.score(filed), scorer.maximum(absent_leaves(filed))
    computed, most = scorer.score(figures), scorer.maximum(absent_leaves(figures))
    return {
        leaf: Points(
            claimed[leaf], claimable[leaf], computed[leaf], adjusted(computed[leaf], most[leaf], grounds, leaf),
            most[leaf],
        )
        for leaf in computed
    }  # fmt: skip


def _group(rubric: Rubric, group: Group, cohort: str, grounds: Grounds) -> tuple[GroupNode, dict[str, int]]:
    explained = [explain_item(rubric, item.id, cohort, grounds) for item in group.items if cohort in item.points]
    points = {leaf: own for _, leaves in explained for leaf, own in leaves.items()}
    items = tuple(node for node, _ in explained)
    shown = _sum([node.points for node in items])
    return GroupNode(group.id, group.name, show(sum(points.values())), shown, items), points


def _sum(parts: Sequence[str]) -> str:
    return " + ".join(parts) or "0.00"

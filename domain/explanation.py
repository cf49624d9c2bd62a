"""Why a score is what it is: total → group → item → leaf → rule, inputs, formula, rounding, sources.

Every node shows points as texts; every parent's ``sum`` is written out and adds up to what it shows. A leaf
names the references the caller gives it (event positions), and its approved adjustments one by one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from domain.bonus_derivation import over_target
from domain.contents import Round
from domain.derivation import MISSING, UNSEEN, derive
from domain.explained import AdjustmentNode, Explanation, GroupNode, ItemNode, LeafNode
from domain.figures import Figures
from domain.formulas import target
from domain.item_scoring import absent_leaves
from domain.points import show
from domain.rounding import EXACT, Derivation
from domain.rounds import round_node
from domain.rubric import rules
from domain.rubric.kinds import RULE
from domain.rubric.leaves import Leaf
from domain.rubric.model import Group, Item, Rubric
from domain.rubric.texts import Text
from domain.scoring import compile_item
from domain.standings import counted_bonus


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An approved change of a leaf's points, in hundredths, and the reference of its approval."""

    delta: int
    reason: str
    source: int | str


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a score is explained from; all by leaf, a leaf without an entry has none.

    ``figures`` are those somebody stands for; ``filed`` are the unit's own.
    """

    figures: Mapping[str, Figures]
    sources: Mapping[str, Sequence[int | str]]
    adjustments: Mapping[str, Sequence[Adjustment]]
    filed: Mapping[str, Figures] = field(default_factory=dict)
    rounds: Mapping[str, Round] = field(default_factory=dict)


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


@dataclass(frozen=True, slots=True)
class _Points:
    """Hundredths of one leaf: by the figures filed, by those somebody stands for, adjusted; each with its bound."""

    claimed: int
    claimable: int | None
    computed: int
    final: int
    most: int | None


def explain_item(rubric: Rubric, item_id: str, cohort: str, grounds: Grounds) -> tuple[ItemNode, dict[str, int]]:
    """The tree of one item, and the hundredths of its leaves."""
    item, empty = rubric.item(item_id), rubric.conventions.empty
    points = _points(rubric, item, cohort, grounds)
    nodes = tuple(
        _leaf(item, leaf, (cohort, empty), grounds, points[leaf.id]) for leaf in item.leaves if leaf.id in points
    )
    final = {leaf: each.final for leaf, each in points.items()}
    shown = _sum([node.points for node in nodes])
    return ItemNode(item.id, item.text, show(sum(final.values())), shown, nodes), final


def _points(rubric: Rubric, item: Item, cohort: str, grounds: Grounds) -> dict[str, _Points]:
    scorer = compile_item(rubric, item.id, cohort)
    figures = {leaf.id: grounds.figures[leaf.id] for leaf in item.leaves if leaf.id in grounds.figures}
    filed = {leaf.id: grounds.filed[leaf.id] for leaf in item.leaves if leaf.id in grounds.filed}
    claimed, claimable = scorer.score(filed), scorer.maximum(absent_leaves(filed))
    computed, most = scorer.score(figures), scorer.maximum(absent_leaves(figures))
    return {
        leaf: _Points(
            claimed[leaf], claimable[leaf], computed[leaf], _adjusted(computed[leaf], most[leaf], grounds, leaf),
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


def _adjusted(own: int, most: int | None, grounds: Grounds, leaf: str) -> int:
    moved = max(0, own + sum(each.delta for each in grounds.adjustments.get(leaf, ())))
    return moved if most is None else min(moved, most)


def _leaf(item: Item, leaf: Leaf, whose: tuple[str, str], grounds: Grounds, points: _Points) -> LeafNode:
    face = leaf.faces[whose[0]]
    sources = dict.fromkeys((_source(face.rule, leaf.id), leaf.id))
    source = next(iter(sources))
    inputs, filed = grounds.figures.get(source), grounds.filed.get(source)
    derivation = _derivation(item, leaf, whose, inputs, points.most)
    if filed and not inputs:
        derivation = Derivation(UNSEEN, EXACT)
    return LeafNode(
        leaf.id,
        face.title,
        leaf.department,
        show(points.final),
        show(points.computed),
        show(face.points),
        None if points.most is None else show(points.most),
        RULE.write(face.rule),
        inputs,
        derivation.formula,
        derivation.rounding,
        show(points.claimed),
        filed,
        _derivation(item, leaf, whose, filed, points.claimable).formula,
        tuple(
            AdjustmentNode(show(each.delta), each.reason, each.source) for each in grounds.adjustments.get(leaf.id, ())
        ),
        tuple(each for source in sources for each in grounds.sources.get(source, ())),
        round_node(grounds.rounds[leaf.id]) if leaf.id in grounds.rounds else None,
    )


def _source(rule: rules.Rule, leaf: str) -> str:
    return rule.task if isinstance(rule, rules.OverTarget) else leaf


def _derivation(item: Item, leaf: Leaf, whose: tuple[str, str], inputs: Figures | None, most: int | None) -> Derivation:
    cohort, empty = whose
    rule = leaf.faces[cohort].rule
    if not inputs:
        return Derivation(MISSING, EXACT)
    if "not_applicable" in inputs:
        return Derivation(_absent(inputs, most, rule, empty), EXACT)
    if isinstance(rule, rules.OverTarget):
        task = next(each for each in item.leaves if each.id == rule.task).faces[cohort].rule
        derived = task.derived if isinstance(task, rules.Task) else None
        return over_target(rule, target(derived, inputs), inputs)
    return derive(rule, most or 0, inputs)


def _absent(inputs: Figures, most: int | None, rule: rules.Rule, empty: str) -> Text:
    if isinstance(rule, rules.OverTarget):
        return Text("任务不适用，不加分", "the task does not apply, no bonus")
    if empty == "full":
        return Text("不适用，按口径得满分", "not applicable, full points by the register")
    if empty == "zero":
        return Text("不适用，按口径不得分", "not applicable, nothing by the register")
    if not most:
        return Text("不适用，分值并入同项目其他评分点", "not applicable, its points move to the item's other leaves")
    if "points" in inputs:
        return Text(f"不适用，评定{inputs['points']}", f"not applicable, judged {inputs['points']}")
    return Text("不适用，待评定", "not applicable, waits for a judgement")

"""Why one leaf has its points: rule, inputs, formula, rounding, adjustments, sources."""

from dataclasses import dataclass

from domain.bonus_derivation import over_target
from domain.derivation import MISSING, UNSEEN, derive
from domain.explained import AdjustmentNode, LeafNode
from domain.figures import Figures
from domain.formulas import target
from domain.grounds import Grounds
from domain.points import show
from domain.rounding import EXACT, Derivation
from domain.rounds import round_node
from domain.rubric import rules
from domain.rubric.kinds import RULE
from domain.rubric.leaves import Leaf
from domain.rubric.model import Item
from domain.rubric.texts import Text


@dataclass(frozen=True, slots=True)
class Points:
    """Hundredths of one leaf: by the figures filed, by those somebody stands for, adjusted; each with its bound."""

    claimed: int
    claimable: int | None
    computed: int
    final: int
    most: int | None


def adjusted(own: int, most: int | None, grounds: Grounds, leaf: str) -> int:
    """A leaf's points after its approved adjustments, kept within their bounds."""
    moved = max(0, own + sum(each.delta for each in grounds.adjustments.get(leaf, ())))
    return moved if most is None else min(moved, most)


def leaf_node(item: Item, leaf: Leaf, whose: tuple[str, str], grounds: Grounds, points: Points) -> LeafNode:
    """The node of a leaf for a cohort, by the convention on what does not apply (``whose``)."""
    face = leaf.faces[whose[0]]
    sources = dict.fromkeys((_source(face.rule, leaf.id), leaf.id))
    source = next(iter(sources))
    inputs, filed = grounds.figures.get(source), grounds.filed.get(source)
    unseen = Derivation(UNSEEN, EXACT) if filed and not inputs else None
    derivation = unseen or _derivation(item, leaf, whose, inputs, points.most)
    approved = grounds.adjustments.get(leaf.id, ())
    return LeafNode(
        leaf.id, face.title, leaf.department,
        show(points.final), show(points.computed), show(face.points),
        None if points.most is None else show(points.most),
        RULE.write(face.rule), inputs, derivation.formula, derivation.rounding,
        show(points.claimed), filed, _derivation(item, leaf, whose, filed, points.claimable).formula,
        tuple(AdjustmentNode(show(each.delta), each.reason, each.source) for each in approved),
        tuple(each for source in sources for each in grounds.sources.get(source, ())),
        round_node(grounds.rounds[leaf.id]) if leaf.id in grounds.rounds else None,
    )  # fmt: skip


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

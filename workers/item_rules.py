"""How a unit's sheet of one item is scored under a rubric, worked out once."""

from dataclasses import dataclass

from domain.columns import LeafScore, columns
from domain.item_scoring import ItemScorer
from domain.rubric.model import Item, Rubric
from domain.rubric.rules import Rule
from domain.scoring import compile_item
from domain.sheet import Sheet


@dataclass(frozen=True, slots=True)
class ItemRules:
    """How one unit's sheet of one item is scored; ``empty`` are its scores before anything is filed."""

    rubric: Rubric
    item: Item
    cohort: str
    scorer: ItemScorer
    departments: dict[str, str]
    rules: dict[str, Rule]
    empty: dict[str, LeafScore]


def compile_rules(rubric: Rubric, item: str, cohort: str) -> ItemRules:
    """The rules of one item for one cohort; raises KeyError for an unknown item or one that does not apply."""
    found = rubric.item(item)
    leaves = [leaf for leaf in found.leaves if cohort in leaf.faces]
    if not leaves:
        raise KeyError(item)
    departments = {leaf.id: leaf.department for leaf in leaves}
    rules = {leaf.id: leaf.faces[cohort].rule for leaf in leaves}
    scorer = compile_item(rubric, item, cohort)
    empty = columns(Sheet("", "", item), scorer, rules)
    return ItemRules(rubric, found, cohort, scorer, departments, rules, empty)

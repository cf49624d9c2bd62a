"""What makes registers of keys unsound: leaves that share one stand on one item, take keys, and count them alike."""

from collections import defaultdict
from collections.abc import Iterator

from domain.rubric.leaves import Leaf
from domain.rubric.model import Item, Rubric
from domain.rubric.refused import RubricRefused

COUNTS = frozenset({"once", "each"})
"""The answers by which a question is recognised that asks how often a key counts (Q12)."""


def key_problems(rubric: Rubric) -> Iterator[RubricRefused]:
    """Every problem of the registers that leaves name."""
    taken = {leaf.id for leaf in rubric.leaves}
    home: dict[str, str] = {}
    shared: dict[str, set[str]] = defaultdict(set)
    for group in rubric.groups:
        for item in group.items:
            for leaf in (each for each in item.leaves if each.register is not None):
                place = f"rubric.groups.{group.id}.items.{item.id}.leaves.{leaf.id}.register"
                yield from _named(leaf, place, taken)
                yield from _on_one_item(item, home.setdefault(leaf.key_register, item.id), place)
                shared[leaf.key_register].add(leaf.id)
    yield from _counted_alike(rubric, shared)


def _named(leaf: Leaf, place: str, taken: set[str]) -> Iterator[RubricRefused]:
    if not leaf.keyed:
        yield RubricRefused(place, "该小项没有登记号", "the leaf takes no keys")
    if leaf.register in taken:  # that leaf's own register, or this one's own twice said
        yield RubricRefused(place, "与小项编号相同", "is the id of a leaf")


def _on_one_item(item: Item, home: str, place: str) -> Iterator[RubricRefused]:
    """A unit's sheet says itself under which leaf a key stands already, and a joint claim is of one item's sheets."""
    if home != item.id:
        yield RubricRefused(place, f"第{home}项的小项已用此登记册", f"is the register of leaves of item {home}")


def _counted_alike(rubric: Rubric, shared: dict[str, set[str]]) -> Iterator[RubricRefused]:
    """A key of one register counts once or for each unit, on whichever of its leaves it stands."""
    for question in rubric.questions:
        if {option.id for option in question.options} != COUNTS:
            continue
        for register, leaves in shared.items():
            for left in sorted(leaves - {*question.leaves}) if leaves & {*question.leaves} else ():
                place = f"rubric.questions.{question.id}.leaves"
                yield RubricRefused(
                    place, f"缺少同一登记册{register}的{left}", f"{left} of the same register {register} is missing"
                )

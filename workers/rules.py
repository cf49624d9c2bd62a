"""The rules of each cycle, read from the record: which rubric, which units, how to score an item."""

from dataclasses import dataclass

import msgspec

from domain.cycle import Cycle, Unit
from domain.rubric.model import Item, Rubric
from domain.rubric.reading import read_text
from domain.rubric.rules import Rule
from domain.scoring import ItemScorer, compile_item
from events.codec import to_fact
from events.store import EventStore
from workers.projections.sums import Layout, layout

EmptyLeaf = tuple[str, str, str, int | None]  # item, leaf, department, the most it can earn


@dataclass(frozen=True, slots=True)
class ItemRules:
    """How one unit's sheet of one item is scored."""

    item: Item
    cohort: str
    scorer: ItemScorer
    departments: dict[str, str]
    rules: dict[str, Rule]


class UnknownRules(LookupError):
    """The record names a cycle, unit or item that it never made."""


class Rules:
    """Reads cycles and rubrics once and keeps them; a cycle is read again when a unit is missing from it."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._rubrics: dict[str, Rubric] = {}
        self._cycles: dict[str, Cycle] = {}
        self._items: dict[tuple[str, str, str], ItemRules] = {}
        self._layouts: dict[str, Layout] = {}
        self._leaves: dict[tuple[str, str], list[EmptyLeaf]] = {}

    def cycle(self, cycle: str, unit: str = "") -> Cycle:
        """The cycle as the record has it, new enough to know ``unit``."""
        known = self._cycles.get(cycle)
        if known is None or (unit and not known.ever(unit)):
            known = self._read(cycle)
            if not known.phase or (unit and not known.ever(unit)):
                raise UnknownRules(f"{cycle}/{unit}")
            self._cycles[cycle] = known
        return known

    def _read(self, cycle: str) -> Cycle:
        """The cycle up to the first event that cannot be read: there, projections park its stream."""
        known = Cycle(cycle)
        for event in self._store.read(f"cycle/{cycle}"):
            try:
                known = known.evolve(to_fact(event.envelope))
            except (ValueError, msgspec.MsgspecError):
                break
        return known

    def unit(self, cycle: str, unit: str) -> Unit:
        """The unit that is enrolled, or was at an earlier position; raises UnknownRules."""
        return _unit(self.cycle(cycle, unit), unit)

    def rubric(self, digest: str) -> Rubric:
        """The rubric of that identity; raises UnknownRules."""
        if digest not in self._rubrics:
            body = self._store.document(digest)
            if body is None:
                raise UnknownRules(digest)
            self._rubrics[digest] = read_text(body)
        return self._rubrics[digest]

    def rubric_of(self, cycle: str) -> Rubric:
        """The rubric of a cycle."""
        return self.rubric(self.cycle(cycle).hash)

    def layout_of(self, cycle: str) -> Layout:
        """Where the leaves of a cycle's rubric belong."""
        digest = self.cycle(cycle).hash
        if digest not in self._layouts:
            self._layouts[digest] = layout(self.rubric(digest))
        return self._layouts[digest]

    def leaves_of(self, cycle: str, cohort: str) -> list[EmptyLeaf]:
        """Every leaf of a cohort's sheet."""
        key = (self.cycle(cycle).hash, cohort)
        if key not in self._leaves:
            rubric = self.rubric_of(cycle)
            found = [compile_rules(rubric, item.id, cohort) for item in rubric.items if cohort in item.points]
            self._leaves[key] = [
                (each.item.id, leaf, each.departments[leaf], maximum)
                for each in found
                for leaf, maximum in each.scorer.maximum().items()
            ]
        return self._leaves[key]

    def item(self, cycle: str, unit: str, item: str) -> ItemRules:
        """How that sheet is scored; raises UnknownRules."""
        found = self.cycle(cycle, unit)
        cohort = _unit(found, unit).cohort
        key = (found.hash, item, cohort)
        if key not in self._items:
            try:
                self._items[key] = compile_rules(self.rubric(found.hash), item, cohort)
            except KeyError:
                raise UnknownRules(f"{cycle}/{unit}/{item}") from None
        return self._items[key]


def _unit(cycle: Cycle, unit: str) -> Unit:
    found = cycle.ever(unit)
    if found is None:
        raise UnknownRules(f"{cycle.id}/{unit}")
    return found


def compile_rules(rubric: Rubric, item: str, cohort: str) -> ItemRules:
    """The rules of one item for one cohort; raises KeyError for an unknown item or one that does not apply."""
    found = rubric.item(item)
    leaves = [leaf for leaf in found.leaves if cohort in leaf.faces]
    if not leaves:
        raise KeyError(item)
    departments = {leaf.id: leaf.department for leaf in leaves}
    rules = {leaf.id: leaf.faces[cohort].rule for leaf in leaves}
    return ItemRules(found, cohort, compile_item(rubric, item, cohort), departments, rules)

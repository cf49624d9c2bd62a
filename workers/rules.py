"""The rules of each cycle, read from the record: which rubric, which units, how to score an item."""

import msgspec

from domain.cycle import Cycle
from domain.cycle_contents import Unit
from domain.moments import Moment
from domain.rubric.model import Rubric
from domain.rubric.reading import read_text
from events.codec import to_fact
from events.store import EventStore
from workers.adoptions import Adoptions, followed
from workers.item_rules import ItemRules, compile_rules
from workers.projections.sums import Layout, layout

EmptyLeaf = tuple[str, str, str, int | None]  # item, leaf, department, the most it can earn


class UnknownRules(LookupError):
    """The record names a cycle, unit or item that it never made."""


class Rules:
    """Reads rubrics and cycles and keeps of them what the record never changes, so that nothing here is ever behind.

    That is: a rubric by its hash, a unit as it was enrolled, and the rubric in force at a position already given.
    """

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._rubrics: dict[str, Rubric] = {}
        self._units: dict[tuple[str, str], Unit] = {}
        self._adoptions: dict[str, Adoptions] = {}
        self._items: dict[tuple[str, str, str], ItemRules] = {}
        self._layouts: dict[str, Layout] = {}
        self._leaves: dict[tuple[str, str], list[EmptyLeaf]] = {}

    def unit(self, cycle: str, unit: str) -> Unit:
        """The unit that is enrolled, or was at an earlier position; raises UnknownRules."""
        if (cycle, unit) not in self._units:
            known = self._read(cycle)
            self._units.update({(cycle, each): of for each, of in {**known.withdrawn, **known.units}.items()})
            if known.ever(unit) is None:
                raise UnknownRules(f"{cycle}/{unit}")
        return self._units[cycle, unit]

    def _read(self, cycle: str) -> Cycle:
        """The cycle up to the first event that cannot be read: there, projections park its stream."""
        known = Cycle(cycle)
        for event in self._store.read(f"cycle/{cycle}"):
            try:
                known = known.evolve(to_fact(event.envelope))
            except (ValueError, msgspec.MsgspecError):
                break
        return known

    def rubric(self, digest: str) -> Rubric:
        """The rubric of that identity; raises UnknownRules."""
        if digest not in self._rubrics:
            body = self._store.document(digest)
            if body is None:
                raise UnknownRules(digest)
            self._rubrics[digest] = read_text(body)
        return self._rubrics[digest]

    def hash_at(self, cycle: str, moment: Moment) -> str:
        """The hash of the rubric a cycle stood under at a moment of the record; before it began, its first.

        Raises UnknownRules for a cycle that nobody created. What holds for the whole sheet (ranks, how the bonus
        counts) follows the cycle; a sheet follows its own stream.
        """
        known = self._adopted(cycle, moment)
        for position, holds, digest in reversed(known.steps):
            if moment.sees(position, holds):
                return digest
        digest = known.steps[0][2] if known.steps else self._read(cycle).hash
        if not digest:
            raise UnknownRules(cycle)
        return digest

    def adopted(self, cycle: str, moment: Moment) -> list[int]:
        """The positions at which a cycle went on under another rubric, as far as they stand at a moment."""
        steps = self._adopted(cycle, moment).steps[1:]
        return [position for position, holds, _ in steps if moment.sees(position, holds)]

    def _adopted(self, cycle: str, moment: Moment) -> Adoptions:
        known = self._adoptions.get(cycle, Adoptions())
        if known.upto < moment.position and known.whole:
            known = self._adoptions[cycle] = followed(self._store, cycle, known, self.rubric)
        return known

    def rubric_of(self, cycle: str) -> Rubric:
        """The rubric a cycle stands under now, asked anew each time; raises UnknownRules.

        For what is said of today: scores of a moment are under ``layout_at``, a sheet's under ``item``.
        """
        digest = self._read(cycle).hash
        if not digest:
            raise UnknownRules(cycle)
        return self.rubric(digest)

    def layout_at(self, cycle: str, moment: Moment) -> Layout:
        """The rubric a cycle stood under at a moment, and where its leaves belong."""
        digest = self.hash_at(cycle, moment)
        if digest not in self._layouts:
            self._layouts[digest] = layout(self.rubric(digest))
        return self._layouts[digest]

    def leaves_of(self, digest: str, cohort: str) -> list[EmptyLeaf]:
        """Every leaf of a cohort's sheet under the rubric of that hash."""
        key = (digest, cohort)
        if key not in self._leaves:
            rubric = self.rubric(digest)
            found = [compile_rules(rubric, item.id, cohort) for item in rubric.items if cohort in item.points]
            self._leaves[key] = [
                (each.item.id, leaf, each.departments[leaf], maximum)
                for each in found
                for leaf, maximum in each.scorer.maximum().items()
            ]
        return self._leaves[key]

    def item(self, cycle: str, unit: str, item: str, applied: str = "") -> ItemRules:
        """How that sheet is scored; raises UnknownRules.

        ``applied``: the rubric its own stream applied last; "" for none since the unit was enrolled.
        """
        enrolled = self.unit(cycle, unit)
        key = (applied or enrolled.rubric, item, enrolled.cohort)
        if key not in self._items:
            try:
                self._items[key] = compile_rules(self.rubric(key[0]), item, enrolled.cohort)
            except KeyError:
                raise UnknownRules(f"{cycle}/{unit}/{item}") from None
        return self._items[key]

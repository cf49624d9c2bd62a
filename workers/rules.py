"""The rules of each cycle, read from the record: which rubric, which units, how to score an item."""

from dataclasses import dataclass

import msgspec

from domain.columns import LeafScore, columns
from domain.cycle import Cycle
from domain.cycle_contents import Unit
from domain.facts import CycleCreated, RubricAdopted
from domain.item_scoring import ItemScorer
from domain.moments import Effects, Moment
from domain.rubric.model import Item, Rubric
from domain.rubric.reading import read_text
from domain.rubric.rules import Rule
from domain.scoring import compile_item
from domain.sheet import Sheet
from events.codec import to_fact
from events.entry import decode
from events.store import EventStore
from workers.projections.sums import Layout, layout

EmptyLeaf = tuple[str, str, str, int | None]  # item, leaf, department, the most it can earn

_LAST = "SELECT coalesce(max(first + count) - 1, 0) FROM (SELECT * FROM record.ledger ORDER BY first DESC LIMIT 1) AS l"
_NEWS = (
    "SELECT l.first + e.ordinal, e.entry FROM record.events e JOIN record.ledger l USING (commit_seq)"
    " WHERE e.stream = %s AND e.version > %s ORDER BY e.version"
)


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


class UnknownRules(LookupError):
    """The record names a cycle, unit or item that it never made."""


@dataclass(frozen=True, slots=True)
class Adoptions:
    """Which rubric a cycle stood under, as (position, moment it holds from, hash); complete up to ``upto``.

    ``whole``: no event of the cycle's stream is unreadable; behind one that is, projections follow it no further.
    """

    steps: tuple[tuple[int, str, str], ...] = ()
    version: int = 0
    upto: int = 0
    whole: bool = True


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
            known = self._adoptions[cycle] = self._followed(cycle, known)
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

    def _followed(self, cycle: str, known: Adoptions) -> Adoptions:
        """What the record says by now, from where ``known`` ends."""
        with self._store.connection() as connection:
            # The last position first: whatever is ordered between the two is then read again, never missed.
            row = connection.execute(_LAST, binary=True).fetchone()
            news = connection.execute(_NEWS, (f"cycle/{cycle}", known.version), binary=True).fetchall()
        steps, whole = list(known.steps), True
        for position, entry in news:
            try:
                event = decode(entry)
                fact = to_fact(event)
                if isinstance(fact, CycleCreated | RubricAdopted):
                    self.rubric(fact.hash)
                    steps.append((position, Effects().take(fact, event.time, event.effectivetime), fact.hash))
            except (ValueError, LookupError, msgspec.MsgspecError):
                whole = False
                break
        return Adoptions(tuple(steps), known.version + len(news), int(row[0]) if row else 0, whole)

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

"""A sheet as it stands: folded from its own stream, with the rules it is scored by and the year it stands in."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.acts.case import Case
from domain.columns import columns
from domain.cycle import Cycle
from domain.moments import Moment
from domain.refusals import Refused
from domain.sheet import Sheet
from events.codec import to_fact
from events.entry import Head
from events.store import Recorded
from service.auth import caller, hidden_unless
from service.office import office
from service.queries.people import everybody
from service.queries.standing import standing
from workers.item_rules import ItemRules
from workers.rules import UnknownRules


@dataclass(frozen=True, slots=True)
class Place:
    """Which sheet: cycle, unit and item."""

    cycle: str
    unit: str
    item: str

    @property
    def stream(self) -> str:
        """The sheet's stream."""
        return f"sheet/{self.cycle}/{self.unit}/{self.item}"


@dataclass(frozen=True, slots=True)
class Opened:
    """A sheet as it stands, with the rules it is scored by; ``ground``: its cycle's stream, and as of which version."""

    case: Case
    head: Head
    rules: ItemRules
    ground: tuple[str, int]

    @property
    def stream(self) -> str:
        """The sheet's stream."""
        return Place(self.case.sheet.cycle, self.case.sheet.unit, self.case.sheet.item).stream

    def room(self, leaf: str) -> tuple[int, int | None]:
        """A leaf's final points now and its bound in hundredths (None = no cap)."""
        self.case.leaf(leaf)
        score = columns(self.case.sheet, self.rules.scorer, self.rules.rules)[leaf]
        return score.final, score.maximum


def open_sheet(place: Place, moment: Moment | None = None) -> Opened:
    """The sheet folded from its own stream, never behind; refuses an unknown cycle, unit or item.

    ``moment``: as it stood then. To another unit's people a unit is as unknown as one that does not exist.
    """
    store = office().store
    # The sheet before the cycle: a unit that leaves writes on its sheets in the same commit, so whoever finds it
    # enrolled here has read its sheet as it was before, and cannot append to it any more.
    events = store.read(place.stream) if moment is None else standing(store, place.stream, moment)
    return fold_sheet(place, office().cycles.get(place.cycle), events)


def fold_sheet(place: Place, year: tuple[Cycle, Head], events: Sequence[Recorded]) -> Opened:
    """The sheet from the events of its stream, which were read before its ``year``; refuses as ``open_sheet``."""
    cycle, at = year
    hidden_unless("see-unit", "unknown-unit", place.unit, unit=place.unit)
    if not cycle.phase:
        raise Refused("unknown-cycle", place.cycle, place.cycle)
    cycle.unit(place.unit)
    sheet, head = Sheet(place.cycle, place.unit, place.item), Head()
    for event in events:
        sheet.evolve(to_fact(event.envelope), event.envelope.actor, event.envelope.id)
        head = Head(event.version, event.leaf)
    try:
        rules = office().rules.item(place.cycle, place.unit, place.item, sheet.rubric)
    except UnknownRules:
        raise Refused("unknown-item", place.item, place.item) from None
    case = Case(sheet, cycle, rules.item, rules.cohort, caller(), office().now(), everybody)
    return Opened(case, head, rules, (f"cycle/{cycle.id}", at.version))

"""Acts on a sheet: load it as it stands, decide, append with the version that was seen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import g

from domain import facts
from domain.acts.case import Case, Decided
from domain.columns import columns
from domain.cycle import Cycle
from domain.moments import Moment
from domain.refusals import Kind, Refused
from domain.sheet import Sheet
from domain.year import effective as holds_from
from events.codec import to_fact
from events.conflicts import WrongVersion
from events.entry import Actor, Head
from events.store import Append, Commit, Recorded, Within
from service.auth import caller, hidden_unless
from service.commands.commit import answered, append, current, to, trace
from service.office import office
from service.problems import Problem
from service.queries.people import everybody
from service.queries.standing import standing
from workers.item_rules import ItemRules
from workers.rules import UnknownRules

_TRIES = 5


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


Decide = Callable[[Opened], Decided]
Beside = Callable[[Sheet, Sequence[facts.Fact]], list[Append]]


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


def act(
    place: Place,
    name: str,
    decide: Decide,
    *,
    beside: Beside | None = None,
    before: Callable[[], None] | None = None,
    within: Within | None = None,
    effective: datetime | None = None,
) -> Commit:
    """Decides and commits. With If-Match a moved sheet is refused; else, whatever moved, the act is decided anew.

    ``beside``: what the facts mean for other streams. ``before``: what must stand when the event does, done only
    once nothing is left to refuse. ``within`` writes what they only name, in the same transaction.
    ``effective``: when what the facts say became true in the world, where somebody says so.
    """
    earlier = answered()
    if earlier is not None:
        return earlier
    for _ in range(_TRIES):
        opened = open_sheet(place)
        decided, holds, more = _decided(opened, name, decide, beside, effective)
        if before:
            before()
        by = Actor(opened.case.person.id, decided.grant.role, decided.grant.scope)
        try:
            own = to(place.stream, opened.head, decided.facts, holds, ground=opened.ground)
            return append(by, own, *more, within=within)
        except WrongVersion:
            continue  # this sheet, which ``current`` tells, or another one that the act is about, or the year
    raise Problem(412)


def _decided(
    opened: Opened, name: str, decide: Decide, beside: Beside | None, effective: datetime | None
) -> tuple[Decided, str | None, list[Append]]:
    """What is decided on the sheet as it stands, since when it holds, and what it means for other streams."""
    expected, nobody = g.get("expected_version"), Actor(opened.case.person.id)
    try:
        decided = decide(opened)
        holds = decided.effective or holds_from(opened.case.cycle, effective, opened.case.now)
        current(expected, opened.head, nobody, name, opened.stream)
        more = beside(opened.case.sheet, decided.facts) if beside else []
    except Refused as refused:
        # Who may not act here learns nothing of the sheet's version; who may, that he looked at an older one.
        if refused.reason.kind is not Kind.FORBIDDEN:
            current(expected, opened.head, nobody, name, opened.stream)
        trace(refused, nobody, name, opened.stream)
        raise
    return decided, holds, more

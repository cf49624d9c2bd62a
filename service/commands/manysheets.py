"""Many sheets of one cycle as they stand, read in one round trip: what an import compares with and files on."""

from collections.abc import Iterable

from domain.acts.case import Case, Decided
from domain.refusals import Refused
from events.entry import Actor
from events.store import Append
from service.auth import caller
from service.commands.commit import to
from service.commands.opened import Opened, Place, fold_sheet
from service.office import office


class ManySheets:
    """The sheets of (unit, item) places; one that may not be looked at is refused as ``open_sheet`` refuses it."""

    def __init__(self, cycle: str, places: Iterable[tuple[str, str]]) -> None:
        self._places = {each: Place(cycle, *each) for each in dict.fromkeys(places)}
        self._events = office().store.read_all([place.stream for place in self._places.values()])
        self._year = office().cycles.get(cycle)  # after the sheets, as ``open_sheet`` reads them
        self._opened: dict[tuple[str, str], Opened] = {}
        self._refused: dict[tuple[str, str], Refused] = {}

    def opened(self, unit: str, item: str) -> Opened:
        """One of the sheets; raises Refused for an unknown or hidden unit, and for an unknown item."""
        key = (unit, item)
        if key in self._refused:
            raise self._refused[key]
        if key not in self._opened:
            try:
                place = self._places[key]
                self._opened[key] = fold_sheet(place, self._year, self._events.get(place.stream, []))
            except Refused as refused:
                self._refused[key] = refused
                raise
        return self._opened[key]

    def case(self, unit: str, item: str) -> Case:
        """The sheet with what its acts look at."""
        return self.opened(unit, item).case

    @property
    def versions(self) -> dict[str, int]:
        """Where the streams of the sheets that were opened stand."""
        return {self._places[key].stream: opened.head.version for key, opened in sorted(self._opened.items())}

    def item_of(self, unit: str, leaf: str) -> str:
        """The item of a leaf that was looked at."""
        return next(item for of, item in self._opened if of == unit and leaf in self.case(of, item).leaves)

    def append(self, unit: str, item: str, decided: Decided, effective: str | None = None) -> Append:
        """What was decided on a sheet, under the grant it was decided by; ``effective``: when it holds from."""
        by = Actor(caller().id, decided.grant.role, decided.grant.scope)
        opened = self.opened(unit, item)
        return to(opened.stream, opened.head, decided.facts, effective, by, opened.ground)

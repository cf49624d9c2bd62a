"""What a run of events changed, from the fold that noted it to the tables it is written to."""

from dataclasses import dataclass, field

from workers.tracked import HistoryRow, Tracked


@dataclass(slots=True)
class Changes:
    """What a run of events changed.

    ``enrolled``: (cycle, unit) -> position; ``withdrawn``: those enrolled no longer. ``adopted``: cycles that went on
    under another rubric. ``history``: one row a leaf whose points moved.
    """

    sheets: dict[str, Tracked] = field(default_factory=dict)
    enrolled: dict[tuple[str, str], int] = field(default_factory=dict)
    withdrawn: set[tuple[str, str]] = field(default_factory=set)
    adopted: set[str] = field(default_factory=set)
    history: list[HistoryRow] = field(default_factory=list)
    parked: dict[str, tuple[int, str]] = field(default_factory=dict)
    events: int = 0
    # What sheets remember this run by: a sheet that named the run itself would keep all of it in memory.
    mark: object = field(default_factory=object)

    @property
    def units(self) -> set[tuple[str, str]]:
        """The (cycle, unit) whose leaves changed, or which were enrolled."""
        scored = {(each.sheet.cycle, each.sheet.unit) for each in self.sheets.values() if each.changed}
        return scored | self.enrolled.keys()

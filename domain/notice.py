"""The public notice (公示) of a cycle: which results everybody may read, and since when objections are taken."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from domain import facts, results
from domain.cycle import Cycle
from domain.cycle_contents import Publication
from domain.refusals import Refused
from domain.results import Table


@dataclass(frozen=True, slots=True)
class Dates:
    """When results were published, by number, and when the notice began and ended, by epoch (RFC 3339 UTC)."""

    id: str
    epoch: int = 1
    published: Mapping[int, str] = field(default_factory=dict)
    began: Mapping[int, str] = field(default_factory=dict)
    ended: Mapping[int, str] = field(default_factory=dict)

    def evolve(self, fact: facts.Fact, time: str) -> "Dates":
        """These dates after ``fact``, recorded at ``time``."""
        match fact:
            case facts.ResultsPublished() | facts.CycleFinalised():
                return replace(self, published={**self.published, fact.publication: time})
            case facts.CycleReopened():
                return replace(self, epoch=fact.epoch)
            case facts.PhaseAdvanced(after="notice"):
                return replace(self, began={**self.began, self.epoch: time})
            case facts.PhaseAdvanced(before="notice"):
                return replace(self, ended={**self.ended, self.epoch: time})
        return self


def noticed(cycle: Cycle) -> tuple[Publication, ...]:
    """The publications that are open to everybody, oldest first: from the phase "notice" on, and those before."""
    return tuple(each for _, each in sorted(cycle.publications.items()) if results.open_to_units(cycle, each))


def find(cycle: Cycle, number: int | None = None) -> Publication:
    """The publication of that number, or the newest; one that is not open is as unknown as none."""
    found = {each.proposal.publication: each for each in noticed(cycle)}
    wanted = max(found, default=0) if number is None else number
    if wanted not in found:
        raise Refused("unknown-publication", str(number or ""), str(number or ""))
    return found[wanted]


def takes_objections(cycle: Cycle, found: Publication) -> bool:
    """Whether the publication is the one that is laid open for objections, now or in this epoch before."""
    return standing(cycle) is found


def standing(cycle: Cycle) -> Publication | None:
    """The provisional results that were published last in this epoch; None once there are final ones, too."""
    newest = max((number for number, each in cycle.publications.items() if each.confirmed), default=0)
    found = cycle.publications.get(newest)
    return found if found and (found.epoch, found.proposal.stage) == (cycle.epoch, "provisional") else None


def moved(published: Table, now: Table) -> int:
    """How many units' results are no longer those published."""
    return len({each["unit"] for each in results.differences(published, now)})


def up_to_date(published: Table, now: Table) -> None:
    """Refuses to lay results open that are no longer those of the record."""
    if units := moved(published, now):
        raise Refused("results-moved", f"{units}个单位", f"units: {units}")


def ends(cycle: Cycle, dates: Dates) -> str:
    """The last moment for objections of this epoch: that of the calendar, or the earlier one at which it was ended."""
    last = cycle.calendar["notice"]
    return min(last, dates.ended.get(cycle.epoch, last))


def is_open(cycle: Cycle, moment: str) -> bool:
    """Whether objections are taken at ``moment`` (RFC 3339 UTC, as the calendar is written)."""
    return cycle.phase == "notice" and moment <= cycle.calendar["notice"]

"""A cycle: its rubric, its calendar, its units, its phase; folded from ``cycle/{id}``."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from domain import facts
from domain.cycle_contents import (
    Change,
    Extension,
    Marking,
    Objection,
    Publication,
    Reopening,
    Unit,
    decided,
    marked,
    objected,
    resulted,
)
from domain.refusals import Refused
from domain.rubric.texts import Text

UNTITLED = Text("", "")


@dataclass(frozen=True, slots=True)
class Cycle:
    """One cycle as of now; ``hash`` is the rubric in force.

    ``calendar``: phase -> its last moment (RFC 3339 UTC); ``publications`` by number. ``targets``: (unit, leaf) ->
    every target issued, the one in force last. ``waivers``: (person, unit, department). ``rubric_changes`` and
    ``target_changes``: what was proposed for the year under way, by id.
    ``begins``: from when on something may be effective in it (RFC 3339 UTC; "" where nobody said).
    ``markings`` by id; ``marking`` is the rule of double marking in force.
    ``withdrawn``: units whose enrolment was taken back, also those that came again since.
    """

    id: str
    phase: str = ""
    title: Text = UNTITLED
    rubric: str = ""
    hash: str = ""
    calendar: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, Unit] = field(default_factory=dict)
    publications: Mapping[int, Publication] = field(default_factory=dict)
    epoch: int = 1
    objections: Mapping[str, Objection] = field(default_factory=dict)
    targets: Mapping[tuple[str, str], tuple[facts.TargetIssued, ...]] = field(default_factory=dict)
    extensions: Mapping[str, Extension] = field(default_factory=dict)
    reopening: Reopening | None = None
    waivers: frozenset[tuple[str, str, str]] = frozenset()
    begins: str = ""
    markings: Mapping[str, Marking] = field(default_factory=dict)
    marking: Marking | None = None
    withdrawn: Mapping[str, Unit] = field(default_factory=dict)
    rubric_changes: Mapping[str, Change[facts.RubricChangeProposed]] = field(default_factory=dict)
    target_changes: Mapping[str, Change[facts.TargetChangeProposed]] = field(default_factory=dict)

    def evolve(self, fact: facts.Fact, by: str = "") -> "Cycle":
        """This cycle after ``fact`` of person ``by``; facts of other streams change nothing."""
        match fact:
            case facts.CycleCreated():
                title, calendar = Text(fact.title_zh, fact.title_en), fact.calendar
                return replace(self, phase="draft", title=title, rubric=fact.rubric, hash=fact.hash, calendar=calendar)
            case facts.UnitEnrolled():
                # Who comes back has sheets already, which began under the rubric of his first enrolment.
                before = self.withdrawn.get(fact.unit)
                began = before.rubric if before else self.hash
                unit = Unit(fact.unit, fact.cohort, fact.name_zh, fact.name_en, began)
                return replace(self, units={**self.units, fact.unit: unit})
            case facts.UnitWithdrawn() if fact.unit in self.units:
                left = {unit: of for unit, of in self.units.items() if unit != fact.unit}
                return replace(self, units=left, withdrawn={**self.withdrawn, fact.unit: self.units[fact.unit]})
            case facts.WaiverSigned():
                return replace(self, waivers=self.waivers | {(fact.person, fact.unit, fact.department)})
        return self._timed(fact, by)

    def _timed(self, fact: facts.Fact, by: str) -> "Cycle":
        """This cycle after its phase or a deadline moved, or somebody proposed that one should."""
        match fact:
            case facts.PeriodBegun():
                return replace(self, begins=fact.moment)
            case facts.PhaseAdvanced():
                return replace(self, phase=fact.after, reopening=None)
            case facts.ReopeningProposed():
                return replace(self, reopening=Reopening(fact, by))
            case facts.CycleReopened():
                calendar = {**self.calendar, **fact.calendar}
                return replace(self, phase="review", epoch=fact.epoch, calendar=calendar, reopening=None)
            case facts.DeadlineMoved():
                return replace(self, calendar={**self.calendar, fact.phase: fact.after})
            case facts.ExtensionProposed():
                return replace(self, extensions={**self.extensions, fact.extension: Extension(fact, by)})
            case facts.ExtensionGranted() if fact.extension in self.extensions:
                granted = replace(self.extensions[fact.extension], granted=True)
                return replace(self, extensions={**self.extensions, fact.extension: granted})
        return self._changing(fact, by)

    def _changing(self, fact: facts.Fact, by: str) -> "Cycle":
        """This cycle after a rubric, target, rule of marking or results were proposed or decided, or objected to."""
        match fact:
            case facts.RubricChangeProposed():
                return replace(self, rubric_changes={**self.rubric_changes, fact.change: Change(fact, by)})
            case facts.RubricAdopted():
                return replace(self, rubric_changes=decided(self.rubric_changes, fact, by), hash=fact.hash)
            case facts.RubricChangeWithdrawn():
                return replace(self, rubric_changes=decided(self.rubric_changes, fact, by))
            case facts.TargetChangeProposed():
                return replace(self, target_changes={**self.target_changes, fact.change: Change(fact, by)})
            case facts.TargetChangeConfirmed() | facts.TargetChangeWithdrawn():
                return replace(self, target_changes=decided(self.target_changes, fact, by))
            case facts.TargetIssued():
                key = (fact.unit, fact.leaf)
                return replace(self, targets={**self.targets, key: (*self.targets.get(key, ()), fact)})
            case facts.MarkingProposed() | facts.MarkingSet() | facts.MarkingRevealed():
                markings, marking = marked(self.markings, self.marking, fact, by)
                return replace(self, markings=markings, marking=marking)
            case facts.ResultsProposed() | facts.ResultsPublished() | facts.CycleFinalised():
                return replace(self, publications=resulted(self.publications, fact, self.epoch, by))
            case facts.ObjectionFiled() | facts.ObjectionAnswered():
                return replace(self, objections=objected(self.objections, fact, by))
        return self

    def published(self, stage: str) -> bool:
        """Whether results of that stage were published in this epoch."""
        return any(
            each.confirmed and (each.proposal.stage, each.epoch) == (stage, self.epoch)
            for each in self.publications.values()
        )

    def disputed(self, objection: Objection) -> bool:
        """Whether an objection is to results of this epoch."""
        found = self.publications.get(objection.fact.publication)
        return found is not None and found.epoch == self.epoch

    def unit(self, unit: str) -> Unit:
        """The enrolled unit; refuses an unknown one."""
        if unit not in self.units:
            raise Refused("unknown-unit", unit, unit)
        return self.units[unit]

    def ever(self, unit: str) -> Unit | None:
        """The unit as it is enrolled, or as it was before its enrolment was taken back."""
        return self.units.get(unit) or self.withdrawn.get(unit)


def known(cycle: Cycle) -> None:
    """Refuses a cycle that nobody created."""
    if not cycle.phase:
        raise Refused("unknown-cycle")

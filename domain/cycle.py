"""A cycle: its rubric, its calendar, its units, its phase; folded from ``cycle/{id}``."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain import facts, spelling
from domain.refusals import Refused

PHASES = ("draft", "open", "closed", "review", "provisional", "notice", "appeal", "final", "archived")
# The phases that must end at a time; a draft ends when the year opens, and a final result stays.
TIMED = PHASES[1:7]

# In which phases each sort of act on a sheet may happen.
ALLOWED = {
    "file": frozenset({"open"}),
    "correct": frozenset({"open", "closed", "review"}),  # a unit answers what was returned to it
    "review": frozenset({"open", "closed", "review"}),
    "approve": frozenset({"open", "closed", "review", "provisional", "appeal"}),
    "object": frozenset({"notice"}),
    "appeal": frozenset({"notice", "appeal"}),
    "decide-appeal": frozenset({"appeal"}),
}
# The stage whose results must be published before a phase begins.
PUBLISHED_BEFORE = {"provisional": "provisional", "final": "final"}


@dataclass(frozen=True, slots=True)
class Unit:
    """An enrolled unit; ``rubric`` is the hash that was in force when it was enrolled."""

    id: str
    cohort: str
    name_zh: str
    name_en: str
    rubric: str = ""


@dataclass(frozen=True, slots=True)
class Publication:
    """Results that one person proposed and, once ``confirmed``, another published."""

    proposal: facts.ResultsProposed
    epoch: int
    proposed_by: str
    position: int
    confirmed: bool = False
    confirmed_by: str = ""


@dataclass(frozen=True, slots=True)
class Objection:
    """What a unit objected to during the public notice, and who wrote it."""

    fact: facts.ObjectionFiled
    by: str


@dataclass(frozen=True, slots=True)
class Extension:
    """More time for one unit in one phase; it counts once a second person has granted it."""

    fact: facts.ExtensionProposed
    by: str
    granted: bool = False


@dataclass(frozen=True, slots=True)
class Reopening:
    """A proposal to open final results again, and who made it."""

    fact: facts.ReopeningProposed
    by: str


@dataclass(frozen=True, slots=True)
class Marking:
    """A rule of double marking: proposed, set by a second person (``fact``), its seed revealed when it is over."""

    proposal: facts.MarkingProposed
    by: str
    fact: facts.MarkingSet | None = None
    revealed: str = ""


@dataclass(frozen=True, slots=True)
class RubricChange:
    """A proposal to go on under another rubric; ``decider`` makes it "adopted", "withdrawn" or "declined"."""

    fact: facts.RubricChangeProposed
    by: str
    state: str = "proposed"
    decider: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Cycle:
    """One cycle as of now; ``hash`` is the rubric in force.

    ``calendar``: phase -> its last moment (RFC 3339 UTC); ``publications`` by number. ``targets``: (unit, leaf) ->
    every target issued, the one in force last. ``waivers``: (person, unit, department). ``changes`` of the rubric.
    ``begins``: from when on something may be effective in it (RFC 3339 UTC; "" where nobody said).
    ``markings`` by id; ``marking`` is the rule of double marking in force.
    ``withdrawn``: units whose enrolment was taken back before the year opened.
    """

    id: str
    phase: str = ""
    title: str = ""
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
    changes: Mapping[str, RubricChange] = field(default_factory=dict)

    def evolve(self, fact: facts.Fact, by: str = "") -> "Cycle":
        """This cycle after ``fact`` of person ``by``; facts of other streams change nothing."""
        match fact:
            case facts.CycleCreated():
                return replace(
                    self,
                    phase="draft",
                    title=fact.title,
                    rubric=fact.rubric,
                    hash=fact.hash,
                    calendar=fact.calendar,
                )
            case facts.UnitEnrolled():
                unit = Unit(fact.unit, fact.cohort, fact.name_zh, fact.name_en, self.hash)
                return replace(self, units={**self.units, fact.unit: unit})
            case facts.UnitWithdrawn() if fact.unit in self.units:
                left = {unit: of for unit, of in self.units.items() if unit != fact.unit}
                return replace(self, units=left, withdrawn={**self.withdrawn, fact.unit: self.units[fact.unit]})
            case facts.PhaseAdvanced():
                return replace(self, phase=fact.after, reopening=None)
            case facts.CycleReopened():
                calendar = {**self.calendar, **fact.calendar}
                return replace(self, phase="review", epoch=fact.epoch, calendar=calendar, reopening=None)
            case facts.DeadlineMoved():
                return replace(self, calendar={**self.calendar, fact.phase: fact.after})
            case facts.RubricChangeProposed() | facts.RubricChangeWithdrawn():
                return self._changing(fact, by)
            case facts.RubricAdopted():
                return replace(self._changing(fact, by), hash=fact.hash)
        return self._said(fact, by)

    def _changing(
        self, fact: facts.RubricChangeProposed | facts.RubricAdopted | facts.RubricChangeWithdrawn, by: str
    ) -> "Cycle":
        """This cycle after a change of its rubric was proposed or decided."""
        if isinstance(fact, facts.RubricChangeProposed):
            return replace(self, changes={**self.changes, fact.change: RubricChange(fact, by)})
        found = self.changes.get(fact.change)
        if found is None:
            return self
        state = "adopted" if isinstance(fact, facts.RubricAdopted) else "withdrawn" if by == found.by else "declined"
        decided = replace(found, state=state, decider=by, reason=fact.reason)
        return replace(self, changes={**self.changes, fact.change: decided})

    def _said(self, fact: facts.Fact, by: str) -> "Cycle":
        """This cycle after what was proposed, decided, objected or issued in it."""
        match fact:
            case facts.ExtensionProposed():
                return replace(self, extensions={**self.extensions, fact.extension: Extension(fact, by)})
            case facts.ExtensionGranted() if fact.extension in self.extensions:
                granted = replace(self.extensions[fact.extension], granted=True)
                return replace(self, extensions={**self.extensions, fact.extension: granted})
            case facts.PeriodBegun():
                return replace(self, begins=fact.moment)
            case facts.WaiverSigned():
                return replace(self, waivers=self.waivers | {(fact.person, fact.unit, fact.department)})
            case facts.ReopeningProposed():
                return replace(self, reopening=Reopening(fact, by))
            case facts.ResultsProposed():
                return self._with(Publication(fact, self.epoch, by, fact.position))
            case facts.ResultsPublished() | facts.CycleFinalised() if fact.publication in self.publications:
                found = self.publications[fact.publication]
                return self._with(replace(found, confirmed=True, confirmed_by=by, position=fact.position))
            case facts.TargetIssued():
                key = (fact.unit, fact.leaf)
                return replace(self, targets={**self.targets, key: (*self.targets.get(key, ()), fact)})
            case facts.ObjectionFiled():
                return replace(self, objections={**self.objections, fact.objection: Objection(fact, by)})
        return self._marked(fact, by)

    def _marked(self, fact: facts.Fact, by: str) -> "Cycle":
        """This cycle after a rule of double marking was proposed, set in place of the one before, or revealed."""
        if isinstance(fact, facts.MarkingProposed):
            return replace(self, markings={**self.markings, fact.marking: Marking(fact, by)})
        if not isinstance(fact, facts.MarkingSet | facts.MarkingRevealed) or fact.marking not in self.markings:
            return self
        found = self.markings[fact.marking]
        if isinstance(fact, facts.MarkingSet):
            after = replace(found, fact=fact)
            return replace(self, markings={**self.markings, fact.marking: after}, marking=after)
        after = replace(found, revealed=fact.seed)
        # A seed that everybody knows draws nothing.
        now = None if self.marking is found else self.marking
        return replace(self, markings={**self.markings, fact.marking: after}, marking=now)

    def _with(self, found: Publication) -> "Cycle":
        return replace(self, publications={**self.publications, found.proposal.publication: found})

    def published(self, stage: str) -> bool:
        """Whether results of that stage were published in this epoch."""
        return any(
            each.confirmed and (each.proposal.stage, each.epoch) == (stage, self.epoch)
            for each in self.publications.values()
        )

    def unit(self, unit: str) -> Unit:
        """The enrolled unit; refuses an unknown one."""
        if unit not in self.units:
            raise Refused("unknown-unit", unit, unit)
        return self.units[unit]

    def ever(self, unit: str) -> Unit | None:
        """The unit as it is enrolled, or as it was before its enrolment was taken back."""
        return self.units.get(unit) or self.withdrawn.get(unit)

    def allows(self, act: str, now: datetime, unit: str = "") -> None:
        """Refuses ``act`` (a key of ALLOWED) on a unit's sheet outside its phases or after their last moment.

        The last moment is the unit's own where it was granted more time. Once the final results are published
        nothing moves them any more.
        """
        if not self.published("final") and self._extended(act, now, unit):
            return
        if self.phase not in ALLOWED[act] or self.published("final"):
            raise Refused("wrong-phase", self.phase, self.phase)
        last = self.calendar.get(self.phase)
        if last is not None and now > datetime.fromisoformat(last):
            raise Refused("too-late", last, last)

    def _extended(self, act: str, now: datetime, unit: str) -> bool:
        """Whether the unit has more time for ``act``: also behind the phase, never past the results it leads to."""
        return any(
            each.granted
            and each.fact.unit == unit
            and each.fact.phase in ALLOWED[act]
            and _same_half(each.fact.phase, self.phase)
            and now <= datetime.fromisoformat(each.fact.moment)
            for each in self.extensions.values()
        )


def create(
    cycle: Cycle, title: str, rubric: str, digest: str, calendar: Mapping[str, str], begins: datetime | None = None
) -> list[facts.Fact]:
    """A new cycle in phase "draft". The calendar gives every timed phase a last moment; they never fall.

    ``begins``: when the assessed period begins, not after its first last moment.
    """
    spelling.identifier(cycle.id, "cycle")
    if cycle.phase:
        raise Refused("already-exists")
    for phase in TIMED:
        if phase not in calendar:
            raise Refused("bad-calendar", f"缺少 {phase}", f"{phase} is missing", place=f"calendar.{phase}")
    ordered = in_order(calendar)
    if begins is None:
        return [facts.CycleCreated(title, rubric, digest, ordered)]
    if begins > datetime.fromisoformat(ordered["open"]):
        raise Refused("bad-calendar", place="begins")
    return [facts.CycleCreated(title, rubric, digest, ordered), facts.PeriodBegun(spelling.written(begins))]


def effective(cycle: Cycle, moment: datetime | None, now: datetime) -> str | None:
    """When an act holds from, as it is recorded: never after ``now``, never before the period that is assessed."""
    if moment is None:
        return None
    written = spelling.written(moment)
    if moment > now or written < cycle.begins:
        raise Refused("bad-effective", cycle.begins, cycle.begins, place="effective")
    return written


def enroll(cycle: Cycle, unit: Unit, cohorts: frozenset[str]) -> list[facts.Fact]:
    """Adds a unit, before the year is closed."""
    known(cycle)
    spelling.identifier(unit.id, "unit")
    if unit.id in cycle.units:
        raise Refused("already-exists")
    before = cycle.withdrawn.get(unit.id)
    # What was read of it at a position must not change: neither its cohort nor the rubric its sheets begin under.
    if before is not None and (before.cohort, before.rubric) != (unit.cohort, cycle.hash):
        raise Refused("enrolled-otherwise", before.cohort, before.cohort)
    if unit.cohort not in cohorts:
        raise Refused("bad-cohort", unit.cohort, unit.cohort)
    if cycle.phase not in {"draft", "open"}:
        raise Refused("wrong-phase", cycle.phase, cycle.phase)
    return [facts.UnitEnrolled(unit.id, unit.cohort, unit.name_zh, unit.name_en)]


def withdraw(cycle: Cycle, unit: str, reason: str, *, filed: bool) -> list[facts.Fact]:
    """Takes an enrolment back before the year opens, while nothing was done for the unit; ``filed``: on its sheets.

    In a draft nobody can file, so no act can meet this one half-way; afterwards a unit stays.
    """
    known(cycle)
    spelling.reason(reason)
    cycle.unit(unit)
    if cycle.phase != "draft":
        raise Refused("wrong-phase", cycle.phase, cycle.phase)
    named = {of for of, _ in cycle.targets} | {each.fact.unit for each in cycle.extensions.values()}
    if filed or unit in named | {of for _, of, _ in cycle.waivers}:
        raise Refused("unit-in-use", unit, unit)
    return [facts.UnitWithdrawn(unit, reason)]


def advance(cycle: Cycle, after: str, reason: str) -> list[facts.Fact]:
    """Goes to the next phase; none may be left out, and none begins before the results it needs are published."""
    known(cycle)
    following = PHASES.index(cycle.phase) + 1
    if following >= len(PHASES) or PHASES[following] != after:
        raise Refused("phase-order", f"{cycle.phase} → {after}", f"{cycle.phase} → {after}")
    stage = PUBLISHED_BEFORE.get(after)
    if stage and not cycle.published(stage):
        raise Refused("not-published", stage, stage)
    return [facts.PhaseAdvanced(cycle.phase, after, reason)]


def move_deadline(cycle: Cycle, phase: str, after: str, reason: str) -> list[facts.Fact]:
    """Moves the last moment of a phase that is not over, with a reason; the calendar must stay in order."""
    known(cycle)
    spelling.reason(reason)
    calendar = in_order({**cycle.calendar, phase: after})
    if PHASES.index(phase) < PHASES.index(cycle.phase):
        raise Refused("wrong-phase", cycle.phase, cycle.phase)
    return [facts.DeadlineMoved(phase, cycle.calendar.get(phase, ""), calendar[phase], reason)]


def _same_half(begun: str, phase: str) -> bool:
    """Whether ``phase`` is ``begun`` or follows it with no publication of results between."""
    first, now, results = PHASES.index(begun), PHASES.index(phase), PHASES.index("provisional")
    return first <= now and not first < results <= now


def in_order(calendar: Mapping[str, str]) -> dict[str, str]:
    """The calendar in the order of the year, every moment in UTC; refuses strange phases and moments that fall."""
    for phase in calendar:
        if phase not in PHASES:
            raise Refused("bad-calendar", phase, phase, place=f"calendar.{phase}")
    moments = {phase: spelling.moment(calendar[phase], f"calendar.{phase}") for phase in PHASES if phase in calendar}
    if list(moments.values()) != sorted(moments.values()):
        raise Refused("bad-calendar", place="calendar")
    return {phase: spelling.written(moment) for phase, moment in moments.items()}


def known(cycle: Cycle) -> None:
    """Refuses a cycle that nobody created."""
    if not cycle.phase:
        raise Refused("unknown-cycle")

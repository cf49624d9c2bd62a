"""The year: units, phases, deadlines and exceptions to them; ``cycle/{id}``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CycleCreated:
    """A year of assessment under one rubric; ``calendar`` gives the last moment of each phase (UTC)."""

    title_zh: str
    title_en: str
    rubric: str
    hash: str
    calendar: dict[str, str]


@dataclass(frozen=True, slots=True)
class PeriodBegun:
    """The period that is assessed begins at ``moment`` (UTC); nothing is effective before it."""

    moment: str


@dataclass(frozen=True, slots=True)
class UnitEnrolled:
    """A unit takes part, in a cohort."""

    unit: str
    cohort: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class UnitWithdrawn:
    """An enrolment is taken back while nothing was done for the unit."""

    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class PhaseAdvanced:
    """The cycle goes from one phase to the next."""

    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class DeadlineMoved:
    """The last moment of a phase moves, with a reason."""

    phase: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class ExtensionProposed:
    """An administrator proposes that one unit gets until ``moment`` (UTC) for what a phase allows."""

    extension: str
    unit: str
    phase: str
    moment: str
    reason: str


@dataclass(frozen=True, slots=True)
class ExtensionGranted:
    """A second administrator grants it; the unit's own last moment of the phase from here."""

    extension: str
    unit: str
    phase: str
    moment: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReopeningProposed:
    """An administrator proposes to open final results again; ``calendar``: new last moments, review to appeal (UTC)."""

    reopening: str
    calendar: dict[str, str]
    reason: str


@dataclass(frozen=True, slots=True)
class CycleReopened:
    """A second administrator reopens the cycle: back to the review in a new epoch; what was published stays."""

    reopening: str
    epoch: int
    calendar: dict[str, str]
    reason: str


@dataclass(frozen=True, slots=True)
class WaiverSigned:
    """Somebody outside the department lets its only reviewer act on a unit in spite of his declared conflict."""

    person: str
    unit: str
    department: str
    reason: str

"""What happens to figures, evidence and judgements on a sheet; ``sheet/{cycle}/{unit}/{item}``."""

from dataclasses import dataclass, field

from domain.facts.figures import Figures


@dataclass(frozen=True, slots=True)
class FiguresSubmitted:
    """A unit files figures for leaves of the item; they replace what it filed before for those leaves."""

    submission: str
    figures: dict[str, Figures]


@dataclass(frozen=True, slots=True)
class SubmissionWithdrawn:
    """A unit takes a submission back; the one before it is in force again."""

    submission: str
    reason: str


@dataclass(frozen=True, slots=True)
class EvidenceAttached:
    """A file that supports a leaf: digest and size of its bytes, sniffed media type, committed file name.

    ``supersedes`` names the returned evidence it answers, if it answers any.
    """

    evidence: str
    leaf: str
    digest: str
    media_type: str
    size: int
    name: str
    supersedes: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceWithdrawn:
    """A unit takes evidence back; the file and this fact stay."""

    evidence: str
    reason: str


@dataclass(frozen=True, slots=True)
class EvidenceReviewed:
    """A reviewer's outcome on a file: accepted, returned or rejected."""

    evidence: str
    leaf: str
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class FiguresVerified:
    """Figures a reviewer stands for: as filed, or corrected with a reason."""

    leaf: str
    submission: str
    figures: Figures
    corrected: bool
    reason: str


@dataclass(frozen=True, slots=True)
class LeafJudged:
    """Points a reviewer gives on a judged leaf; ``alone``: on one that does not apply and whose points nobody takes."""

    leaf: str
    points: str
    reason: str
    alone: bool = False


@dataclass(frozen=True, slots=True)
class NotApplicableConfirmed:
    """The responsible department confirms that a leaf does not apply to this unit."""

    leaf: str
    reason: str


@dataclass(frozen=True, slots=True)
class TargetApplied:
    """A target that was issued to the unit holds on this sheet from here; recorded with its TargetIssued."""

    leaf: str
    target: int
    reason: str


@dataclass(frozen=True, slots=True)
class RubricApplied:
    """The sheet is scored by the rubric of that hash from here; recorded with the cycle's RubricAdopted.

    ``anew``: leaves whose figures from here on no rule before could read; none of them holds from before.
    """

    hash: str
    reason: str
    anew: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class WithdrawalApplied:
    """The unit takes part no longer; recorded on each of its sheets with the cycle's UnitWithdrawn."""

    reason: str

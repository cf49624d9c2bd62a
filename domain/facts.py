"""Every event a person can cause, as a frozen value. Names and meanings: the design's "Streams and events".

Points travel as text with two decimals ("1.60"), ids are uuid7, digests SHA-256 in hexadecimal. What may have to
be erased later (names, file names) is here only as a commitment; see ``events.vault``.
"""

from dataclasses import dataclass, field
from typing import Any

Figures = dict[str, Any]


# sheet/{cycle}/{unit}/{item} -------------------------------------------------------------------------------


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
class AdjustmentProposed:
    """A change of a leaf's points by ``delta``, proposed with a reason code and text."""

    adjustment: str
    leaf: str
    delta: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class AdjustmentApproved:
    """A second person approves an adjustment; it counts from here."""

    adjustment: str
    leaf: str
    reason: str


@dataclass(frozen=True, slots=True)
class AdjustmentDeclined:
    """A second person declines an adjustment."""

    adjustment: str
    leaf: str
    reason: str


@dataclass(frozen=True, slots=True)
class AdjustmentRevoked:
    """An approved adjustment counts no longer."""

    adjustment: str
    leaf: str
    reason: str


@dataclass(frozen=True, slots=True)
class BonusClaimed:
    """A unit claims a bonus under a register number (item 7) or an experience key (item 27)."""

    bonus: str
    leaf: str
    key: str
    title: str


@dataclass(frozen=True, slots=True)
class BonusProposed:
    """A reviewer proposes a bonus with a written justification, on a claim or of his own."""

    bonus: str
    leaf: str
    key: str
    title: str
    level: str
    justification: str
    evidence: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class BonusGranted:
    """A second person grants a proposed bonus."""

    bonus: str
    leaf: str
    reason: str


@dataclass(frozen=True, slots=True)
class BonusDeclined:
    """A second person declines a bonus."""

    bonus: str
    leaf: str
    reason: str


@dataclass(frozen=True, slots=True)
class BonusRevoked:
    """A granted bonus counts no longer."""

    bonus: str
    leaf: str
    reason: str


@dataclass(frozen=True, slots=True)
class AppealFiled:
    """A unit appeals against the points of a leaf, on evidence of its sheet."""

    appeal: str
    leaf: str
    text: str
    evidence: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class AppealAssigned:
    """An appeal is laid before a person who never acted on the sheet."""

    appeal: str
    leaf: str
    person: str
    reason: str


@dataclass(frozen=True, slots=True)
class AppealDecided:
    """The appeal is upheld, upheld partly or dismissed.

    ``delta`` counts from here as an approved adjustment of id ``adjustment``; a dismissal has "0.00" and none.
    """

    appeal: str
    leaf: str
    outcome: str
    delta: str
    adjustment: str
    reason: str


@dataclass(frozen=True, slots=True)
class TargetApplied:
    """A target that was issued to the unit holds on this sheet from here; recorded with its TargetIssued."""

    leaf: str
    target: int
    reason: str


# claim/{cycle}/{leaf}/{digest of the key} ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeyReserved:
    """A register number or experience key is taken, once in the city and the cycle."""

    unit: str
    item: str
    bonus: str


@dataclass(frozen=True, slots=True)
class KeyReleased:
    """The key is free again: the bonus was declined or revoked."""

    bonus: str


# rubric/{id} -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RubricDrafted:
    """A rubric is laid before a second person; ``hash`` is the identity of its canonical text."""

    hash: str
    title: str


@dataclass(frozen=True, slots=True)
class RubricPublished:
    """A second person publishes the drafted rubric; cycles may use it from here."""

    hash: str


@dataclass(frozen=True, slots=True)
class InterpretationDecided:
    """An open question is answered: ``hash`` is what becomes of the rubric ``before``, a draft for a second person.

    ``simulation`` showed what it moves; empty where no score can follow from the figures.
    """

    question: str
    option: str
    before: str
    hash: str
    simulation: str
    reason: str


# cycle/{id} ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CycleCreated:
    """A year of assessment under one rubric; ``calendar`` gives the last moment of each phase (UTC)."""

    title: str
    rubric: str
    hash: str
    calendar: dict[str, str]


@dataclass(frozen=True, slots=True)
class UnitEnrolled:
    """A unit takes part, in a cohort."""

    unit: str
    cohort: str
    name_zh: str
    name_en: str


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


@dataclass(frozen=True, slots=True)
class TargetIssued:
    """A unit's target for a task leaf, the first or a revised one."""

    unit: str
    leaf: str
    target: int
    reason: str


@dataclass(frozen=True, slots=True)
class ResultsProposed:
    """An administrator lays the results before a second one: the table of that digest, as it stood at a position.

    ``rubric`` is its hash, ``interpretations`` the answer in force to each of its questions, ``engine`` what computed.
    """

    publication: int
    stage: str
    digest: str
    rubric: str
    interpretations: dict[str, str]
    engine: str
    position: int
    reason: str


@dataclass(frozen=True, slots=True)
class ResultsPublished:
    """A second administrator publishes the provisional results exactly as proposed; members as in the proposal."""

    publication: int
    digest: str
    rubric: str
    interpretations: dict[str, str]
    engine: str
    position: int
    reason: str


@dataclass(frozen=True, slots=True)
class CycleFinalised:
    """A second administrator publishes the final results exactly as proposed; members as in the proposal."""

    publication: int
    digest: str
    rubric: str
    interpretations: dict[str, str]
    engine: str
    position: int
    reason: str


@dataclass(frozen=True, slots=True)
class ObjectionFiled:
    """During the public notice a unit objects to what was published about a unit, its own or another."""

    objection: str
    publication: int
    unit: str
    about: str
    text: str


# person/{id} -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PersonRegistered:
    """A person is known from here; the name is a commitment."""

    name: str


@dataclass(frozen=True, slots=True)
class RoleGranted:
    """A role within a scope: a unit, a department, or '*' for all."""

    role: str
    scope: str
    reason: str


@dataclass(frozen=True, slots=True)
class RoleRevoked:
    """A role within a scope ends."""

    role: str
    scope: str
    reason: str


@dataclass(frozen=True, slots=True)
class ConflictDeclared:
    """The person has a conflict of interest with a unit and may not act on it."""

    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class CredentialIssued:
    """A bearer token exists; only its SHA-256 is recorded."""

    credential: str
    digest: str
    expires: str


@dataclass(frozen=True, slots=True)
class CredentialRevoked:
    """A bearer token ends at once."""

    credential: str
    reason: str


# refusals/{day}, access/{evidence}, recomputation/{id} -----------------------------------------------------


@dataclass(frozen=True, slots=True)
class ActRefused:
    """An act that the rules blocked: who tried is the event's actor."""

    act: str
    code: str
    stream: str
    detail: str


@dataclass(frozen=True, slots=True)
class EvidenceDownloaded:
    """Somebody read the bytes of a file; they were hashed again and agreed."""

    evidence: str
    stream: str
    digest: str


@dataclass(frozen=True, slots=True)
class RecomputationRequested:
    """Somebody asks for a replay of everything from zero."""

    recomputation: str
    reason: str


@dataclass(frozen=True, slots=True)
class RecomputationFinished:
    """A replay was compared with the live tables at one position; ``differences`` counts rows that disagree."""

    recomputation: str
    position: int
    digest: str
    rows: int
    differences: int
    engine: str
    report: str


@dataclass(frozen=True, slots=True)
class RecomputationApproved:
    """A second person approves that the replayed tables replace the live ones."""

    recomputation: str
    reason: str


@dataclass(frozen=True, slots=True)
class RecomputationApplied:
    """The replayed tables are live from here."""

    recomputation: str
    position: int
    digest: str


# erasure/{subject} -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ErasureRequested:
    """Somebody asks to erase what the vault and the evidence store hold of a subject, on this legal basis."""

    subject: str
    basis: str


@dataclass(frozen=True, slots=True)
class ErasureApproved:
    """A second person approves the erasure of exactly these commitments and files (SHA-256, hexadecimal)."""

    subject: str
    reason: str
    commitments: list[str]
    files: list[str]


@dataclass(frozen=True, slots=True)
class ErasureCarriedOut:
    """Salts, texts and keys behind these commitments and the bytes of these files are gone."""

    subject: str
    commitments: list[str]
    files: list[str]


# simulation/{id} -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SimulationRequested:
    """Somebody asks what other answers, figures (by unit and leaf) or another rubric (its hash) would move in a cycle.

    It changes no score.
    """

    simulation: str
    cycle: str
    rubric: str
    interpretations: dict[str, str]
    figures: dict[str, dict[str, Figures]]
    reason: str


@dataclass(frozen=True, slots=True)
class SimulationFinished:
    """A worker compared the rubrics ``before`` and ``after`` on the figures as of a position; the report is a document.

    ``failure`` says why nothing could be computed; it is empty otherwise.
    """

    simulation: str
    position: int
    before: str
    after: str
    units: int
    ranks: int
    engine: str
    report: str
    failure: str = ""


Fact = (
    FiguresSubmitted | SubmissionWithdrawn | EvidenceAttached | EvidenceWithdrawn | EvidenceReviewed
    | FiguresVerified | LeafJudged | NotApplicableConfirmed
    | AdjustmentProposed | AdjustmentApproved | AdjustmentDeclined | AdjustmentRevoked
    | BonusClaimed | BonusProposed | BonusGranted | BonusDeclined | BonusRevoked | KeyReserved | KeyReleased
    | AppealFiled | AppealAssigned | AppealDecided | TargetApplied
    | RubricDrafted | RubricPublished | InterpretationDecided
    | CycleCreated | UnitEnrolled | PhaseAdvanced | DeadlineMoved | TargetIssued
    | ExtensionProposed | ExtensionGranted | ReopeningProposed | CycleReopened | WaiverSigned
    | ResultsProposed | ResultsPublished | CycleFinalised | ObjectionFiled
    | PersonRegistered | RoleGranted | RoleRevoked | ConflictDeclared | CredentialIssued | CredentialRevoked
    | ActRefused | EvidenceDownloaded
    | RecomputationRequested | RecomputationFinished | RecomputationApproved | RecomputationApplied
    | SimulationRequested | SimulationFinished
    | ErasureRequested | ErasureApproved | ErasureCarriedOut
)  # fmt: skip

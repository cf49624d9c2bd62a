"""Every event a person can cause, as a frozen value. Names and meanings: the design's "Streams and events".

Points travel as text with two decimals ("1.60"), ids are uuid7, digests SHA-256 in hexadecimal. What may have to
be erased later (names, file names) is here only as a commitment; see ``events.vault``.
"""

from domain.facts.adoption import (
    RubricAdopted as RubricAdopted,
    RubricChangeProposed as RubricChangeProposed,
    RubricChangeWithdrawn as RubricChangeWithdrawn,
)
from domain.facts.claim import (
    KeyReleased as KeyReleased,
    KeyReserved as KeyReserved,
)
from domain.facts.cycle import (
    CycleCreated as CycleCreated,
    CycleReopened as CycleReopened,
    DeadlineMoved as DeadlineMoved,
    ExtensionGranted as ExtensionGranted,
    ExtensionProposed as ExtensionProposed,
    PeriodBegun as PeriodBegun,
    PhaseAdvanced as PhaseAdvanced,
    ReopeningProposed as ReopeningProposed,
    UnitEnrolled as UnitEnrolled,
    UnitWithdrawn as UnitWithdrawn,
    WaiverSigned as WaiverSigned,
)
from domain.facts.erasure import (
    ErasureApproved as ErasureApproved,
    ErasureCarriedOut as ErasureCarriedOut,
    ErasureRequested as ErasureRequested,
)
from domain.facts.figures import Figures as Figures
from domain.facts.imported import (
    ExportMade as ExportMade,
    FiguresImported as FiguresImported,
    ImportConfirmed as ImportConfirmed,
    ImportReversed as ImportReversed,
    RosterImported as RosterImported,
)
from domain.facts.joint import (
    JointClaimAgreed as JointClaimAgreed,
    JointClaimDisputed as JointClaimDisputed,
    JointClaimed as JointClaimed,
    JointSplitDecided as JointSplitDecided,
    JointSplitProposed as JointSplitProposed,
)
from domain.facts.marking import (
    JudgementModerated as JudgementModerated,
    JudgementOpened as JudgementOpened,
    JudgementSealed as JudgementSealed,
    MarkingProposed as MarkingProposed,
    MarkingRevealed as MarkingRevealed,
    MarkingSet as MarkingSet,
    SecondJudgementGiven as SecondJudgementGiven,
    SecondJudgementWaived as SecondJudgementWaived,
)
from domain.facts.notice import (
    NoticeAddressConfirmed as NoticeAddressConfirmed,
    NoticeChannelClosed as NoticeChannelClosed,
    NoticeChannelSet as NoticeChannelSet,
    NoticeCheckRequested as NoticeCheckRequested,
    NoticeCodeIssued as NoticeCodeIssued,
    NoticeCodeMissed as NoticeCodeMissed,
    NoticeResendingOrdered as NoticeResendingOrdered,
    NoticeSecretSet as NoticeSecretSet,
)
from domain.facts.person import (
    ConflictDeclared as ConflictDeclared,
    CredentialIssued as CredentialIssued,
    CredentialRevoked as CredentialRevoked,
    CredentialRotated as CredentialRotated,
    IdentityLinked as IdentityLinked,
    IdentityUnlinked as IdentityUnlinked,
    InvitationAccepted as InvitationAccepted,
    InvitationIssued as InvitationIssued,
    PersonRegistered as PersonRegistered,
    ReadmissionProposed as ReadmissionProposed,
    RoleGranted as RoleGranted,
    RoleRevoked as RoleRevoked,
    SignedIn as SignedIn,
)
from domain.facts.points import (
    AdjustmentApproved as AdjustmentApproved,
    AdjustmentDeclined as AdjustmentDeclined,
    AdjustmentProposed as AdjustmentProposed,
    AdjustmentRevoked as AdjustmentRevoked,
    AppealAssigned as AppealAssigned,
    AppealDecided as AppealDecided,
    AppealFiled as AppealFiled,
    BonusClaimed as BonusClaimed,
    BonusDeclined as BonusDeclined,
    BonusGranted as BonusGranted,
    BonusProposed as BonusProposed,
    BonusRevoked as BonusRevoked,
)
from domain.facts.recomputation import (
    RecomputationApplied as RecomputationApplied,
    RecomputationApproved as RecomputationApproved,
    RecomputationFinished as RecomputationFinished,
    RecomputationRequested as RecomputationRequested,
)
from domain.facts.results import (
    CycleFinalised as CycleFinalised,
    ObjectionAnswered as ObjectionAnswered,
    ObjectionFiled as ObjectionFiled,
    ResultsProposed as ResultsProposed,
    ResultsPublished as ResultsPublished,
)
from domain.facts.rubric import (
    InterpretationDecided as InterpretationDecided,
    RubricDrafted as RubricDrafted,
    RubricDraftWithdrawn as RubricDraftWithdrawn,
    RubricPublished as RubricPublished,
)
from domain.facts.sheet import (
    EvidenceAttached as EvidenceAttached,
    EvidenceReviewed as EvidenceReviewed,
    EvidenceWithdrawn as EvidenceWithdrawn,
    FiguresSubmitted as FiguresSubmitted,
    FiguresVerified as FiguresVerified,
    LeafJudged as LeafJudged,
    NotApplicableConfirmed as NotApplicableConfirmed,
    RubricApplied as RubricApplied,
    SubmissionWithdrawn as SubmissionWithdrawn,
    TargetApplied as TargetApplied,
    WithdrawalApplied as WithdrawalApplied,
)
from domain.facts.simulation import (
    SimulationFinished as SimulationFinished,
    SimulationRequested as SimulationRequested,
)
from domain.facts.target import (
    TargetChangeConfirmed as TargetChangeConfirmed,
    TargetChangeProposed as TargetChangeProposed,
    TargetChangeWithdrawn as TargetChangeWithdrawn,
    TargetIssued as TargetIssued,
)
from domain.facts.trail import (
    ActRefused as ActRefused,
    EvidenceDownloaded as EvidenceDownloaded,
    ImportDownloaded as ImportDownloaded,
)

Fact = (
    FiguresSubmitted | SubmissionWithdrawn | EvidenceAttached | EvidenceWithdrawn | EvidenceReviewed
    | FiguresVerified | LeafJudged | NotApplicableConfirmed
    | JudgementSealed | SecondJudgementGiven | SecondJudgementWaived | JudgementOpened | JudgementModerated
    | AdjustmentProposed | AdjustmentApproved | AdjustmentDeclined | AdjustmentRevoked
    | BonusClaimed | BonusProposed | BonusGranted | BonusDeclined | BonusRevoked | KeyReserved | KeyReleased
    | JointClaimed | JointClaimAgreed | JointClaimDisputed | JointSplitProposed | JointSplitDecided
    | AppealFiled | AppealAssigned | AppealDecided | TargetApplied | RubricApplied
    | WithdrawalApplied
    | RubricDrafted | RubricPublished | RubricDraftWithdrawn | InterpretationDecided
    | CycleCreated | PeriodBegun | UnitEnrolled | UnitWithdrawn | PhaseAdvanced | DeadlineMoved | TargetIssued
    | ExtensionProposed | ExtensionGranted | ReopeningProposed | CycleReopened | WaiverSigned
    | MarkingProposed | MarkingSet | MarkingRevealed
    | RubricChangeProposed | RubricAdopted | RubricChangeWithdrawn
    | TargetChangeProposed | TargetChangeConfirmed | TargetChangeWithdrawn
    | ResultsProposed | ResultsPublished | CycleFinalised | ObjectionFiled | ObjectionAnswered
    | PersonRegistered | RoleGranted | RoleRevoked | ConflictDeclared | CredentialIssued | CredentialRevoked
    | CredentialRotated | InvitationIssued | InvitationAccepted | IdentityLinked | IdentityUnlinked | SignedIn
    | ReadmissionProposed
    | ActRefused | EvidenceDownloaded | ImportDownloaded
    | RecomputationRequested | RecomputationFinished | RecomputationApproved | RecomputationApplied
    | SimulationRequested | SimulationFinished
    | ImportConfirmed | RosterImported | FiguresImported | ImportReversed | ExportMade
    | ErasureRequested | ErasureApproved | ErasureCarriedOut
    | NoticeChannelSet | NoticeSecretSet | NoticeChannelClosed | NoticeResendingOrdered
    | NoticeCheckRequested | NoticeCodeIssued | NoticeCodeMissed | NoticeAddressConfirmed
)  # fmt: skip

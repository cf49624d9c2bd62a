"""Of each event whom it tells, or that it tells nobody; a test holds it complete."""

from domain import facts
from domain.told.decisions import DECISIONS
from domain.told.row import Row
from domain.told.work import WORK

TOLD: dict[type, Row] = {**DECISIONS, **WORK}

# What happens to a key stands on the sheet of each partner and once on the key's own stream: who has to do with all
# of it is told there, once.
ON_KEYS: dict[type, Row] = {
    facts.JointSplitProposed: Row(
        "second", ("approve",), "有联合申报的分配待批准", "a split of a joint claim awaits a second person"
    ),
    facts.JointSplitDecided: Row(
        "decided", (), "联合申报的分配已确定", "the split of a joint claim was decided",
        key="bonus", began=(facts.JointSplitProposed,),
    ),
}  # fmt: skip

# An appeal that another's objection led to waits for an administrator as any does; its unit, which did not file it, is
# told as well.
REFERRED = Row("decided", ("file",), "有异议转为对贵单位成绩的申诉", "an objection to your score became an appeal")

NOBODY: frozenset[type] = frozenset({
    # a unit's own act, that takes work away instead of making some
    facts.SubmissionWithdrawn, facts.EvidenceWithdrawn,
    # in the commit of an act that is told, on other streams
    facts.KeyReserved, facts.KeyReleased, facts.TargetApplied, facts.RubricApplied, facts.WithdrawalApplied,
    # the office's own, before anybody works in the year or on a unit of it, or after nobody does
    facts.CycleCreated, facts.PeriodBegun, facts.UnitEnrolled, facts.UnitWithdrawn, facts.MarkingRevealed,
    # how a person comes in, and what he may: he sees it whenever he comes
    facts.PersonRegistered, facts.RoleGranted, facts.RoleRevoked, facts.ConflictDeclared,
    facts.CredentialIssued, facts.CredentialRevoked, facts.CredentialRotated,
    facts.InvitationIssued, facts.InvitationAccepted, facts.IdentityLinked, facts.IdentityUnlinked, facts.SignedIn,
    # where notices go: told of by notices, it would never end
    facts.NoticeSecretSet, facts.NoticeChannelClosed, facts.NoticeResendingOrdered,
    facts.NoticeCodeIssued, facts.NoticeCodeMissed, facts.NoticeAddressConfirmed,
    # traces, which auditors read
    facts.ActRefused, facts.EvidenceDownloaded, facts.ImportDownloaded, facts.ExportMade,
    # answered to who asked, where he asked
    facts.RecomputationRequested, facts.RecomputationApplied, facts.SimulationRequested, facts.SimulationFinished,
    facts.ImportConfirmed, facts.RosterImported, facts.FiguresImported, facts.ImportReversed,
    # carried out by the program as it was approved
    facts.ErasureCarriedOut,
})  # fmt: skip

# Not an event: what the workers could not deliver in a day is one notice to each administrator.
DEAD_LETTERS = Row("dead-letter", ("administer",), "有通知未能送达", "some notices could not be delivered")


def row_of(stream: str, fact: facts.Fact) -> Row | None:
    """The row of an event of ``stream``; None when it tells nobody."""
    return (ON_KEYS if stream.startswith("claim/") else TOLD).get(type(fact))


def rows_of(stream: str, fact: facts.Fact) -> tuple[Row, ...]:
    """All rows of an event: whom none of the first concerns may be told by the next."""
    row = row_of(stream, fact)
    if row is None:
        return ()
    return (row, REFERRED) if isinstance(fact, facts.AppealFiled) and fact.objection else (row,)

"""Of each event whom it tells, or that it tells nobody; a test holds it complete."""

from domain import facts
from domain.admission import LETTING_IN
from domain.told.accounts import ACCOUNTS, READMITTED
from domain.told.decisions import DECISIONS
from domain.told.rounds import MODERATION
from domain.told.row import Row
from domain.told.work import WORK

TOLD: dict[type, Row] = {**DECISIONS, **WORK, **ACCOUNTS}

# An appeal that another's objection led to waits for an administrator as any does; its unit, which did not file it, is
# told as well.
REFERRED = Row(
    "decided", ("file",), "有异议转为对贵单位成绩的申诉", "an objection to your score became an appeal",
    when=lambda f: bool(f.objection),
)  # fmt: skip

# The same event may tell others of something else.
ALSO: dict[type, Row] = {
    facts.JudgementOpened: MODERATION,
    facts.AppealFiled: REFERRED,
    **dict.fromkeys(LETTING_IN, READMITTED),
}

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

NOBODY: frozenset[type] = frozenset({
    # a unit's own act, that takes work away instead of making some
    facts.SubmissionWithdrawn, facts.EvidenceWithdrawn,
    # in the commit of an act that is told, on other streams
    facts.KeyReserved, facts.KeyReleased, facts.TargetApplied, facts.RubricApplied, facts.WithdrawalApplied,
    # the office's own, before anybody works in the year, or after nobody does
    facts.CycleCreated, facts.PeriodBegun, facts.MarkingRevealed,
    # before somebody has a channel, and what only he himself does
    facts.PersonRegistered, facts.CredentialRotated, facts.InvitationAccepted, facts.SignedIn,
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


def rows_of(stream: str, fact: facts.Fact) -> tuple[Row, ...]:
    """The rows of an event of ``stream``; none when it tells nobody."""
    if stream.startswith("claim/"):
        return tuple(row for kind, row in ON_KEYS.items() if kind is type(fact))
    return tuple(table[type(fact)] for table in (TOLD, ALSO) if type(fact) in table)

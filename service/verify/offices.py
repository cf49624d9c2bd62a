"""Which role each act outside the sheets takes; on the sheets it is ``permits`` that says so.

Whoever has the keys of the log can sign whatever he likes: what makes a role, moves a phase or signs a waiver counts
only if a person did it who held the office. A test holds that no kind of fact is forgotten.
"""

from typing import Any

from domain import facts
from service.verify.entries import Entry

BOOTSTRAP = "bootstrap"
WORKER = "worker"

_ADMINISTRATORS = (
    facts.CycleCreated, facts.PeriodBegun, facts.UnitEnrolled, facts.UnitWithdrawn, facts.PhaseAdvanced,
    facts.DeadlineMoved, facts.RosterImported, facts.TargetIssued,
    facts.RubricDrafted, facts.RubricPublished, facts.RubricDraftWithdrawn, facts.InterpretationDecided,
    facts.RubricChangeProposed, facts.RubricAdopted, facts.RubricChangeWithdrawn,
    facts.TargetChangeProposed, facts.TargetChangeConfirmed, facts.TargetChangeWithdrawn,
    facts.ExtensionProposed, facts.ExtensionGranted, facts.ReopeningProposed, facts.CycleReopened,
    facts.ResultsProposed, facts.ResultsPublished, facts.CycleFinalised, facts.ObjectionAnswered,
    facts.MarkingProposed, facts.MarkingSet, facts.PersonRegistered, facts.RoleGranted, facts.RoleRevoked,
    facts.NoticeResendingOrdered,
)  # fmt: skip
_AUDITED = (facts.MarkingRevealed, facts.RecomputationApproved, facts.SimulationRequested)
# What a program states of its own work, without anybody's say; people have to approve what comes of it.
_STATED = (
    facts.RecomputationFinished, facts.RecomputationApplied, facts.SimulationFinished,
    facts.NoticeCodeIssued, facts.NoticeAddressConfirmed,
)  # fmt: skip
WORK = (facts.RecomputationRequested, *_STATED)
_ERASING = (facts.ErasureRequested, facts.ErasureApproved, facts.ErasureCarriedOut)
# One's own, or an administrator's for somebody.
_OWN = (facts.ConflictDeclared, facts.CredentialIssued, facts.CredentialRevoked)
# What makes the first administrator, while there is nobody yet.
_FIRST = (facts.PersonRegistered, facts.RoleGranted, facts.CredentialIssued)
_KEYS: dict[type, frozenset[str]] = {
    facts.KeyReserved: frozenset({"unit", "reviewer", "approver"}),
    facts.KeyReleased: frozenset({"unit", "reviewer", "approver"}),
    facts.JointClaimed: frozenset({"unit"}),
    facts.JointClaimAgreed: frozenset({"unit"}),
    facts.JointClaimDisputed: frozenset({"unit"}),
    facts.JointSplitProposed: frozenset({"reviewer"}),
    facts.JointSplitDecided: frozenset({"approver"}),
}
_OFFICES: dict[type, frozenset[str]] = {
    **dict.fromkeys((*_ADMINISTRATORS, *_OWN), frozenset({"administrator"})),
    **dict.fromkeys(_AUDITED, frozenset({"auditor", "administrator"})),
    **dict.fromkeys(_STATED, frozenset({WORKER})),
    facts.RecomputationRequested: frozenset({"auditor", "administrator", WORKER}),
    **dict.fromkeys(_ERASING, frozenset({"administrator", "approver"})),
    facts.WaiverSigned: frozenset({"administrator", "approver"}),
    facts.ObjectionFiled: frozenset({"unit"}),
    facts.FiguresImported: frozenset({"unit"}),
    facts.ImportReversed: frozenset({"unit", "administrator"}),
    facts.ImportConfirmed: frozenset({"unit", "administrator"}),
    facts.EvidenceDownloaded: frozenset({"unit", "reviewer", "approver", "auditor"}),
    facts.ImportDownloaded: frozenset({"unit", "auditor", "administrator"}),
}
_IMPORTS = {"roster": "administrator", "figures": "unit"}


def held() -> frozenset[type]:
    """The kinds of facts that are held to a role here."""
    return frozenset(_OFFICES) | frozenset(_KEYS)


def in_office(entry: Entry, fact: Any) -> bool:
    """Whether the role in the entry is one that this act outside the sheets takes; what is not listed takes any."""
    kind = type(fact)
    if entry.role == BOOTSTRAP:
        return kind in _FIRST
    if entry.subject.startswith("claim/"):
        return entry.role in _KEYS.get(kind, ())
    wanted = _OFFICES.get(kind)
    if wanted is None or (kind in _OWN and entry.subject == f"person/{entry.actor}"):
        return True
    return entry.role in wanted and _within(entry, fact)


def _within(entry: Entry, fact: Any) -> bool:
    """Whether the scope of the role, and the kind of an import, allow it."""
    if isinstance(fact, _ERASING):
        return entry.scope == "*"
    if isinstance(fact, facts.ObjectionFiled):
        return entry.scope == fact.unit
    return not isinstance(fact, facts.ImportConfirmed) or entry.role == _IMPORTS.get(fact.kind)

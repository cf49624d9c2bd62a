"""The second person: nobody decides on a sheet what he began there, and nobody confirms what he proposed."""

from collections.abc import Callable
from typing import Any, TypeAlias

from domain import facts
from domain.sheet import Sheet
from service.verify.entries import Entry
from service.verify.findings import Findings

_DECISIONS = (
    facts.AdjustmentApproved, facts.AdjustmentDeclined, facts.BonusGranted, facts.BonusDeclined,
    facts.JointSplitDecided,
)  # fmt: skip
# What nobody may do who has judged the leaf in this round already.
_ROUNDS = (facts.SecondJudgementGiven, facts.SecondJudgementWaived, facts.JudgementModerated)

_Key: TypeAlias = Callable[[Entry, Any], str]
# What one person begins and another has to confirm, by the key both name.
_BEGINS: dict[type, _Key] = {
    facts.RubricDrafted: lambda _, fact: fact.hash,
    facts.InterpretationDecided: lambda _, fact: fact.hash,
    facts.ExtensionProposed: lambda entry, fact: f"{entry.subject}/{fact.extension}",
    facts.ReopeningProposed: lambda entry, fact: f"{entry.subject}/{fact.reopening}",
    facts.MarkingProposed: lambda entry, fact: f"{entry.subject}/{fact.marking}",
    facts.RubricChangeProposed: lambda entry, fact: f"{entry.subject}/{fact.change}",
    facts.TargetChangeProposed: lambda entry, fact: f"{entry.subject}/{fact.change}",
    facts.ResultsProposed: lambda entry, fact: f"{entry.subject}/{fact.publication}",
    facts.RecomputationRequested: lambda _, fact: fact.recomputation,
    facts.ErasureRequested: lambda _, fact: f"erasure/{fact.subject}",
    facts.ObjectionFiled: lambda entry, fact: f"{entry.subject}/{fact.objection}",
}
_CONFIRMS: dict[type, _Key] = {
    facts.RubricPublished: lambda _, fact: fact.hash,
    facts.ExtensionGranted: lambda entry, fact: f"{entry.subject}/{fact.extension}",
    facts.CycleReopened: lambda entry, fact: f"{entry.subject}/{fact.reopening}",
    facts.MarkingSet: lambda entry, fact: f"{entry.subject}/{fact.marking}",
    facts.RubricAdopted: lambda entry, fact: f"{entry.subject}/{fact.change}",
    facts.TargetChangeConfirmed: lambda entry, fact: f"{entry.subject}/{fact.change}",
    facts.ResultsPublished: lambda entry, fact: f"{entry.subject}/{fact.publication}",
    facts.CycleFinalised: lambda entry, fact: f"{entry.subject}/{fact.publication}",
    facts.RecomputationApproved: lambda _, fact: fact.recomputation,
    facts.ErasureApproved: lambda _, fact: f"erasure/{fact.subject}",
    facts.ObjectionAnswered: lambda entry, fact: f"{entry.subject}/{fact.objection}",
}


class SecondPerson:
    """Takes entries with their facts, in the order of their positions."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._begun: dict[str, str] = {}

    def on_sheet(self, entry: Entry, fact: Any, sheet: Sheet) -> None:
        """Finds a decision by who began what it is on; `sheet` is as it stood before."""
        if isinstance(fact, _DECISIONS):
            key: str = getattr(fact, "adjustment", "") or getattr(fact, "bonus", "")
            begun = sheet.adjustments.get(key) or sheet.bonuses.get(key)
            if begun is not None and begun.proposer == entry.actor:
                self.own(entry)
        if isinstance(fact, facts.AppealDecided):
            appeal = sheet.appeals.get(fact.appeal)
            if entry.actor in sheet.handlers or (appeal and appeal.assignee != entry.actor):
                self.own(entry)
        if isinstance(fact, _ROUNDS):
            judged = sheet.rounds.get(fact.leaf)
            if judged is not None and entry.actor in {judged.first, judged.second}:
                self.own(entry)
        if isinstance(fact, facts.FiguresVerified):
            filed = sheet.submissions.get(fact.submission)
            if filed is not None and filed.by == entry.actor:
                self.own(entry)

    def take(self, entry: Entry, fact: Any) -> None:
        """Learns what was begun, and finds a confirmation by who began it."""
        if begins := _BEGINS.get(type(fact)):
            self._begun[begins(entry, fact)] = entry.actor
        if confirms := _CONFIRMS.get(type(fact)):
            self._not_own(entry, confirms(entry, fact))
            if isinstance(fact, facts.RecomputationApproved) and self._begun.get(fact.recomputation) == "":
                self._findings.at(
                    entry.position, "程序提请的重算只经一人同意", "one person alone approved what a program asked for",
                    entry.actor,
                )  # fmt: skip

    def _not_own(self, entry: Entry, key: str) -> None:
        # what nobody of any role began (a first import) has no second person; an erasure always has
        if (entry.role or key.startswith("erasure/")) and self._begun.get(key) == entry.actor:
            self.own(entry)

    def own(self, entry: Entry) -> None:
        """Finds an act that only another person could do."""
        self._findings.at(entry.position, "批准了自己的操作", "approved their own act", entry.actor)

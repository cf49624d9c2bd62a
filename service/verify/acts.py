"""Acts: whoever acted held the role, and nobody approved what he began or judged where he is in conflict."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from domain import facts
from domain.sheet import Sheet
from service.verify.entries import Entry
from service.verify.findings import Findings

LAG = timedelta(seconds=30)
"""An act decided just before a revocation may be ordered just behind it; both times stand in the entries."""
BOOTSTRAP = "bootstrap"
WORKER = "worker"
# What a program states of its own work, without anybody's say; a person has to ask for it and to approve it.
_WORK = (facts.RecomputationFinished, facts.RecomputationApplied, facts.SimulationFinished)
_DECISIONS = (facts.AdjustmentApproved, facts.AdjustmentDeclined, facts.BonusGranted, facts.BonusDeclined)
_APPEALS = (facts.AppealDecided,)
_REVIEWS = (facts.FiguresVerified, facts.LeafJudged, facts.NotApplicableConfirmed, facts.EvidenceReviewed)


@dataclass(slots=True)
class _Held:
    grants: dict[tuple[str, str], str] = field(default_factory=dict)  # until when; "" is still
    conflicts: set[str] = field(default_factory=set)


class Acts:
    """Takes entries with their facts, in the order of their positions."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._people: dict[str, _Held] = {}
        self._begun: dict[str, str] = {}
        self._administered = False

    def take(self, entry: Entry, fact: Any, sheet: Sheet | None) -> None:
        """Checks one act; `sheet` is its sheet as it stood before."""
        if entry.role == BOOTSTRAP:
            if self._administered or not entry.subject.startswith("person/"):
                self._findings.at(entry.position, "初始化之后不得再初始化", "bootstrapped although there was somebody")
        elif entry.role == WORKER and not entry.actor:
            if not isinstance(fact, _WORK):
                self._findings.at(entry.position, "程序不得作此行为", "an act that no program may do", entry.type)
        elif entry.role:
            self._role(entry)
        elif sheet is not None:
            self._findings.at(entry.position, "无角色的人在表上操作", "an act on a sheet by nobody of any role")
        if sheet is not None:
            self._second_person(entry, fact, sheet)
            self._conflict(entry, fact, sheet)
        self._beginnings(entry, fact)
        self._learn(entry, fact)

    def _role(self, entry: Entry) -> None:
        held = self._people.get(entry.actor, _Held()).grants
        until = held.get((entry.role, entry.scope))
        if until is None or (until and _moment(entry.time) > _moment(until) + LAG):
            self._findings.at(
                entry.position,
                "操作者当时没有该角色",
                "the actor did not hold the role at that position",
                f"{entry.actor} {entry.role} {entry.scope}",
            )

    def _second_person(self, entry: Entry, fact: Any, sheet: Sheet) -> None:
        if isinstance(fact, _DECISIONS):
            key: str = getattr(fact, "adjustment", "") or getattr(fact, "bonus", "")
            begun = sheet.adjustments.get(key) or sheet.bonuses.get(key)
            if begun is not None and begun.proposer == entry.actor:
                self._own(entry)
        if isinstance(fact, facts.AppealDecided):
            appeal = sheet.appeals.get(fact.appeal)
            if entry.actor in sheet.handlers or (appeal and appeal.assignee != entry.actor):
                self._own(entry)
        if isinstance(fact, facts.FiguresVerified):
            filed = sheet.submissions.get(fact.submission)
            if filed is not None and filed.by == entry.actor:
                self._own(entry)

    def _conflict(self, entry: Entry, fact: Any, sheet: Sheet) -> None:
        held = self._people.get(entry.actor)
        if held and sheet.unit in held.conflicts and isinstance(fact, (*_REVIEWS, *_DECISIONS, *_APPEALS)):
            self._findings.at(
                entry.position, "有利益冲突的人作出决定", "decided in a conflict of interest", entry.actor
            )

    def _beginnings(self, entry: Entry, fact: Any) -> None:
        match fact:
            case facts.RubricDrafted() | facts.InterpretationDecided():
                self._begun[fact.hash] = entry.actor
            case facts.ResultsProposed():
                self._begun[f"{entry.subject}/{fact.publication}"] = entry.actor
            case facts.ResultsPublished() | facts.CycleFinalised():
                self._not_own(entry, f"{entry.subject}/{fact.publication}")
            case facts.RecomputationRequested():
                self._begun[fact.recomputation] = entry.actor
            case facts.ErasureRequested():
                self._begun[f"erasure/{fact.subject}"] = entry.actor
            case facts.ErasureApproved():
                self._not_own(entry, f"erasure/{fact.subject}")
            case facts.RubricPublished():
                self._not_own(entry, fact.hash)
            case facts.RecomputationApproved():
                self._not_own(entry, fact.recomputation)

    def _not_own(self, entry: Entry, key: str) -> None:
        # what nobody of any role began (a first import) has no second person; an erasure always has
        if (entry.role or key.startswith("erasure/")) and self._begun.get(key) == entry.actor:
            self._own(entry)

    def _own(self, entry: Entry) -> None:
        self._findings.at(entry.position, "批准了自己的操作", "approved their own act", entry.actor)

    def _learn(self, entry: Entry, fact: Any) -> None:
        if not entry.subject.startswith("person/"):
            return
        held = self._people.setdefault(entry.subject.removeprefix("person/"), _Held())
        match fact:
            case facts.RoleGranted():
                held.grants[fact.role, fact.scope] = ""
            case facts.RoleRevoked():
                held.grants[fact.role, fact.scope] = entry.time
            case facts.ConflictDeclared():
                held.conflicts.add(fact.unit)
            case facts.CredentialIssued():
                self._administered = self._administered or ("administrator", "*") in held.grants


def _moment(time: str) -> datetime:
    return datetime.fromisoformat(time.removesuffix("Z"))

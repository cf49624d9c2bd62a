"""Acts: whoever acted held the role, and nobody judged where he is in conflict."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from domain import facts
from domain.sheet import Sheet
from service.verify.entries import Entry
from service.verify.findings import Findings
from service.verify.offices import BOOTSTRAP, WORK, WORKER, in_office
from service.verify.permits import JUDGING, REVIEWED, DepartmentOf, permitted
from service.verify.second_person import SecondPerson
from service.verify.waivers import Waivers

LAG = timedelta(seconds=30)
"""An act decided just before a revocation may be ordered just behind it; both times stand in the entries."""
# Nobody says for another where he is told: his notices would go to the wrong person.
_OWN = (
    facts.NoticeChannelSet, facts.NoticeSecretSet, facts.NoticeChannelClosed,
    facts.NoticeCheckRequested, facts.NoticeCodeMissed,
)  # fmt: skip


@dataclass(slots=True)
class _Held:
    grants: dict[tuple[str, str], str] = field(default_factory=dict)  # until when; "" is still
    conflicts: dict[str, str] = field(default_factory=dict)  # unit -> since when
    declared: set[str] = field(default_factory=set)


class Acts:
    """Takes entries with their facts, in the order of their positions."""

    def __init__(self, findings: Findings, department_of: DepartmentOf) -> None:
        self._findings = findings
        self._department_of = department_of
        self._people: dict[str, _Held] = {}
        self._second = SecondPerson(findings)
        self._waivers = Waivers(findings)
        self._administered = False

    def take(self, entry: Entry, fact: Any, sheet: Sheet | None) -> None:
        """Checks one act; `sheet` is its sheet as it stood before."""
        if entry.role == BOOTSTRAP:
            if self._administered or not entry.subject.startswith("person/"):
                self._findings.at(entry.position, "初始化之后不得再初始化", "bootstrapped although there was somebody")
        elif entry.role == WORKER and not entry.actor:
            if not isinstance(fact, WORK):
                self._findings.at(entry.position, "程序不得作此行为", "an act that no program may do", entry.type)
        elif entry.role:
            self._role(entry)
        elif sheet is not None:
            self._findings.at(entry.position, "无角色的人在表上操作", "an act on a sheet by nobody of any role")
        self._permitted(entry, fact, sheet)
        if sheet is not None:
            self._second.on_sheet(entry, fact, sheet)
            self._conflict(entry, fact, sheet)
        self._notices(entry, fact)
        self._second.take(entry, fact)
        self._learn(entry, fact)

    def _permitted(self, entry: Entry, fact: Any, sheet: Sheet | None) -> None:
        """On a sheet whoever has a role needs the right one; an office act needs one always."""
        right = in_office(entry, fact)
        if sheet is not None and entry.role:
            right = right and permitted(entry, fact, sheet, self._department_of)
        if not right:
            self._findings.at(
                entry.position,
                "该角色无权作此操作",
                "this role does not permit this act here",
                f"{entry.role} {entry.scope}",
            )

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

    def _notices(self, entry: Entry, fact: Any) -> None:
        if isinstance(fact, _OWN) and entry.subject != f"person/{entry.actor}":
            self._findings.at(entry.position, "替他人设置通知", "set notices for somebody else", entry.actor)

    def _conflict(self, entry: Entry, fact: Any, sheet: Sheet) -> None:
        if not isinstance(fact, JUDGING):
            return
        held = self._people.get(entry.actor, _Held())
        department = self._department_of(sheet.cycle, getattr(fact, "leaf", ""))
        if isinstance(fact, REVIEWED) and self._waivers.lets(entry, held.grants, department):
            return
        since = held.conflicts.get(sheet.unit)
        if since and _moment(entry.time) > _moment(since) + LAG:
            self._findings.at(
                entry.position, "有利益冲突的人作出决定", "decided in a conflict of interest", entry.actor
            )
        elif entry.actor in sheet.filers:
            self._findings.at(entry.position, "评判了自己填报的表", "judged a sheet they filed for", entry.actor)

    def _learn(self, entry: Entry, fact: Any) -> None:
        if isinstance(fact, facts.WaiverSigned):
            signer = self._people.get(entry.actor, _Held())
            self._waivers.take(entry, fact, signer.grants, signer.conflicts)
        if not entry.subject.startswith("person/"):
            return
        if isinstance(fact, facts.RoleGranted) and entry.subject == f"person/{entry.actor}":
            self._second.own(entry)
        held = self._people.setdefault(entry.subject.removeprefix("person/"), _Held())
        match fact:
            case facts.RoleGranted():
                held.grants[fact.role, fact.scope] = ""
                if fact.role == "unit":  # nobody judges the unit he acts for
                    held.conflicts.setdefault(fact.scope, entry.time)
            case facts.RoleRevoked():
                held.grants[fact.role, fact.scope] = entry.time
                if fact.role == "unit" and fact.scope not in held.declared:
                    held.conflicts.pop(fact.scope, None)
            case facts.ConflictDeclared():
                held.conflicts.setdefault(fact.unit, entry.time)
                held.declared.add(fact.unit)
            case facts.CredentialIssued():
                self._administered = self._administered or ("administrator", "*") in held.grants


def _moment(time: str) -> datetime:
    return datetime.fromisoformat(time.removesuffix("Z"))

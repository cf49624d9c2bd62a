"""Waivers: which conflicts were waived for whom, and that nobody of the department, and nobody partial, signed one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from domain import facts
from service.verify.entries import Entry
from service.verify.findings import Findings

Grants = Mapping[tuple[str, str], str]
"""Role and scope to when it ended; "" is still held."""


@dataclass(slots=True)
class Waivers:
    """Takes waivers in the order of their positions."""

    findings: Findings
    _signed: dict[tuple[str, str, str], set[str]] = field(default_factory=dict)

    def take(self, entry: Entry, fact: facts.WaiverSigned, grants: Grants, conflicts: Collection[str]) -> None:
        """Checks who signed it, by the grants and conflicts he then had, and remembers it."""
        of_department = any(grants.get((role, fact.department)) == "" for role in ("reviewer", "approver"))
        if entry.actor == fact.person or of_department:
            self.findings.at(
                entry.position, "本人或本部门的人签署豁免", "a waiver signed by its holder or of his department",
                entry.actor,
            )  # fmt: skip
        if fact.unit in conflicts:
            self.findings.at(
                entry.position, "有利益冲突的人签署豁免", "a waiver signed in a conflict of interest", entry.actor
            )
        cycle = entry.subject.removeprefix("cycle/")
        self._signed.setdefault((cycle, fact.person, fact.unit), set()).add(fact.department)

    def lets(self, entry: Entry, grants: Grants, department: str | None) -> bool:
        """Whether a waiver lets the actor review this unit for the department; never who acts for the unit himself."""
        _, cycle, unit, _ = entry.subject.split("/")
        signed = self._signed.get((cycle, entry.actor, unit), set())
        # Without a rubric, which is a finding of its own, the department is not known.
        return bool(signed) and (department is None or department in signed) and grants.get(("unit", unit)) != ""

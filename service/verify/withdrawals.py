"""Withdrawals: of units nothing was done for, on each of their sheets with one commit; and nobody acts on one since."""

from dataclasses import dataclass, field
from typing import Any

from domain import facts
from domain.adoption import sheets
from domain.phases import ENROLLING
from service.verify.entries import Entry, UnreadableError
from service.verify.findings import Findings
from service.verify.scores import Scores


@dataclass(slots=True)
class Withdrawals:
    """Takes entries with their facts, in the order of their positions, before the scores take them."""

    findings: Findings
    scores: Scores
    _position: int = 0
    _missing: set[str] = field(default_factory=set)

    def take(self, entry: Entry, fact: Any) -> None:
        """Checks one entry: whatever follows a withdrawal before every sheet has it shows that some never got it."""
        if isinstance(fact, facts.UnitWithdrawn):
            self._withdrawn(entry, fact)
        elif isinstance(fact, facts.WithdrawalApplied):
            self._applied(entry)
        elif not isinstance(fact, facts.ImportReversed):  # which stands between them, by the order of streams
            self._whole()
            self._takes_part(entry, fact)

    def _withdrawn(self, entry: Entry, fact: facts.UnitWithdrawn) -> None:
        self._position = entry.position
        known = self.scores.cycles.get(entry.subject.removeprefix("cycle/"))
        if known is None or known.phase not in ENROLLING or fact.unit not in known.units:
            self.findings.at(entry.position, "该单位当时不能撤出", "no unit could be withdrawn here", fact.unit)
            return
        done = f"sheet/{known.id}/{fact.unit}/"
        if any(sheet.actors for stream, sheet in self.scores.sheets.items() if stream.startswith(done)):
            self.findings.at(
                entry.position, "撤出了已有办理事项的单位", "a unit was withdrawn that things were done for", fact.unit
            )
        if known.phase == "draft":
            return
        try:
            self._missing |= set(sheets(known, self.scores.rubric(known.hash), {fact.unit}))
        except UnreadableError:
            return  # the missing rubric is found where scores are compared

    def _applied(self, entry: Entry) -> None:
        if entry.subject not in self._missing:
            self.findings.at(
                entry.position, "表上的撤出无所依据", "a withdrawal on a sheet that no cycle made", entry.subject
            )
        self._missing.discard(entry.subject)

    def _whole(self) -> None:
        if self._missing:
            self.findings.at(
                self._position, "撤出未落到每张表", "not every sheet of the unit got its withdrawal", min(self._missing)
            )
            self._missing = set()

    def _takes_part(self, entry: Entry, fact: Any) -> None:
        if not entry.subject.startswith("sheet/") or isinstance(fact, facts.RubricApplied):
            return
        _, cycle, unit, _ = entry.subject.split("/")
        known = self.scores.cycles.get(cycle)
        if known is not None and unit not in known.units:
            self.findings.at(
                entry.position, "在不参加考核的单位的表上操作", "an act on the sheet of a unit that takes no part", unit
            )

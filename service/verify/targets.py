"""Targets: each on its sheet as it was issued, and what could move a score only as two people decided."""

from dataclasses import dataclass, field
from typing import Any

from domain import facts, targets
from domain.cycle import Cycle
from domain.refusals import Refused
from domain.sheet import Sheet
from service.verify.entries import Entry, UnreadableError
from service.verify.findings import Findings
from service.verify.scores import Scores

_Due = tuple[str, Any, str]
"""What has to come next: its stream, its fact, and when it holds from."""


@dataclass(slots=True)
class Targets:
    """Takes entries with their facts, in the order of their positions, before the scores take them."""

    findings: Findings
    scores: Scores
    _due: list[_Due] = field(default_factory=list)
    _position: int = 0

    def take(self, entry: Entry, fact: Any) -> None:
        """Checks one entry: in a commit its confirmation, the target and the target on its sheet follow one another."""
        due, self._due = self._due, []
        if due and due[0] == (entry.subject, fact, entry.effective):
            self._due = due[1:]
            return
        if due:
            self.findings.at(
                self._position, "目标未照此落到表上", "the target does not stand on its sheet as this says", due[0][0]
            )
        if isinstance(fact, facts.TargetApplied):
            self._find(entry, "表上的目标未经下达", "a target on a sheet that nobody issued")
        elif isinstance(fact, facts.TargetIssued):
            self._issued(entry, fact)
        elif isinstance(fact, facts.TargetChangeConfirmed):
            self._confirmed(entry, fact)

    def _issued(self, entry: Entry, fact: facts.TargetIssued) -> None:
        cycle = self._cycle(entry)
        sheet = self._sheet(cycle, fact)
        if sheet is not None:
            if not targets.alone(cycle, sheet, fact.leaf):
                self._find(entry, "可能影响成绩的目标由一人下达", "one person issued a target that could move a score")
            self._expect(entry, [_on(sheet, fact, entry.effective)])

    def _confirmed(self, entry: Entry, fact: facts.TargetChangeConfirmed) -> None:
        cycle = self._cycle(entry)
        found = cycle.target_changes.get(fact.change)
        if found is None:
            return  # found where proposals are compared
        wanted, holds = targets.issued(found.fact), found.fact.effective
        sheet = self._sheet(cycle, wanted)
        more = [] if sheet is None else [_on(sheet, wanted, holds)]
        self._expect(entry, [(entry.subject, wanted, holds), *more])

    def _sheet(self, cycle: Cycle, fact: facts.TargetIssued) -> Sheet | None:
        """The sheet a target is for; None where the rubric is missing, which is found where scores are compared."""
        try:
            item = targets.item_of(self.scores.rubric(cycle.hash), fact.leaf)
        except (UnreadableError, Refused):
            return None
        stream = f"sheet/{cycle.id}/{fact.unit}/{item}"
        return self.scores.sheets.get(stream) or Sheet.of(stream)

    def _cycle(self, entry: Entry) -> Cycle:
        name = entry.subject.removeprefix("cycle/")
        return self.scores.cycles.get(name, Cycle(name))

    def _expect(self, entry: Entry, due: list[_Due]) -> None:
        self._due, self._position = due, entry.position

    def _find(self, entry: Entry, zh: str, en: str) -> None:
        self.findings.at(entry.position, zh, en, f"{entry.subject} {entry.data.get('leaf')}")


def _on(sheet: Sheet, issued: facts.TargetIssued, holds: str) -> _Due:
    return f"sheet/{sheet.cycle}/{sheet.unit}/{sheet.item}", targets.applied(issued), holds

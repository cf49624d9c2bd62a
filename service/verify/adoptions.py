"""Adoptions of another rubric: published before, on every sheet of the cycle with one commit, and nowhere else."""

from dataclasses import dataclass, field
from typing import Any

from domain import facts
from domain.adoption import applied, sheets
from domain.cycle import Cycle
from domain.refusals import Refused
from domain.rubric.model import Rubric
from domain.rubric.questions import Decision
from domain.rubric.successor import keeps
from service.verify.entries import Entry, UnreadableError
from service.verify.findings import Findings
from service.verify.scores import Scores


@dataclass(slots=True)
class Adoptions:
    """Takes entries with their facts, in the order of their positions, before the scores take them."""

    findings: Findings
    scores: Scores
    _published: set[str] = field(default_factory=set)
    _decided: set[tuple[str, Decision | None]] = field(default_factory=set)
    _adopted: facts.RubricAdopted | None = None
    _cycle: str = ""
    _position: int = 0
    _missing: set[str] = field(default_factory=set)
    _known: bool = False

    def take(self, entry: Entry, fact: Any) -> None:
        """Checks one entry: whatever follows an adoption before every sheet has it shows that some never got it."""
        if isinstance(fact, facts.RubricApplied):
            self._applied(entry, fact)
            return
        if self._missing:
            self.findings.at(
                self._position, "考核表变更未落到每张表", "not every sheet of the cycle got the adopted rubric",
                min(self._missing),
            )  # fmt: skip
            self._missing = set()
        self._adopted, self._known = None, False
        if isinstance(fact, facts.RubricPublished):
            self._published.add(fact.hash)
        elif isinstance(fact, facts.InterpretationDecided):
            self._decided.add((fact.question, Decision(fact.option, entry.actor, fact.reason)))
        elif isinstance(fact, facts.RubricAdopted):
            self._begin(entry, fact)

    def _begin(self, entry: Entry, fact: facts.RubricAdopted) -> None:
        self._adopted, self._cycle, self._position = fact, entry.subject, entry.position
        if fact.hash not in self._published:
            self.findings.at(
                entry.position, "采用了未公布的考核表", "adopted a rubric that was not published", fact.hash
            )
        known = self.scores.cycles.get(entry.subject.removeprefix("cycle/"))
        if known is None or known.hash != fact.before:
            self.findings.at(
                entry.position, "变更前的考核表不符", "the rubric before is not the one named", fact.before
            )
            return
        try:
            before, after = self.scores.rubric(fact.before), self.scores.rubric(fact.hash)
        except UnreadableError:
            return  # the missing rubric is found where scores are compared
        self._missing, self._known = set(sheets(known, after)), True
        self._register(entry, before, after)
        self._kept(entry, known, (before, after))

    def _register(self, entry: Entry, before: Rubric, after: Rubric) -> None:
        """Every question is decided as it was under the rubric before, or by an event since."""
        known = {(each.id, each.decided) for each in before.questions} | self._decided
        for question in after.questions:
            if question.decided is not None and (question.id, question.decided) not in known:
                self.findings.at(
                    entry.position, "口径的决定没有事件为凭", "a question was decided without an event", question.id
                )

    def _kept(self, entry: Entry, known: Cycle, rubrics: tuple[Rubric, Rubric]) -> None:
        for cohort in sorted({unit.cohort for unit in known.units.values()}):
            try:
                keeps(*rubrics, cohort)
            except Refused as refused:
                self.findings.at(
                    entry.position, "采用的考核表缺少已有的评分点", "the adopted rubric lacks leaves there were",
                    refused.detail_en,
                )  # fmt: skip

    def _applied(self, entry: Entry, fact: facts.RubricApplied) -> None:
        cycle, adopted = entry.subject.split("/")[1], self._adopted
        once = entry.subject in self._missing or not self._known
        if adopted is None or adopted.hash != fact.hash or self._cycle != f"cycle/{cycle}" or not once:
            self.findings.at(
                entry.position,
                "表上的考核表变更未经采用",
                "a rubric applied to a sheet that no cycle adopted",
                fact.hash,
            )
        elif self._known and fact != self._wanted(cycle, adopted, entry.subject):
            self.findings.at(
                entry.position,
                "表上的考核表变更与所采用的不符",
                "a rubric is applied otherwise than it was adopted",
                entry.subject,
            )
        self._missing.discard(entry.subject)

    def _wanted(self, cycle: str, adopted: facts.RubricAdopted, stream: str) -> facts.RubricApplied:
        rubrics = (self.scores.rubric(adopted.before), self.scores.rubric(adopted.hash))
        return applied(self.scores.cycles[cycle], adopted, rubrics, stream)

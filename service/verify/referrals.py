"""Referrals: an appeal that an objection led to was filed with its answer, by who gave it, and decided by an outsider.

Points go down by the decision on such an appeal alone, and only where another unit had objected.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from domain import facts
from domain.cycle_contents import Objection, objected
from domain.people import Person
from domain.points import BadPoints, parse
from domain.referrals import appeal_of, filed_by, may_cost, party
from domain.sheet import Sheet
from service.verify.entries import Entry
from service.verify.findings import Findings


@dataclass(slots=True)
class Referrals:
    """Takes entries with their facts, in the order of their positions; a commit's year stands before its sheets."""

    findings: Findings
    _objections: dict[str, Mapping[str, Objection]] = field(default_factory=lambda: defaultdict(dict))
    _people: dict[str, Person] = field(default_factory=dict)
    _waiting: tuple[Entry, str] | None = None  # the answer that the very next entry has to follow

    def take(self, entry: Entry, fact: Any, sheet: Sheet | None) -> None:
        """Checks one entry; ``sheet`` is its sheet as it stood before."""
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not _follows(waiting, entry, fact):
            self.findings.at(
                waiting[0].position,
                "转为申诉的异议未立申诉",
                "an objection was referred and no appeal filed",
                waiting[1],
            )
        kind, _, key = entry.subject.partition("/")
        if kind == "person":
            self._people[key] = self._people.get(key, Person(key)).evolve(fact, entry.actor)
        elif isinstance(fact, facts.ObjectionFiled | facts.ObjectionAnswered):
            self._objections[key] = objected(self._objections[key], fact, entry.actor)
            said = self._objections[key].get(fact.objection)
            if isinstance(fact, facts.ObjectionAnswered) and said and appeal_of(key, said):
                self._waiting = entry, fact.appeal
        elif sheet is not None and isinstance(fact, facts.AppealFiled) and fact.objection:
            self._filed(entry, fact, sheet, waiting)
        elif sheet is not None and isinstance(fact, facts.AppealDecided):
            self._decided(entry, fact, sheet)

    def _filed(self, entry: Entry, fact: facts.AppealFiled, sheet: Sheet, waiting: tuple[Entry, str] | None) -> None:
        found = self._objections[sheet.cycle].get(fact.objection)
        with_answer = waiting is not None and _follows(waiting, entry, fact)
        if not with_answer or not filed_by(found, entry.subject, fact, entry.actor):
            self.findings.at(
                entry.position, "申诉并非随异议答复所立", "an appeal that no answer of an objection filed", fact.appeal
            )

    def _decided(self, entry: Entry, fact: facts.AppealDecided, sheet: Sheet) -> None:
        appeal = sheet.appeals.get(fact.appeal)
        found = self._objections[sheet.cycle].get(appeal.objection) if appeal else None
        if _costs(fact.delta) and not may_cost(found):
            self.findings.at(
                entry.position,
                "申诉使本单位失分",
                "an appeal that cost its own unit points",
                f"{fact.appeal} {fact.delta}",
            )
        if found is not None and party(found, self._people.get(entry.actor, Person(entry.actor))):
            self.findings.at(
                entry.position, "与异议有关的人裁决申诉", "an appeal decided by a party to its objection", entry.actor
            )


def _follows(answer: tuple[Entry, str], entry: Entry, fact: Any) -> bool:
    """Whether an entry is the appeal of the answer just before it, written with it by the same person."""
    before, appeal = answer
    return (
        isinstance(fact, facts.AppealFiled)
        and fact.appeal == appeal
        and (before.position + 1, before.time, before.actor) == (entry.position, entry.time, entry.actor)
    )


def _costs(delta: str) -> bool:
    try:
        return parse(delta) < 0
    except BadPoints:
        return False  # unreadable points are found where the sheet is folded

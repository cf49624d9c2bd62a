"""Double marking: seals open to what they held, only what differs is moderated, exactly the drawn leaves sealed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from domain import facts, marking
from domain.commitments import opens
from domain.sheet import Sheet
from service.verify.entries import Entry
from service.verify.findings import Findings
from service.verify.permits import DepartmentOf

LAG = timedelta(seconds=30)
"""A judgement decided just before a rule changed may be ordered just behind it; both times stand in the entries."""


@dataclass(frozen=True, slots=True)
class _Judged:
    """A first judgement: where, of what, for which department, and the rule it was sealed under ("" for none)."""

    position: int
    time: datetime
    unit: str
    leaf: str
    department: str
    marking: str


@dataclass(slots=True)
class _Rule:
    fact: facts.MarkingSet
    since: datetime
    until: datetime | None = None


@dataclass(slots=True)
class Rounds:
    """Takes entries with their facts, in the order of their positions."""

    findings: Findings
    department_of: DepartmentOf
    _rules: dict[str, dict[str, _Rule]] = field(default_factory=dict)
    _judged: dict[str, list[_Judged]] = field(default_factory=dict)

    def take(self, entry: Entry, fact: Any, sheet: Sheet | None) -> None:
        """Checks one act; `sheet` is its sheet as it stood before."""
        if sheet is not None:
            self._on_sheet(entry, fact, sheet)
        elif isinstance(fact, facts.MarkingSet):
            rules = self._rules.setdefault(_cycle(entry), {})
            for rule in rules.values():
                rule.until = rule.until or _moment(entry)
            rules[fact.marking] = _Rule(fact, _moment(entry))
        elif isinstance(fact, facts.MarkingRevealed):
            self._revealed(entry, fact)

    def _on_sheet(self, entry: Entry, fact: Any, sheet: Sheet) -> None:
        match fact:
            case facts.LeafJudged():
                self._first(entry, sheet, fact.leaf, "")
            case facts.JudgementSealed():
                self._first(entry, sheet, fact.leaf, fact.marking)
                rule = self._rules.get(sheet.cycle, {}).get(fact.marking)
                if rule is None or rule.fact.limit != fact.limit:
                    self._find(
                        entry, "封存所依双评规则不存在或不符", "sealed under no rule of the cycle, or another one"
                    )
            case facts.JudgementOpened():
                self._opened(entry, fact, sheet)
            case facts.JudgementModerated():
                found = sheet.rounds.get(fact.leaf)
                if found is None or found.state != "differing":
                    self._find(entry, "仲裁了未超限差的评分", "moderated what does not differ by more than the limit")

    def _first(self, entry: Entry, sheet: Sheet, leaf: str, rule: str) -> None:
        known = self._judged.setdefault(sheet.cycle, [])
        department = self.department_of(sheet.cycle, leaf) or ""  # of the rubric that the cycle stood under then
        known.append(_Judged(entry.position, _moment(entry), sheet.unit, leaf, department, rule))

    def _opened(self, entry: Entry, fact: facts.JudgementOpened, sheet: Sheet) -> None:
        found = sheet.rounds.get(fact.leaf)
        if found is None or found.known or entry.actor not in {found.second, found.signer}:
            self._find(entry, "启封时无第二评或豁免", "opened before there was a second judgement or a waiver")
            return
        context = marking.sealed(sheet.cycle, sheet.unit, fact.leaf)
        if not opens(found.seal, fact.salt, context, marking.content(fact.points, fact.reason)):
            self._find(entry, "启封内容与封存不符", "what was opened is not what was sealed")

    def _revealed(self, entry: Entry, fact: facts.MarkingRevealed) -> None:
        rule = self._rules.get(_cycle(entry), {}).get(fact.marking)
        if rule is None or not opens(rule.fact.seed, fact.salt, marking.SEED_CONTEXT, fact.seed):
            self._find(entry, "公开的种子与承诺不符", "the seed revealed is not the one committed to")
            return
        rule.until = rule.until or _moment(entry)
        for each, wanted in self._under(_cycle(entry), rule, fact.seed):
            if wanted != bool(each.marking):
                self.findings.at(
                    each.position,
                    "双评抽样与种子不符",
                    "a leaf that the seed draws was judged once" if wanted else "sealed, but the seed does not draw it",
                    f"{each.unit} {each.leaf}",
                )

    def _under(self, cycle: str, rule: _Rule, seed: str) -> Iterator[tuple[_Judged, bool]]:
        """Each first judgement under the rule, and whether the seed draws its leaf."""
        for each in self._judged.get(cycle, ()):
            within = rule.since + LAG < each.time and (rule.until is None or each.time + LAG < rule.until)
            if each.marking == rule.fact.marking or (not each.marking and within):
                percent = marking.percent_of(rule.fact, each.department)
                yield each, marking.drawn(seed, cycle, each.unit, each.leaf, percent)

    def _find(self, entry: Entry, zh: str, en: str) -> None:
        self.findings.at(entry.position, zh, en, entry.subject)


def _cycle(entry: Entry) -> str:
    return entry.subject.removeprefix("cycle/")


def _moment(entry: Entry) -> datetime:
    return datetime.fromisoformat(entry.time.removesuffix("Z"))

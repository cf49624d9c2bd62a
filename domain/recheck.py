"""The whole history gone through again: did two different people act wherever two must, and did conflicts block?

Independent of what let an act through at its time: it looks only at who did what, in the order of positions. Rules
compare people, not roles (workflow, "People").
"""

from dataclasses import dataclass, field, replace

from domain import facts
from domain.admission import LETTING_IN, alone, needs_two
from domain.disputes import Disputes, Found
from domain.duties import conflicted
from domain.issuing import Issuing
from domain.pairs import BEGINS, ENDS, firsts_of
from domain.partiality import about, groundless, others
from domain.people import Grant, Person
from domain.reliance import Reliance, Tokens
from domain.sheet import Sheet

_ADJUSTED = (facts.AdjustmentApproved, facts.AdjustmentDeclined, facts.AdjustmentRevoked)
_AWARDED = (facts.BonusGranted, facts.BonusDeclined, facts.BonusRevoked, facts.JointSplitDecided)
_REVIEWED = (
    facts.FiguresVerified, facts.LeafJudged, facts.NotApplicableConfirmed, facts.EvidenceReviewed,
    facts.JudgementSealed, facts.SecondJudgementGiven,
)  # fmt: skip
_ROUND = (facts.SecondJudgementWaived, facts.JudgementModerated)
_PROPOSED = (facts.AdjustmentProposed, facts.BonusProposed, facts.JointSplitProposed)
_JUDGING = (*_ADJUSTED, *_AWARDED, *_REVIEWED, *_PROPOSED, *_ROUND, facts.AppealDecided)


@dataclass(frozen=True, slots=True)
class Breach:
    """An act that one of the rules forbids: ``rule`` is what was begun, "own-unit" or "conflict"."""

    position: int
    stream: str
    actor: str
    act: str
    rule: str


@dataclass(slots=True)
class Recheck:
    """Takes every event of the record once; then ``breaches`` are all there are among ``checked`` acts, by rule.

    ``reliances`` are acts of two people of whom one had issued a token of the other's.
    ``cycle`` limits what is counted to one cycle and to what belongs to none; people are followed everywhere.
    """

    cycle: str
    checked: dict[str, int] = field(default_factory=dict)
    breaches: list[Breach] = field(default_factory=list)
    reliances: list[Reliance] = field(default_factory=list)
    _tokens: Tokens = field(default_factory=Tokens)
    _people: dict[str, Person] = field(default_factory=dict)
    _sheets: dict[str, Sheet] = field(default_factory=dict)
    _begun: dict[tuple[str, str, str], str] = field(default_factory=dict)
    _waived: list[facts.WaiverSigned] = field(default_factory=list)
    _issuing: Issuing = field(default_factory=Issuing)
    _disputes: Disputes = field(default_factory=Disputes)
    _counts: bool = True

    def take(self, position: int, stream: str, actor: str, fact: facts.Fact, *, counts: bool = True) -> None:
        """Takes in the next event, in the order of positions; one that does not count is known, and not checked."""
        self._counts = counts
        act = Breach(position, stream, actor, type(fact).__name__, "")
        kind, _, key = stream.partition("/")
        if kind == "person":
            self._admission(act, self._person(key), fact)
            self._people[key] = self._person(key).evolve(fact, actor)
            self._tokens.take(key, actor, fact)
        elif kind == "sheet":
            if key.split("/")[0] == self.cycle:
                self._sheet(act, fact)
        elif kind != "cycle" or key == self.cycle:
            self._pair(act, fact)

    def _admission(self, act: Breach, person: Person, fact: facts.Fact) -> None:
        """Checks who lets in anew somebody who decides something."""
        if isinstance(fact, LETTING_IN) and needs_two(person, act.actor):
            self._check("readmission", alone(person, act.actor), act)

    def _pair(self, act: Breach, fact: facts.Fact) -> None:
        stream, person = act.stream, self._person(act.actor)
        of_year = stream.startswith("cycle/")
        if of_year and (lone := self._issuing.take(fact, act.actor, self._sheets.values())) is not None:
            self._check("target-change", lone, act)
        if unit := about(fact):
            self._check("conflict", conflicted(person, unit), act)
        if isinstance(fact, facts.WaiverSigned):
            self._waived.append(fact)
            self._check("waiver", groundless(fact, person, self._people.values()), act)
        if of_year:
            self._disputed(self._disputes.on_year(fact, person), act)
        if (began := BEGINS.get(type(fact))) is not None:
            self._begun[stream, began[0], str(getattr(fact, began[1]))] = act.actor
        elif (ended := ENDS.get(type(fact))) is not None:
            rule, member = ended
            first = self._begun.get((stream, rule, str(getattr(fact, member))))
            if rule == "recomputation" and first == "":  # a program asked for it, so one person alone has agreed
                self._check(rule, True, act)
            else:
                self._two(rule, frozenset({first or ""}), act)

    def _sheet(self, act: Breach, fact: facts.Fact) -> None:
        sheet, person = self._sheets.setdefault(act.stream, Sheet.of(act.stream)), self._person(act.actor)
        if isinstance(fact, _JUDGING):
            waived = isinstance(fact, (*_REVIEWED, *_PROPOSED)) and self._is_waived(act.actor, sheet.unit)
            conflict = Grant("unit", sheet.unit) in person.grants if waived else conflicted(person, sheet.unit)
            self._check("conflict", conflict, act)
            self._check("own-unit", act.actor in sheet.filers, act)
        elif isinstance(fact, facts.AppealAssigned):
            self._check("conflict", conflicted(person, sheet.unit), act)
        rule, firsts = firsts_of(sheet, fact)
        if rule:
            self._two(rule, firsts, act)
        self._disputed(self._disputes.on_sheet(act.stream, sheet, fact, person), act)
        sheet.evolve(fact, act.actor)

    def _disputed(self, found: Found | None, act: Breach) -> None:
        if found is not None:
            self._check(*found, act)

    def _person(self, key: str) -> Person:
        return self._people.get(key, Person(key))

    def _is_waived(self, person: str, unit: str) -> bool:
        """Whether a waiver lets the person act on the unit, and nobody else could: in which department, no act says."""
        mine = [each for each in self._waived if (each.person, each.unit) == (person, unit)]
        return any(not others(each, self._people.values()) for each in mine)

    def _two(self, rule: str, firsts: frozenset[str], act: Breach) -> None:
        """Checks an act that somebody else than ``firsts`` has to do."""
        self._check(rule, act.actor in firsts, act)
        for first in sorted(firsts) if self._counts else ():
            if (found := self._tokens.between(first, act.actor)) is not None:
                self.reliances.append(Reliance(act.position, act.stream, act.actor, act.act, rule, *found))

    def _check(self, rule: str, broken: bool, act: Breach) -> None:
        if not self._counts:
            return
        self.checked[rule] = self.checked.get(rule, 0) + 1
        if broken and act.actor:
            self.breaches.append(replace(act, rule=rule))

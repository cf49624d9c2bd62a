"""Keys: each counts once a register in the city, for who reserved it; a joint claim is what the key's stream says."""

from collections import defaultdict
from typing import Any

from domain import claims, facts, keys
from domain.fit import moved_keys
from domain.refusals import Refused
from domain.rubric.model import Rubric
from domain.sheet import Sheet
from service.verify.entries import Entry, UnreadableError
from service.verify.findings import Findings
from service.verify.scores import Scores

_JOINT = (facts.JointClaimed, facts.JointClaimAgreed, facts.JointClaimDisputed, facts.JointSplitDecided)
# Facts by which a bonus of a sheet stands under a key, and by which it stands there no longer.
_TAKES = (facts.BonusClaimed, facts.BonusProposed, *_JOINT)
_FREES = (facts.BonusDeclined, facts.BonusRevoked)

Holders = set[tuple[str, str]]
"""Units with the bonuses by which they hold a key."""


class SharedKeys:
    """Takes entries with their facts in order; a commit's streams stand sorted, a key's before the sheets'."""

    def __init__(self, findings: Findings, scores: Scores) -> None:
        self._findings = findings
        self._scores = scores
        self._keys: dict[str, claims.Claim] = defaultdict(claims.Claim)
        self._open: dict[str, Holders] = defaultdict(set)

    def take(self, entry: Entry, fact: Any, sheet: Sheet | None) -> None:
        """Follows a key's stream, and checks a sheet's fact against it; ``sheet`` as it stood before."""
        if entry.subject.startswith("claim/"):
            self._keys[entry.subject] = self._keys[entry.subject].evolve(fact, entry.effective)
        elif sheet is not None and isinstance(fact, facts.RubricApplied):
            self._moved(entry, fact, sheet)
        elif sheet is not None and isinstance(fact, (*_TAKES, *_FREES, facts.BonusGranted)):
            rubric = self._rubric(sheet)
            if rubric is None:
                return
            try:
                stream = _stream(sheet, fact, rubric)
            except (Refused, KeyError):
                self._findings.at(entry.position, "没有这个登记号", "stands under no key", fact.bonus)
                return
            self._joint(entry, fact, sheet, stream)
            self._once(entry, fact, sheet, stream, each=keys.counts_for_each(rubric, fact.leaf))

    def _moved(self, entry: Entry, fact: facts.RubricApplied, sheet: Sheet) -> None:
        """A key that is held stays in its register, whatever rubric the sheet goes on under."""
        before, after = self._rubric(sheet), self._known(fact.hash)
        for leaf in moved_keys(before, after, sheet) if before and after else ():
            self._findings.at(
                entry.position, "在用登记号的登记册被更换", "another register for a key that is held",
                f"{sheet.unit} {leaf}",
            )  # fmt: skip

    def _joint(self, entry: Entry, fact: Any, sheet: Sheet, stream: str) -> None:
        if not isinstance(fact, _JOINT):
            return
        joint = self._keys[stream].joint
        if joint is None or joint.bonus != fact.bonus or joint.shares != fact.shares or fact.unit != sheet.unit:
            self._findings.at(
                entry.position, "与该登记号的联合申报不符", "does not fit the joint claim of its key",
                f"{sheet.unit} {fact.bonus}",
            )  # fmt: skip
        elif entry.effective != joint.effective:
            self._findings.at(
                entry.position, "联合申报各方的生效时间不同", "a joint claim from another time than its partners",
                f"{sheet.unit} {fact.bonus}",
            )  # fmt: skip

    def _once(self, entry: Entry, fact: Any, sheet: Sheet, stream: str, *, each: bool) -> None:
        own, held = (sheet.unit, fact.bonus), self._open[stream]
        if isinstance(fact, _FREES) or (isinstance(fact, facts.JointSplitDecided) and sheet.unit not in fact.shares):
            held.discard(own)
            return
        if any(bonus != fact.bonus and (not each or unit == sheet.unit) for unit, bonus in held):
            self._findings.at(entry.position, "登记号重复计分", "a key that counts twice", f"{sheet.unit} {fact.bonus}")
        if own not in {(holder.unit, holder.bonus) for holder in self._keys[stream].holders}:
            self._findings.at(
                entry.position, "登记号未先登记", "a key that this bonus never reserved", f"{sheet.unit} {fact.bonus}"
            )
        held.add(own)

    def _rubric(self, sheet: Sheet) -> Rubric | None:
        """The rubric the sheet then stood under; None for one that is missing, which is a finding of its own."""
        cycle = self._scores.cycles.get(sheet.cycle)
        unit = cycle.ever(sheet.unit) if cycle else None
        return self._known(sheet.rubric or (unit.rubric if unit else cycle.hash if cycle else ""))

    def _known(self, digest: str) -> Rubric | None:
        try:
            return self._scores.rubric(digest)
        except UnreadableError:
            return None


def _stream(sheet: Sheet, fact: Any, rubric: Rubric) -> str:
    """The stream of the key that a fact is about; raises KeyError or Refused where there is none."""
    key = sheet.bonuses[fact.bonus].key if isinstance(fact, (*_FREES, facts.BonusGranted)) else fact.key
    return keys.stream(sheet.cycle, rubric.register_of(fact.leaf), key)

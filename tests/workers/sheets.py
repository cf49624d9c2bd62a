"""What happens on one sheet in a year: filing, evidence, reviews, corrections, judgements, points and bonuses."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from domain import facts
from domain.points import parse, show
from domain.rubric import rules
from domain.rubric.leaves import Face
from events.entry import Actor

Burst = list[tuple[facts.Fact, Actor]]
REASON = "经核对报表、名册与现场记录，情况属实"
NAME = "5f" * 32
BY_CLAIM = (rules.Tally, rules.Award)


@dataclass(frozen=True, slots=True)
class Script:
    """Tells the year of one sheet, by chance; ``files`` is the most evidence files a leaf gets."""

    unit: str
    faces: Mapping[str, Face]
    chance: random.Random
    files: int = 8

    def bursts(self) -> Iterator[Burst]:
        """What each sitting of a person leaves, in order."""
        asked = [leaf for leaf, face in self.faces.items() if not isinstance(face.rule, (*BY_CLAIM, rules.OverTarget))]
        yield from self._filed(asked)
        for leaf in asked:
            if self.chance.random() < 0.06:
                yield from self._adjusted(leaf)
        for leaf, face in self.faces.items():
            if isinstance(face.rule, BY_CLAIM):
                yield from self._bonuses(leaf, face.rule)

    def _filed(self, asked: list[str]) -> Iterator[Burst]:
        waiting = list(asked)
        while waiting:
            evidence = [(self._id(), leaf) for leaf in waiting for _ in range(self.chance.randint(2, self.files))]
            yield [
                (facts.FiguresSubmitted(self._id(), {leaf: self._figures(leaf) for leaf in waiting}), self._person()),
                *[(self._attached(file, leaf), self._person()) for file, leaf in evidence],
            ]
            yield [(self._reviewed(file, leaf), self._reviewer()) for file, leaf in evidence]
            yield [act for leaf in waiting for act in self._verified(leaf)]
            waiting = [leaf for leaf in waiting if self.chance.random() < 0.25]

    def _verified(self, leaf: str) -> Burst:
        draw = self.chance.random()
        if draw < 0.02 and isinstance(self.faces[leaf].rule, rules.Ratio):
            return [(facts.NotApplicableConfirmed(leaf, REASON), self._reviewer())]
        if isinstance(self.faces[leaf].rule, rules.Judged):
            if draw < 0.5:
                return self._round(leaf)
            return [(facts.LeafJudged(leaf, self._figures(leaf)["points"], REASON), self._reviewer())]
        return [(facts.FiguresVerified(leaf, self._id(), self._figures(leaf), draw > 0.8, REASON), self._reviewer())]

    def _round(self, leaf: str) -> Burst:
        """A leaf that is judged twice; now and then a second judgement, or a moderation, is never given."""
        first, second, third = (self._figures(leaf)["points"] for _ in range(3))
        other, limit = Actor("second-reviewer", "reviewer", "organisation"), 50
        told: Burst = [(facts.JudgementSealed(leaf, self._id(), show(limit), NAME), self._reviewer())]
        if self.chance.random() < 0.8:
            told += [
                (facts.SecondJudgementGiven(leaf, second, REASON), other),
                (facts.JudgementOpened(leaf, first, REASON, NAME), other),
            ]
            if abs(parse(first) - parse(second)) > limit and self.chance.random() < 0.7:
                told.append((facts.JudgementModerated(leaf, third, REASON), Actor("approver", "approver", "*")))
        return told

    def _adjusted(self, leaf: str) -> Iterator[Burst]:
        one = self._id()
        delta = show(self.chance.choice((-50, -20, 10, 30)))
        yield [(facts.AdjustmentProposed(one, leaf, delta, "late", REASON), self._reviewer())]
        if self.chance.random() < 0.8:
            yield [(facts.AdjustmentApproved(one, leaf, REASON), Actor("approver", "approver", "*"))]
            if self.chance.random() < 0.1:
                yield [(facts.AdjustmentRevoked(one, leaf, REASON), Actor("approver", "approver", "*"))]
        else:
            yield [(facts.AdjustmentDeclined(one, leaf, REASON), Actor("approver", "approver", "*"))]

    def _bonuses(self, leaf: str, rule: Any) -> Iterator[Burst]:
        levels = getattr(rule, "levels", ())
        for _ in range(self.chance.randint(0, 3)):
            one, key = self._id(), self._id()
            level = self.chance.choice(levels).id if levels else ""
            yield [(facts.BonusClaimed(one, leaf, key, "行业集体合同"), self._person())]
            yield [(facts.BonusProposed(one, leaf, key, "行业集体合同", level, REASON, []), self._reviewer())]
            decided = facts.BonusGranted if self.chance.random() < 0.8 else facts.BonusDeclined
            yield [(decided(one, leaf, REASON), Actor("approver", "approver", "*"))]

    def _figures(self, leaf: str) -> dict[str, Any]:
        return figures(self.faces[leaf].rule, self.chance)

    def _attached(self, file: str, leaf: str) -> facts.EvidenceAttached:
        return facts.EvidenceAttached(
            file, leaf, f"{self.chance.getrandbits(256):064x}", "application/pdf", 9_421, NAME
        )

    def _reviewed(self, file: str, leaf: str) -> facts.EvidenceReviewed:
        outcome = self.chance.choices(("accepted", "returned", "rejected"), (8, 1, 1))[0]
        return facts.EvidenceReviewed(file, leaf, outcome, REASON)

    def _id(self) -> str:
        drawn = f"{self.chance.getrandbits(128):032x}"
        return f"{drawn[:8]}-{drawn[8:12]}-7{drawn[13:16]}-8{drawn[17:20]}-{drawn[20:]}"

    def _person(self) -> Actor:
        return Actor(f"person-of-{self.unit}", "unit", self.unit)

    def _reviewer(self) -> Actor:
        return Actor("reviewer", "reviewer", "organisation")


def figures(rule: rules.Rule, chance: random.Random) -> dict[str, Any]:
    """Figures that the door would let in."""
    match rule:
        case rules.Ratio():
            denominator = chance.randint(0 if chance.random() < 0.1 else 1, 900)
            return {"numerator": chance.randint(denominator // 2, denominator), "denominator": denominator}
        case rules.Task():
            return {"actual": chance.randint(0, 150), "target": chance.randint(1, 120)}
        case rules.Count():
            return {"count": chance.randint(0, 8)}
        case rules.Checklist():
            return {"yes": [entry.id for entry in rule.entries if chance.random() < 0.8]}
        case rules.Presence():
            return {"yes": chance.random() < 0.9}
        case rules.Judged():
            return {"points": show(chance.choice(rule.steps))}
        case rules.Increment():
            stations = chance.randint(1, 60)
            return {"stations": stations, "total": stations * chance.randint(2_000, 12_000)}
    raise TypeError(type(rule).__name__)

"""Several units' sheets of one item around one key, as the service keeps them: an act is on all of them or on none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from domain import claims, facts, keys
from domain.acts.case import Case, Decided
from domain.columns import LeafScore, columns
from domain.cycle_contents import Unit
from domain.joint import Joint
from domain.people import Person
from domain.scoring import compile_item
from domain.sheet import Sheet
from tests.domain.stage import EARLY, RUBRIC, cycle, person

UNITS = ("ganjingzi", "xigang", "zhongshan")
CLERKS = {unit: person(f"clerk of {unit}", ("unit", unit)) for unit in UNITS}
OWN = (facts.BonusClaimed, facts.JointClaimed, facts.JointClaimAgreed, facts.JointClaimDisputed)
ON_KEY = (facts.JointSplitProposed, facts.JointSplitDecided)


@dataclass
class Partners:
    """The sheets by unit, the keys by their stream, and what was recorded where, in order."""

    item: str = "7"
    each: bool = False
    sheets: dict[str, Sheet] = field(default_factory=dict)
    keys: dict[str, claims.Claim] = field(default_factory=dict)
    recorded: list[tuple[str, facts.Fact, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sheets = self.empty()
        self.rules = {leaf.id: leaf.faces["district"].rule for leaf in RUBRIC.item(self.item).leaves}

    def empty(self) -> dict[str, Sheet]:
        return {unit: Sheet.of(f"sheet/2026/{unit}/{self.item}") for unit in UNITS}

    def case(self, unit: str, who: Person) -> Case:
        units = {each: Unit(each, "district", each, each) for each in UNITS}
        year = replace(cycle(), units=units)
        return Case(self.sheets[unit], year, RUBRIC.item(self.item), "district", who, EARLY)

    def joint(self, leaf: str, key: str, bonus: str, unit: str) -> Joint:
        held = self.keys.get(keys.stream("2026", RUBRIC.register_of(leaf), key), claims.Claim())
        return claims.held_jointly(held, bonus, unit, leaf)

    def do(self, unit: str, who: Person, decide: Callable[[Case], Decided]) -> list[facts.Fact]:
        """Decides on the unit's sheet, its key and every partner's sheet, and only then records it on all."""
        sheet = self.sheets[unit]
        [fact] = decide(self.case(unit, who)).facts
        stream = keys.stream_of(sheet, fact, RUBRIC)
        happened: list[tuple[str, facts.Fact]] = [(unit, fact)]
        following: list[facts.Fact] = []
        if stream:
            following = claims.follow(self.keys.get(stream, claims.Claim()), sheet, fact, self.each)
        for partner in self._others(unit, fact):
            if isinstance(fact, ON_KEY) or fact.bonus in self.sheets[partner].bonuses:  # type: ignore[union-attr]
                happened += [(partner, each) for each in decide(self.case(partner, who)).facts]
        for own, each in happened:
            self.sheets[own].evolve(each, who.id)
            self.recorded.append((own, each, who.id))
        for each in following:
            assert stream
            self.keys[stream] = self.keys.get(stream, claims.Claim()).evolve(each)
        return following

    def _others(self, unit: str, fact: Any) -> list[str]:
        if isinstance(fact, OWN):
            return []
        if isinstance(fact, ON_KEY):
            held = self.keys[keys.stream("2026", RUBRIC.register_of(fact.leaf), fact.key)].joint
            shares: Mapping[str, str] = held.claim.shares if held else {}
        else:
            bonus = self.sheets[unit].bonuses.get(fact.bonus)
            shares = bonus.shares if bonus else {}
        return sorted(shares.keys() - {unit})

    def scores(self, unit: str) -> Mapping[str, LeafScore]:
        return columns(self.sheets[unit], compile_item(RUBRIC, self.item, "district"), self.rules)

    def final(self, leaf: str) -> dict[str, int]:
        return {unit: self.scores(unit)[leaf].final for unit in UNITS}

"""A sheet whose leaves are drawn for a second judgement, with what the vault would keep of the first ones."""

from dataclasses import dataclass, field, replace
from typing import Any

from domain import marking
from domain.acts import filing, marking as acts, review
from domain.acts.case import Decided
from domain.acts.marking import First
from domain.commitments import SALT, commitment
from domain.people import Person
from tests.domain.stage import CLERK, DEPARTMENTS, Stage, person

LIMIT = "0.50"
THIRD = person("third", ("approver", "*"))
OUTSIDER = person("outsider", ("approver", "women"))
ADMINISTRATOR = person("administrator", ("administrator", "*"))


@dataclass
class Rounds(Stage):
    """``vault``: the first judgement of each leaf, as sealed last. ``waivers`` are in force in the cycle."""

    vault: dict[str, First] = field(default_factory=dict)
    waivers: frozenset[tuple[str, str, str]] = frozenset()
    salts: int = 0

    def case(self, who: Person) -> Any:
        found = super().case(who)
        return replace(found, cycle=replace(found.cycle, waivers=self.waivers))

    def seal(self, who: Person, leaf: str, points: str, reason: str = "first") -> Decided:
        self.salts += 1
        salt = self.salts.to_bytes(SALT, "big")
        context, content = marking.sealed("2026", "zhongshan", leaf), marking.content(points, reason)
        seal = marking.Seal("m1", LIMIT, commitment(salt, context, content).hex())
        decided = self.do(who, review.judge, leaf, points, reason, seal)
        self.vault[leaf] = First(points, reason, salt.hex())
        return decided

    def second(self, who: Person, leaf: str, points: str, reason: str = "second") -> Decided:
        return self.do(who, acts.give_second, leaf, points, reason, self.vault.get(leaf))

    def moderate(self, who: Person, leaf: str, points: str, reason: str = "between the two") -> Decided:
        return self.do(who, acts.moderate, leaf, points, reason)

    def waive(self, who: Person, leaf: str, *people: Person, reason: str = "nobody else") -> Decided:
        return self.do(who, acts.waive_second, leaf, reason, people, self.vault.get(leaf))

    def file(self, key: str, leaf: str, points: str = "4.00") -> Decided:
        return self.do(CLERK, filing.submit, key, {leaf: {"points": points}})


def reviewer(key: str, *, conflicts: tuple[str, ...] = ()) -> Person:
    return person(key, *(("reviewer", each) for each in DEPARTMENTS), conflicts=conflicts)

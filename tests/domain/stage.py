"""One sheet with people around it: acts are decided by the rules and folded, as the service does, without a record."""

from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from domain import facts
from domain.acts.case import Case, Decided
from domain.columns import LeafScore, columns
from domain.cycle import Cycle
from domain.cycle_contents import Unit
from domain.people import Grant, Person
from domain.refusals import Refused
from domain.scoring import compile_item
from domain.sheet import Sheet
from service.rubric_files import load

RUBRIC = load("six-actions")
MOMENTS = {
    "open": "2026-03-31T16:00:00Z",
    "closed": "2026-04-30T16:00:00Z",
    "review": "2026-05-31T16:00:00Z",
    "provisional": "2026-06-30T16:00:00Z",
    "notice": "2026-07-31T16:00:00Z",
    "appeal": "2026-08-31T16:00:00Z",
}
EARLY = datetime(2026, 1, 1, tzinfo=UTC)
DEPARTMENTS = tuple(each.id for each in RUBRIC.departments)


def person(key: str, *grants: tuple[str, str], conflicts: tuple[str, ...] = ()) -> Person:
    return Person(
        key, registered=True, grants=frozenset(Grant(*each) for each in grants), conflicts=frozenset(conflicts)
    )


CLERK = person("clerk", ("unit", "zhongshan"))
REVIEWER = person("reviewer", *(("reviewer", each) for each in DEPARTMENTS))
SECOND = person("second reviewer", *(("reviewer", each) for each in DEPARTMENTS))
APPROVER = person("approver", ("approver", "*"))
BOTH = person("both", ("approver", "*"), *(("reviewer", each) for each in DEPARTMENTS))
STRANGER = person("stranger")


def cycle(phase: str = "open") -> Cycle:
    units = {"zhongshan": Unit("zhongshan", "district", "中山区", "Zhongshan")}
    return Cycle("2026", phase, "2026", RUBRIC.id, "0" * 64, MOMENTS, units)


@dataclass
class Stage:
    """The sheet of one item; ``recorded`` is every fact with the person who caused it, in order."""

    item: str
    cohort: str = "district"
    phase: str = "open"
    now: datetime = EARLY
    sheet: Sheet = field(init=False)
    recorded: list[tuple[facts.Fact, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sheet = self.empty()
        self.scorer = compile_item(RUBRIC, self.item, self.cohort)
        self.rules = {
            leaf.id: leaf.faces[self.cohort].rule for leaf in RUBRIC.item(self.item).leaves if self.cohort in leaf.faces
        }

    def empty(self) -> Sheet:
        return Sheet.of(f"sheet/2026/zhongshan/{self.item}")

    def case(self, who: Person) -> Case:
        return Case(self.sheet, cycle(self.phase), RUBRIC.item(self.item), self.cohort, who, self.now)

    def do(self, who: Person, act: Callable[..., Decided], *details: Any) -> Decided:
        decided = act(self.case(who), *details)
        for fact in decided.facts:
            self.record(fact, who.id)
        return decided

    def record(self, fact: facts.Fact, by: str) -> None:
        self.sheet.evolve(fact, by, f"event {len(self.recorded) + 1}")
        self.recorded.append((fact, by))

    def scores(self) -> Mapping[str, LeafScore]:
        return columns(self.sheet, self.scorer, self.rules)

    def room(self, leaf: str) -> tuple[int, int | None]:
        score = self.scores()[leaf]
        return score.final, score.maximum


def file(key: str, leaf: str, supersedes: str = "") -> facts.EvidenceAttached:
    return facts.EvidenceAttached(key, leaf, "0" * 64, "application/pdf", 1, "1" * 64, supersedes)


def bonus(key: str, leaf: str, number: str, level: str = "", **more: Any) -> facts.BonusProposed:
    return replace(facts.BonusProposed(key, leaf, number, "title", level, "signed and registered", []), **more)


@contextmanager
def refused(code: str, place: str | None = None, names: str = "") -> Any:
    """The act within is refused by this code; the detail ``names`` in both languages what there is to know."""
    with pytest.raises(Refused) as caught:
        yield
    assert caught.value.code == code
    if place is not None:
        assert caught.value.place == place
    assert names in caught.value.detail_zh
    assert names in caught.value.detail_en

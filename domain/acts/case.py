"""What every act on a sheet looks at, and what it answers."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from domain import facts
from domain.cycle import Cycle
from domain.deadlines import allow
from domain.duties import permit, second_person
from domain.people import Grant, Person
from domain.refusals import Refused
from domain.rubric.leaves import Face, Leaf
from domain.rubric.model import Item
from domain.rubric.rules import Rule
from domain.sheet import Sheet
from domain.waivers import sole


@dataclass(frozen=True, slots=True)
class Decided:
    """The facts that follow, and the grant under which they were decided.

    ``effective``: since when they hold where that follows from another stream (RFC 3339 UTC), "" where it does not.
    """

    grant: Grant
    facts: list[facts.Fact]
    effective: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A sheet with all that the rules need beside it; ``now`` is the act's time (UTC).

    ``people``: everybody there is, asked for only where a waiver stands.
    """

    sheet: Sheet
    cycle: Cycle
    item: Item
    cohort: str
    person: Person
    now: datetime
    people: Callable[[], Iterable[Person]] = tuple

    @property
    def leaves(self) -> Mapping[str, Leaf]:
        """The item's leaves that apply to this unit."""
        return {leaf.id: leaf for leaf in self.item.leaves if self.cohort in leaf.faces}

    @property
    def departments(self) -> frozenset[str]:
        """The departments that answer for a leaf of this sheet."""
        return frozenset(leaf.department for leaf in self.leaves.values())

    def leaf(self, leaf: str) -> Leaf:
        """The leaf of this sheet; refuses an unknown one."""
        if leaf not in self.leaves:
            raise Refused("unknown-leaf", leaf, leaf, place=leaf)
        return self.leaves[leaf]

    def standing_alone(self, leaf: str) -> bool:
        """Whether a leaf does not apply and no scored leaf of the item is left to take its points."""
        scored = [each.id for each in self.leaves.values() if not each.faces[self.cohort].bonus]
        absent = [each for each in scored if "not_applicable" in self.sheet.verified.get(each, {})]
        return leaf in absent and len(absent) == len(scored)

    def face(self, leaf: str) -> Face:
        """The leaf as this unit's cohort meets it."""
        return self.leaf(leaf).faces[self.cohort]

    def rule(self, leaf: str, *kinds: type) -> Rule:
        """The leaf's rule; refuses one that is not of the kinds named."""
        rule = self.face(leaf).rule
        if kinds and not isinstance(rule, kinds):
            raise Refused("wrong-rule", leaf, leaf, place=leaf)
        return rule

    def by_unit(self, phase: str) -> Grant:
        """The grant of somebody of the unit itself, in the phases of ``phase``."""
        grant = permit(self.person, "file", unit=self.sheet.unit)
        allow(self.cycle, phase, self.now, self.sheet.unit)
        return grant

    def by_department(self, act: str, leaf: str) -> Grant:
        """The grant of somebody of the leaf's department for "review" or "approve", in their phases.

        Refuses who filed for the unit here: also when he has changed sides since.
        """
        grant = self._permitted(act, self.leaf(leaf).department)
        second_person(self.person, *self.sheet.filers)
        allow(self.cycle, act, self.now, self.sheet.unit)
        return grant

    def _permitted(self, act: str, department: str) -> Grant:
        """The grant for a department's act; a reviewer's conflict may have been waived while nobody else can act."""
        unit = self.sheet.unit
        waiver = (self.person.id, unit, department)
        waived = waiver in self.cycle.waivers and sole(*waiver, self.people())
        person = replace(self.person, conflicts=self.person.conflicts - {unit}) if waived else self.person
        return permit(person if act == "review" else self.person, act, unit=unit, departments=frozenset({department}))

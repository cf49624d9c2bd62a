"""Taking enrolments back: while nothing was done for the units, and refused by the name of everything that was.

While the year is open people may act at the same moment. So the commit that withdraws a unit writes WithdrawalApplied
on each of its sheets, opened or not: whoever acts on one of them has moved its stream, or finds the unit gone.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain import facts, spelling
from domain.cycle import Cycle, known
from domain.joint import Joint
from domain.phases import ENROLLING, outside
from domain.refusals import Refused
from domain.rubric.texts import Text

Done = tuple[facts.Fact, str]
"""A fact of a sheet, and whose act it was."""
# What is decided for all units alike and goes with the unit.
_APART = (facts.RubricApplied, facts.WithdrawalApplied)
_SORTS = {
    "sheets": Text("检查项目表", "sheet"),
    "targets": Text("下达的目标", "target"),
    "target-changes": Text("待确认的目标变更", "proposed target"),
    "extensions": Text("延期", "extension"),
    "waivers": Text("回避豁免", "waiver"),
    "joint-claims": Text("联合申报", "joint claim"),
}


@dataclass(frozen=True, slots=True)
class Hindrance:
    """One thing that stands in the way: of which sort, which one, the facts it consists of, and who acted."""

    unit: str
    sort: str
    name: str
    facts: tuple[str, ...] = ()
    by: tuple[str, ...] = ()

    @property
    def text(self) -> Text:
        """As people read it."""
        sort = _SORTS[self.sort]
        return Text(f"{self.unit} {sort.zh} {self.name}", f"{self.unit} {sort.en} {self.name}")


def in_the_way(
    cycle: Cycle, unit: str, sheets: Mapping[str, Sequence[Done]], shared: Iterable[Joint]
) -> Iterator[Hindrance]:
    """Everything that was done for a unit: on its ``sheets`` (by item), in the cycle, and on ``shared`` keys."""
    for item, done in sheets.items():
        told = [(type(fact).__name__, by) for fact, by in done if not isinstance(fact, _APART)]
        if told:
            names, people = (tuple(dict.fromkeys(column)) for column in zip(*told, strict=True))
            yield Hindrance(unit, "sheets", item, names, people)
    yield from (each for each in _in_cycle(cycle) if each.unit == unit)
    for joint in shared:
        if unit in joint.claim.shares.keys() - {joint.claim.unit}:
            yield Hindrance(unit, "joint-claims", f"{joint.claim.leaf} {joint.claim.unit}", ("JointClaimed",))


def _in_cycle(cycle: Cycle) -> Iterator[Hindrance]:
    for unit, leaf in cycle.targets:
        yield Hindrance(unit, "targets", leaf, ("TargetIssued",))
    for change in cycle.target_changes.values():
        if change.state == "proposed":
            yield Hindrance(
                change.fact.unit, "target-changes", change.fact.leaf, ("TargetChangeProposed",), (change.by,)
            )
    for each in cycle.extensions.values():
        yield Hindrance(each.fact.unit, "extensions", each.fact.phase, ("ExtensionProposed",), (each.by,))
    for person, unit, department in sorted(cycle.waivers):
        yield Hindrance(unit, "waivers", department, ("WaiverSigned",), (person,))


def withdraw(cycle: Cycle, units: Sequence[str], reason: str, found: Sequence[Hindrance]) -> list[facts.Fact]:
    """Takes the enrolments of all these units back, in any phase in which they could have been made, or of none."""
    known(cycle)
    spelling.reason(reason)
    if cycle.phase not in ENROLLING:
        raise outside(cycle.phase, ENROLLING)
    for unit in units:
        cycle.unit(unit)
    if found:
        texts = [each.text for each in found]
        named = [
            {"unit": each.unit, "sort": each.sort, "name": each.name, "facts": each.facts, "by": each.by}
            for each in found
        ]
        raise Refused("unit-in-use", "；".join(t.zh for t in texts), "; ".join(t.en for t in texts), named=named)
    return [facts.UnitWithdrawn(unit, reason) for unit in units]

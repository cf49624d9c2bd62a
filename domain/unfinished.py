"""What must be finished on the sheets before results are published: appeals, and leaves that are being judged twice."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.acts import appeals
from domain.contents import Appeal, Round
from domain.refusals import Refused
from domain.sheet import Sheet

# Which rounds hold the results of a stage back. A second judgement belongs to the review, so provisional results wait
# for it; a moderation may still follow in the appeal phase, so final ones wait for that.
HOLD_BACK = {"provisional": frozenset({"sealed", "differing"}), "final": frozenset({"differing"})}


@dataclass(frozen=True, slots=True)
class Unfinished:
    """The appeals that are undecided, with unit and item, and the open rounds of double marking, with their unit."""

    appeals: tuple[tuple[str, str, Appeal], ...] = ()
    rounds: tuple[tuple[str, Round], ...] = ()


NOTHING = Unfinished()


def found(sheets: Iterable[Sheet]) -> Unfinished:
    """What is unfinished on these sheets."""
    waiting, rounds = list[tuple[str, str, Appeal]](), list[tuple[str, Round]]()
    for sheet in sheets:
        waiting += [(sheet.unit, sheet.item, each) for each in appeals.waiting(sheet)]
        rounds += [(sheet.unit, each) for each in sheet.rounds.values() if each.open]
    return Unfinished(tuple(waiting), tuple(rounds))


def settled(unfinished: Unfinished, stage: str) -> None:
    """Refuses results of a stage while a leaf whose judgement they would count as nothing is being judged twice."""
    held = sorted((unit, each.leaf, each.state) for unit, each in unfinished.rounds if each.state in HOLD_BACK[stage])
    if held:
        names = ", ".join(f"{unit}/{leaf}" for unit, leaf, _ in held)
        named = [{"unit": unit, "leaf": leaf, "state": state} for unit, leaf, state in held]
        raise Refused("rounds-open", names, names, named=named)


def decided(unfinished: Unfinished) -> None:
    """Refuses final results while an appeal is undecided, and names each with its place."""
    waiting = sorted((unit, item, each.id, each.leaf, each.state) for unit, item, each in unfinished.appeals)
    if waiting:
        names = ", ".join(f"{unit}/{leaf}" for unit, _, _, leaf, _ in waiting)
        members = ("unit", "item", "appeal", "leaf", "state")
        raise Refused("appeals-open", names, names, named=[dict(zip(members, row, strict=True)) for row in waiting])

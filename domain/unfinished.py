"""What must be finished on the sheets before results are published: appeals, and leaves that are being judged twice."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.acts import appeals
from domain.contents import Round
from domain.refusals import Refused
from domain.sheet import Sheet

# Which rounds hold the results of a stage back. A second judgement belongs to the review, so provisional results wait
# for it; a moderation may still follow in the appeal phase, so final ones wait for that.
HOLD_BACK = {"provisional": frozenset({"sealed", "differing"}), "final": frozenset({"differing"})}


@dataclass(frozen=True, slots=True)
class Unfinished:
    """How many appeals are undecided, and the rounds of double marking that are open, each with its unit."""

    appeals: int = 0
    rounds: tuple[tuple[str, Round], ...] = ()


NOTHING = Unfinished()


def found(sheets: Iterable[Sheet]) -> Unfinished:
    """What is unfinished on these sheets."""
    waiting, rounds = 0, list[tuple[str, Round]]()
    for sheet in sheets:
        waiting += appeals.waiting(sheet)
        rounds += [(sheet.unit, each) for each in sheet.rounds.values() if each.open]
    return Unfinished(waiting, tuple(rounds))


def settled(unfinished: Unfinished, stage: str) -> None:
    """Refuses results of a stage while a leaf whose judgement they would count as nothing is being judged twice."""
    held = sorted((unit, each.leaf, each.state) for unit, each in unfinished.rounds if each.state in HOLD_BACK[stage])
    if held:
        names = ", ".join(f"{unit}/{leaf}" for unit, leaf, _ in held)
        named = [{"unit": unit, "leaf": leaf, "state": state} for unit, leaf, state in held]
        raise Refused("rounds-open", names, names, named=named)

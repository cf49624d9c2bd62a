"""Dead letters sent again, each time by a recorded act; folded from ``notice/{delivery}``."""

from dataclasses import dataclass, replace

from domain import facts, spelling
from domain.refusals import Refused


@dataclass(frozen=True, slots=True)
class Resendings:
    """How often the resending of a delivery was ordered."""

    delivery: str
    ordered: int = 0

    def evolve(self, fact: facts.Fact) -> "Resendings":
        """As of after ``fact``; facts of other streams change nothing."""
        match fact:
            case facts.NoticeResendingOrdered():
                return replace(self, ordered=fact.number)
        return self


def order(state: Resendings, done: int | None, reason: str) -> list[facts.Fact]:
    """Orders a resending; ``done``: how many took place so far, None when the delivery is no dead letter.

    One that was ordered and has not taken place yet is not ordered a second time.
    """
    if done is None:
        raise Refused("unknown-delivery", state.delivery, state.delivery)
    spelling.reason(reason)
    if state.ordered > done:
        raise Refused("already-decided", state.delivery, state.delivery)
    return [facts.NoticeResendingOrdered(state.delivery, done + 1, reason)]

"""Adjustments: proposed by one person, decided by another, inside the leaf's bounds."""

from domain import facts, spelling
from domain.acts.case import Case, Decided
from domain.duties import second_person
from domain.points import BadPoints, parse, show
from domain.refusals import Refused
from domain.sheet import Adjustment


def propose(
    case: Case, adjustment: str, leaf: str, delta: str, code: str, text: str, room: tuple[int, int | None]
) -> Decided:
    """Proposes to move a leaf by ``delta``. ``room``: its final points now and its bound (None = no cap)."""
    grant = case.by_department("review", leaf)
    spelling.reason(text, "text")
    if adjustment in case.sheet.adjustments:
        raise Refused("already-exists", adjustment, adjustment)
    try:
        change = parse(delta)
    except BadPoints as bad:
        raise Refused("bad-points", bad.zh, bad.en, place="delta") from None
    if change == 0:
        raise Refused("bad-points", "不得为零", "must not be zero", place="delta")
    fits(change, room)
    return Decided(grant, [facts.AdjustmentProposed(adjustment, leaf, delta, code, text)])


def approve(case: Case, adjustment: str, reason: str, room: tuple[int, int | None]) -> Decided:
    """Approves a proposed adjustment, by a second person; the bounds are checked again."""
    found = _find(case, adjustment)
    grant = case.by_department("approve", found.leaf)
    _undecided(found)
    second_person(case.person, found.proposer)
    fits(found.delta, room)
    return Decided(grant, [facts.AdjustmentApproved(adjustment, found.leaf, reason)])


def decline(case: Case, adjustment: str, reason: str) -> Decided:
    """Declines a proposed adjustment, by a second person."""
    found = _find(case, adjustment)
    grant = case.by_department("approve", found.leaf)
    _undecided(found)
    second_person(case.person, found.proposer)
    spelling.reason(reason)
    return Decided(grant, [facts.AdjustmentDeclined(adjustment, found.leaf, reason)])


def revoke(case: Case, adjustment: str, reason: str) -> Decided:
    """Ends an approved adjustment; whoever proposed it may not undo alone what two people did."""
    found = _find(case, adjustment)
    grant = case.by_department("approve", found.leaf)
    if found.state != "approved":
        raise Refused("not-approved", found.state, found.state)
    if any(each.adjustment == adjustment for each in case.sheet.appeals.values()):
        raise Refused("already-decided", adjustment, adjustment)  # an appeal's decision stands
    second_person(case.person, found.proposer)
    spelling.reason(reason)
    return Decided(grant, [facts.AdjustmentRevoked(adjustment, found.leaf, reason)])


def _find(case: Case, adjustment: str) -> Adjustment:
    if adjustment not in case.sheet.adjustments:
        raise Refused("unknown-adjustment", adjustment, adjustment)
    return case.sheet.adjustments[adjustment]


def _undecided(found: Adjustment) -> None:
    if found.state != "proposed":
        raise Refused("already-decided", found.state, found.state)


def fits(change: int, room: tuple[int, int | None]) -> None:
    """Refuses a change that would leave the leaf's bounds. ``room``: final points now and bound (None = no cap)."""
    stands, bound = room
    if stands + change < 0 or (bound is not None and stands + change > bound):
        now = show(stands)
        zh, en = ("", "") if bound is None else (f"，不得高于{show(bound)}", f" nor above {show(bound)}")
        raise Refused("over-cap", f"现为{now}，不得低于0.00{zh}", f"now {now}, not below 0.00{en}", place="delta")

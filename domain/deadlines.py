"""Whether an act may still happen on a unit's sheet: the phase, its last moment, and more time that was granted."""

from datetime import datetime

from domain.cycle import Cycle
from domain.phases import ALLOWED, outside, same_half
from domain.refusals import Refused


def allow(cycle: Cycle, act: str, now: datetime, unit: str = "") -> None:
    """Refuses ``act`` (a key of ALLOWED) on a unit's sheet outside its phases or after their last moment.

    The last moment is the unit's own where it was granted more time. Once the final results are published
    nothing moves them any more.
    """
    if not cycle.published("final") and _extended(cycle, act, now, unit):
        return
    if cycle.phase not in ALLOWED[act] or cycle.published("final"):
        raise outside(cycle.phase, ALLOWED[act])
    last = cycle.calendar.get(cycle.phase)
    if last is not None and now > datetime.fromisoformat(last):
        raise Refused("too-late", last, last)


def _extended(cycle: Cycle, act: str, now: datetime, unit: str) -> bool:
    """Whether the unit has more time for ``act``: also behind the phase, never past the results it leads to."""
    return any(
        each.granted
        and each.fact.unit == unit
        and each.fact.phase in ALLOWED[act]
        and same_half(each.fact.phase, cycle.phase)
        and now <= datetime.fromisoformat(each.fact.moment)
        for each in cycle.extensions.values()
    )

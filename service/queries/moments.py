"""Which moment a read asks for: as of a position, as then known at a time, as now known it was."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.moments import Moment
from domain.refusals import Refused
from events.entry import utc_text
from service.office import office
from service.problems import Problem
from service.queries import asof

KNOWN_BY = ("position", "recorded", "publication")


@dataclass(frozen=True, slots=True)
class Asked:
    """A moment somebody asked for, and when the record knew what it knew there (None: nothing yet)."""

    moment: Moment
    recorded: str | None

    @property
    def shown(self) -> dict[str, Any]:
        """The moment as answers say it."""
        return {"position": self.moment.position, "recorded": self.recorded, "effective": self.moment.effective}


def asked(query: dict[str, Any], prefix: str = "as_of_") -> Asked | None:
    """The moment of a query, None for now; refuses one that contradicts itself or that the record has not reached.

    An effective time may lie behind what is known, also in the future: as it will be by what is known.
    """
    recorded, effective = query.get(f"{prefix}recorded"), query.get(f"{prefix}effective")
    position = query.get(f"{prefix}position")
    if position is None and recorded is None and effective is None:
        return None
    if position is not None and recorded is not None:
        raise contradiction(f"{prefix}position, {prefix}recorded")
    if recorded is not None and recorded.replace(microsecond=0) > office().now():
        # The record may still grow before then: the same question would be answered otherwise later.
        raise Refused("bad-recorded-time", utc_text(recorded), utc_text(recorded), place=f"{prefix}recorded")
    return _known(position, recorded, effective)


def now() -> Asked:
    """The end of the record, as far as it is ordered."""
    return _known(None, None, None)


def at(position: int, effective: datetime | None = None) -> Asked:
    """A position of the record; refuses one it has not reached."""
    return _known(position, None, effective)


def contradiction(places: str) -> Problem:
    """Two ways of saying the moment that cannot both be meant."""
    return Problem(422, "contradictory-moment", "所问时点自相矛盾", "the moment contradicts itself", places, places)


def _known(position: int | None, recorded: datetime | None, effective: datetime | None) -> Asked:
    store, last = office().store, office().reads.last()
    if recorded is not None:
        position = asof.position_at(store, recorded)
    elif position is None:
        position = last
    elif position > last:
        raise Problem(404, "unknown-position", "记录尚无此位置", "the record has not reached this position",
                      str(last), str(last))  # fmt: skip
    known = recorded or asof.known_at(store, position)
    return Asked(
        Moment(position, None if effective is None else utc_text(effective)), None if known is None else utc_text(known)
    )

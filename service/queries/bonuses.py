"""Every bonus that was asked for in a cycle, with the events that tell its life, read from the sheets themselves."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from domain.awarded import worth
from domain.keys import normal
from domain.moments import Effects, Moment
from domain.points import show
from domain.rubric.leaves import Leaf
from domain.rubric.model import Rubric
from domain.rubric.rules import Rule
from domain.sheet import Bonus, Sheet
from events.codec import to_fact
from events.entry import Envelope, decode
from service.office import office
from workers.unreadable import Unreadable

TYPES = [
    "BonusClaimed", "BonusProposed", "BonusGranted", "BonusDeclined", "BonusRevoked",
    "JointClaimed", "JointClaimAgreed", "JointClaimDisputed", "JointSplitProposed", "JointSplitDecided",
]  # fmt: skip
# Of these sheets only what concerns bonuses: their evidence is most of them, and never read here.
_EVENTS = """
SELECT e.stream, e.entry, l.first + e.ordinal
  FROM record.events AS e LEFT JOIN record.ledger AS l USING (commit_seq)
 WHERE e.stream = ANY(%s) AND e.type = ANY(%s) ORDER BY e.stream, e.version
"""


@dataclass(slots=True)
class Asked:
    """A bonus as it stands on its unit's sheet, and its events in order."""

    cycle: str
    unit: str
    item: str
    bonus: Bonus
    events: list[dict[str, Any]] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str]:
        """Its leaf and the one spelling of its key."""
        return self.bonus.leaf, normal(self.bonus.key)

    @property
    def stream(self) -> str:
        """The sheet it stands on."""
        return f"sheet/{self.cycle}/{self.unit}/{self.item}"


def keyed(rubric: Rubric) -> dict[str, Leaf]:
    """The leaves whose bonuses stand under a register number or an experience key."""
    return {leaf.id: leaf for leaf in rubric.leaves if leaf.keyed}


def sheets(cycle: str, units: Iterable[str]) -> list[str]:
    """The streams on which units of a cycle may have bonuses."""
    rubric = office().rules.rubric_of(cycle)
    items = dict.fromkeys(rubric.item_of(leaf).id for leaf in keyed(rubric))
    return [f"sheet/{cycle}/{unit}/{item}" for unit in units for item in items]


def asked(streams: Iterable[str], moment: Moment | None = None) -> list[Asked]:
    """Every bonus of these sheets, never behind, or as it stood at a moment.

    Of a sheet that cannot be read, what stands before that event.
    """
    found: list[Asked] = []
    for stream, events in groupby(told(streams, moment), key=itemgetter(0)):
        found += _of_sheet(Sheet.of(stream), events)
    return found


def told(streams: Iterable[str], moment: Moment | None = None) -> Iterator[tuple[str, Envelope, Any, int | None]]:
    """(stream, event, fact, position) of what happened to bonuses on these sheets, stream by stream."""
    if not (wanted := sorted(set(streams))):
        return
    with office().store.connection() as connection:
        rows = connection.execute(_EVENTS, (wanted, TYPES), binary=True).fetchall()
    for stream, events in groupby(rows, key=itemgetter(0)):
        effects = Effects()
        with suppress(*Unreadable):
            for _, entry, position in events:
                event = decode(entry)
                fact: Any = to_fact(event)
                holds = effects.take(fact, event.time, event.effectivetime)
                if moment is None or (position is not None and moment.sees(position, holds)):
                    yield stream, event, fact, position


def _of_sheet(sheet: Sheet, rows: Iterable[tuple[str, Envelope, Any, int | None]]) -> list[Asked]:
    found: dict[str, Asked] = {}
    with suppress(*Unreadable):
        for stream, event, fact, position in rows:
            sheet.evolve(fact, event.actor)
            bonus = sheet.bonuses.get(fact.bonus)
            if bonus is None:  # a split was proposed before this partner said anything
                continue
            known = found.setdefault(bonus.id, Asked(sheet.cycle, sheet.unit, sheet.item, bonus))
            known.bonus = bonus
            known.events.append(
                {
                    "id": event.id,
                    "type": event.type,
                    "stream": stream,
                    "version": event.streamversion,
                    "position": position,
                    "by": event.actor,
                    "at": event.time,
                }
            )
    return list(found.values())


def shown(each: Asked) -> dict[str, Any]:
    """A bonus with who did what, so that two can be laid beside each other."""
    bonus = each.bonus
    return {
        "unit": each.unit,
        "item": each.item,
        "leaf": bonus.leaf,
        "bonus": bonus.id,
        "key": bonus.key,
        "title": bonus.title,
        "state": bonus.state,
        "granted": bonus.state == "granted",
        "level": bonus.level,
        "shares": bonus.shares,
        "points": show(worth(bonus, rule_of(each), each.unit)),
        "justification": bonus.justification,
        "evidence": len(bonus.evidence),
        "claimed_by": bonus.claimant or None,
        "proposed_by": bonus.proposer or None,
        "decided_by": bonus.decider or None,
        "reason": bonus.reason,
        "events": each.events,
    }


def rule_of(each: Asked) -> Rule:
    """The rule of a bonus's leaf as its unit meets it now."""
    in_force = office().cycles.get(each.cycle)[0].hash
    return office().rules.item(each.cycle, each.unit, each.item, in_force).rules[each.bonus.leaf]

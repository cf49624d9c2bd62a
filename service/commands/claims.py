"""Register numbers and experience keys: one stream a key, so that a key counts once in the city and the cycle.

What happens to a joint claim happens on the sheet of every partner in one commit, each decided by its own rules.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from domain import claims, facts, keys
from domain.acts.case import Decided
from domain.sheet import Sheet
from domain.year import effective as holds_from
from events.codec import to_fact
from events.entry import Head
from events.store import Append, Recorded
from service.commands.commit import to
from service.commands.opened import Opened, Place, open_sheet
from service.commands.sheets import Beside
from service.office import office


def keep_key(sheet: Sheet, happened: Sequence[Any], effective: str | None = None) -> list[Append]:
    """What the facts of a sheet mean for the streams of their keys, for the same commit; refuses a taken key.

    ``effective``: since when they hold, where the key has to tell it others.
    """
    appends = []
    rubric = office().rules.item(sheet.cycle, sheet.unit, sheet.item, sheet.rubric).rubric
    for fact in happened:
        stream = keys.stream_of(sheet, fact, rubric)
        if stream is None:
            continue
        claim, head = read(stream)
        following = claims.follow(claim, sheet, fact, keys.counts_for_each(rubric, fact.leaf))
        if following:
            appends.append(to(stream, head, following, effective))
    return appends


def read(stream: str) -> tuple[claims.Claim, Head]:
    """A key as its stream tells it, and where that stream stands."""
    events = office().store.read(stream)
    return _told(events), Head(events[-1].version, events[-1].leaf) if events else Head()


def every(cycle: str) -> list[claims.Claim]:
    """Every key of a cycle that anybody ever brought forward."""
    streams = [f"claim/{cycle}/{key}" for key in office().names(f"claim/{cycle}/")]
    return [_told(events) for events in office().store.read_all(streams).values()]


def _told(events: Sequence[Recorded]) -> claims.Claim:
    claim = claims.Claim()
    for event in events:
        claim = claim.evolve(to_fact(event.envelope), event.envelope.effectivetime or "")
    return claim


def key_of(cycle: str, leaf: str, key: str) -> claims.Claim:
    """The key of a leaf as it stands."""
    return read(keys.stream(cycle, office().rules.rubric_of(cycle).register_of(leaf), key))[0]


def with_partners(decide: Callable[[Opened], Decided], effective: datetime | None = None) -> Beside:
    """Keeps the key, and does to every other partner of a joint claim what ``decide`` answers on his sheet.

    ``effective``: since when it holds in the world, as on the sheet acted on.
    """

    def beside(sheet: Sheet, happened: Sequence[facts.Fact]) -> list[Append]:
        appends = keep_key(sheet, happened)
        enrolled = office().cycles.get(sheet.cycle)[0].units
        for unit in _partners(sheet, happened[0]):
            if unit not in enrolled:  # who was named while he left takes no part
                continue
            opened = open_sheet(Place(sheet.cycle, unit, sheet.item))
            if _concerned(opened.case.sheet, happened[0]):
                holds = holds_from(opened.case.cycle, effective, opened.case.now)
                decided = decide(opened)
                appends.append(to(opened.stream, opened.head, decided.facts, decided.effective or holds))
        return appends

    return beside


def _partners(sheet: Sheet, fact: Any) -> list[str]:
    """The other units of the joint claim a fact is about; none when a unit claimed alone."""
    if isinstance(fact, facts.JointSplitProposed | facts.JointSplitDecided):
        joint = key_of(sheet.cycle, fact.leaf, fact.key).joint
        units = joint.claim.shares.keys() if joint else set()
    else:
        bonus = sheet.bonuses.get(fact.bonus)
        units = bonus.shares.keys() if bonus else set()
    return sorted(units - {sheet.unit})


def _concerned(sheet: Sheet, fact: Any) -> bool:
    """Whether a partner's sheet has part in a fact: who has said nothing yet learns of a split, and of no more."""
    return isinstance(fact, facts.JointSplitProposed | facts.JointSplitDecided) or fact.bonus in sheet.bonuses

"""Register numbers and experience keys: one stream a key, so that a key counts once in the city and the cycle."""

from collections.abc import Sequence

from domain import claims, facts
from domain.sheet import Sheet
from events.codec import to_fact
from events.entry import Head
from events.store import Append
from service.commands.commit import to
from service.office import office


def keep_key(sheet: Sheet, happened: Sequence[facts.Fact]) -> list[Append]:
    """What the facts of a sheet mean for the streams of their keys, for the same commit; refuses a taken key."""
    appends = []
    for fact in happened:
        stream = claims.stream_of(sheet, fact)
        if stream is None:
            continue
        claim, head = claims.Claim(), Head()
        for event in office().store.read(stream):
            claim, head = claim.evolve(to_fact(event.envelope)), Head(event.version, event.leaf)
        following = claims.follow(claim, sheet, fact)
        if following:
            appends.append(to(stream, head, following))
    return appends

"""How far published results are out of date, and whether what is laid open next still stands."""

from domain import facts, notice, unfinished
from domain.cycle import Cycle
from domain.cycle_contents import Publication
from domain.refusals import Refused
from service.office import office
from service.queries import asof, publications as tables
from service.queries.changes import Standing
from workers.projections.sums import layout


def moved_since(cycle: Cycle, found: Publication) -> int | None:
    """How many units' results have changed since provisional results were published; None where others took over."""
    if notice.standing(cycle) is not found:
        return None
    looked = (found.proposal.digest, office().reads.last())
    # The notice is for everybody: whoever asks for it again and again has nothing computed.
    if office().moved.get(cycle.id, ())[:2] != looked:
        office().moved[cycle.id] = (*looked, moved_by(cycle.id, found, looked[1]))
    return office().moved[cycle.id][2]


def moved_by(cycle: str, found: Publication, position: int) -> int:
    """How many units' results at a position are not those that were published."""
    return notice.moved(tables.table_of(found), tables.table_at(cycle, position))


def may_begin(phase: str, cycle: Cycle, read: Standing) -> None:
    """Refuses what the sheets as they stand forbid to begin.

    The provisional phase while a leaf is being judged twice, for nobody judges there any more; the notice with other
    results than those of the record.
    """
    found = notice.standing(cycle)
    if phase == "provisional":
        unfinished.settled(unfinished.found(tracked.sheet for tracked in read.changes.sheets.values()), phase)
    elif found:
        notice.up_to_date(tables.table_of(found), table_now(cycle, read))


def whole(cycle: Cycle, now: facts.ResultsPublished, read: Standing) -> None:
    """Refuses results that leave something out: what was decided already, and has no position yet."""
    standing = tables.digest_of(table_now(cycle, read.follow()))
    if standing != now.digest:
        raise Refused("results-changed", standing, standing)


def table_now(cycle: Cycle, read: Standing) -> tables.Tables:
    """The same of the sheets as they stand, ordered or not."""
    return tables.table_of_scores(
        cycle.id, layout(office().rules.rubric(cycle.hash)), asof.scores_of(read.changes, office().rules, cycle.id)
    )

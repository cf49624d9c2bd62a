"""Tables of results: computed from the record at a position, kept by their digest, compared again whenever asked."""

import hashlib
from typing import Any

import msgspec

from domain import facts, results, unfinished
from domain.cycle import Cycle
from domain.cycle_contents import Publication
from domain.moments import Moment
from domain.standings import places
from domain.unfinished import Unfinished
from events.canonical import canonical
from service.office import office
from service.queries import asof
from workers.engine import engine
from workers.projections.sums import Layout, sum_up

Tables = dict[str, dict[str, Any]]  # unit -> its row: see ``domain.results``


def table_at(cycle: str, position: int) -> Tables:
    """Leaves, items, groups, totals and rank of every unit, as the record up to ``position`` says."""
    return table_and_unfinished(cycle, position)[0]


def table_and_unfinished(cycle: str, position: int) -> tuple[Tables, Unfinished]:
    """The same, and what was unfinished on the cycle's sheets then."""
    rules = office().rules
    moment = Moment(position)
    year = asof.chronicle(cycle, moment)
    table = table_of_scores(cycle, rules.layout_at(cycle, moment), year.scores(moment))
    return table, unfinished.found(tracked.sheet for tracked in year.sheets(moment))


def table_of_scores(cycle: str, where: Layout, found: asof.Scores) -> Tables:
    """The table of these scores, summed and ranked under the rubric of ``where``."""
    totals = asof.totals(office().rules, cycle, where, found)
    ranks = places(where.rubric, totals)
    return {
        unit: {"cohort": cohort, "rank": ranks[unit]} | sum_up(where, cohort, found[unit])
        for unit, (cohort, _) in totals.items()
    }


def keep(table: Tables) -> None:
    """Keeps a table for ever under its digest."""
    office().store.keep_document(canonical(table))


def digest_of(table: Tables) -> str:
    """SHA-256 of a table's canonical text, in hexadecimal."""
    return hashlib.sha256(canonical(table)).hexdigest()


def statement(cycle: Cycle, digest: str, position: int, reason: str) -> facts.ResultsPublished:
    """What is said of a table that is computed here and now; its number is given by the decision."""
    rubric = office().rules.hash_at(cycle.id, Moment(position))
    answers = office().rules.rubric(rubric).answers
    return facts.ResultsPublished(0, digest, rubric, answers, engine(), position, reason)


def shown(cycle: Cycle, found: Publication) -> dict[str, Any]:
    """A publication without its table."""
    proposal = found.proposal
    return {
        "publication": proposal.publication,
        "stage": proposal.stage,
        "state": results.state_of(cycle, found),
        "epoch": found.epoch,
        "in_force": found.confirmed and _newest(cycle) == proposal.publication,
        "digest": proposal.digest,
        "rubric": proposal.rubric,
        "interpretations": proposal.interpretations,
        "engine": proposal.engine,
        "position": found.position,
        "reason": proposal.reason,
        "proposed_by": found.proposed_by,
        "published_by": found.confirmed_by or None,
    }


def table_of(found: Publication) -> dict[str, Any]:
    """The table exactly as it was published; empty when the document is gone, which a check tells as an incident."""
    body = office().store.document(found.proposal.digest)
    return msgspec.json.decode(body, type=dict) if body else {}


def checked(cycle: Cycle, found: Publication) -> dict[str, Any]:
    """The same results computed again from the record at their position: the same, or an incident with what differs."""
    again = table_at(cycle.id, found.position)
    digest, published = digest_of(again), table_of(found)
    same = digest == found.proposal.digest and digest_of(published) == found.proposal.digest
    return {
        "publication": found.proposal.publication,
        "position": found.position,
        "digest": found.proposal.digest,
        "recomputed": digest,
        "engine": found.proposal.engine,
        "recomputed_by": engine(),
        "same": same,
        "incident": found.confirmed and not same,
        "differences": list(results.differences(published, again)),
    }


def incidents() -> list[dict[str, Any]]:
    """Every result ever published, of any cycle, that the record and this program no longer give."""
    known = [office().cycles.get(key)[0] for key in office().names("cycle/")]
    published = [(cycle, each) for cycle in known for each in cycle.publications.values() if each.confirmed]
    found = [{"cycle": cycle.id, **checked(cycle, each)} for cycle, each in published]
    return [each for each in found if each["incident"]]


def _newest(cycle: Cycle) -> int:
    return max((number for number, each in cycle.publications.items() if each.confirmed), default=0)

"""Tables of results: computed from the record at a position, kept by their digest, compared again whenever asked."""

import hashlib
from typing import Any

import msgspec

from domain import facts, results
from domain.acts import appeals
from domain.cycle import Cycle, Publication
from events.canonical import canonical
from service.office import office
from service.queries import asof
from workers.engine import engine
from workers.projections.sums import sum_up


def table_at(cycle: str, position: int) -> dict[str, dict[str, Any]]:
    """Leaves, items, groups, totals and rank of every unit, as the record up to ``position`` says."""
    return table_and_appeals(cycle, position)[0]


def table_and_appeals(cycle: str, position: int) -> tuple[dict[str, dict[str, Any]], int]:
    """The same, and how many appeals of the cycle were undecided then."""
    rules = office().rules
    changes = asof.folded(office().store, rules, position)
    found = asof.scores_of(changes, rules, cycle)
    places, where = asof.ranks(rules, cycle, found), rules.layout_of(cycle)
    cohorts = {unit: rules.unit(cycle, unit).cohort for unit in found}
    table = {
        unit: {"cohort": cohorts[unit], "rank": places[unit]} | sum_up(where, cohorts[unit], scores)
        for unit, scores in found.items()
    }
    sheets = (tracked.sheet for tracked in changes.sheets.values())
    return table, sum(appeals.waiting(sheet) for sheet in sheets if sheet.cycle == cycle)


def keep(table: dict[str, dict[str, Any]]) -> None:
    """Keeps a table for ever under its digest."""
    office().store.keep_document(canonical(table))


def digest_of(table: dict[str, dict[str, Any]]) -> str:
    """SHA-256 of a table's canonical text, in hexadecimal."""
    return hashlib.sha256(canonical(table)).hexdigest()


def statement(cycle: Cycle, digest: str, position: int, reason: str) -> facts.ResultsPublished:
    """What is said of a table that is computed here and now; its number is given by the decision."""
    answers = office().rules.rubric(cycle.hash).answers
    return facts.ResultsPublished(0, digest, cycle.hash, answers, engine(), position, reason)


def shown(cycle: Cycle, found: Publication) -> dict[str, Any]:
    """A publication without its table."""
    proposal = found.proposal
    return {
        "publication": proposal.publication,
        "stage": proposal.stage,
        "state": "published" if found.confirmed else "proposed",
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


def _newest(cycle: Cycle) -> int:
    return max((number for number, each in cycle.publications.items() if each.confirmed), default=0)

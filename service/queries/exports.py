"""What goes into exports, read as its readers read it, and the exports that were made."""

from collections.abc import Sequence
from typing import Any

import msgspec

from domain import facts
from domain.cycle import Cycle
from domain.refusals import Refused
from domain.spelling import identifier
from events.codec import to_fact
from events.store import Recorded
from service.files.book import Book
from service.files.listbooks import queue_book
from service.files.resultsbook import results_book
from service.files.sheetbook import sheet_book
from service.office import office
from service.problems import Problem
from service.queries import asof
from service.queries.moments import Asked
from workers.projections.standings import sum_up
from workers.review_queue import Desk, waiting

MOST = 10_000
_TRIES = 5
_BEGINNING = (0, "", "", "", "")


def sheet(cycle: Cycle, unit: str, asked: Asked, language: str) -> Book:
    """One unit's sheet as of a moment; refuses a unit that was not enrolled then."""
    rules, found = office().rules, asof.scores_at(cycle.id, asked.moment)
    enrolled = cycle.ever(unit)
    if enrolled is None or unit not in found:
        raise Refused("unknown-unit", unit, unit)
    where = rules.layout_at(cycle.id, asked.moment)
    sums = sum_up(where, enrolled.cohort, found[unit])
    sums["rank"] = asof.ranks(rules, cycle.id, where, found)[unit]
    scope = {"cycle": cycle.id, "unit": unit, "language": language, **_moment(asked)}
    return sheet_book(where.rubric, cycle, enrolled, found[unit], sums, scope, asked.moment.position)


def results(cycle: Cycle, asked: Asked, language: str) -> Book:
    """Every unit's results as of a moment."""
    rules, found = office().rules, asof.scores_at(cycle.id, asked.moment)
    where = rules.layout_at(cycle.id, asked.moment)
    sums = {unit: sum_up(where, rules.unit(cycle.id, unit).cohort, scores) for unit, scores in found.items()}
    board = asof.board_at(rules, cycle.id, asked.moment, found)
    departments = asof.departments_at(rules, cycle.id, asked.moment, found)
    scope = {"cycle": cycle.id, "language": language, **_moment(asked)}
    return results_book(where.rubric, cycle, found, sums, board, departments, scope, asked.moment.position)


def queue(cycle: Cycle, departments: list[str] | None, unit: str | None, desk: Desk, language: str) -> Book:
    """What waits for the caller, all of one position: read again where the tables moved meanwhile."""
    reads, rubric = office().reads, office().rules.rubric_of(cycle.id)
    for _ in range(_TRIES):
        before = reads.stands().position
        rows = waiting(office().store, cycle.id, departments, unit, _BEGINNING, MOST + 1, desk)
        if reads.stands().position == before:
            hidden = [] if departments is None else sorted({each.id for each in rubric.departments} - {*departments})
            scope = {"cycle": cycle.id, "departments": "*" if departments is None else ",".join(departments)}
            scope |= {"language": language} | ({"unit": unit} if unit else {})
            return queue_book(rubric, cycle, rows[:MOST], scope, before, hidden, len(rows) > MOST)
    raise Problem(503, "not-projected", "成绩正在计算，请稍后再试", "the scores are being computed; try again")


def made(keys: Sequence[str]) -> list[dict[str, Any]]:
    """The exports of these ids, in their order."""
    found = office().store.read_all([f"export/{key}" for key in keys])
    return [_shown(found[f"export/{key}"][0]) for key in keys]


def one(key: str, reader: str | None) -> dict[str, Any]:
    """An export with its manifest; to a ``reader`` (None: anybody's) one of somebody else does not exist."""
    found = office().store.read(f"export/{identifier(key, 'export')}")
    if not found or (reader is not None and found[0].envelope.actor != reader):
        raise Refused("unknown-export", key, key)
    shown = _shown(found[0])
    body = office().store.document(shown["manifest"])
    return shown | {"left_out": msgspec.Raw(body) if body else None}


def erased() -> list[str]:
    """The subjects that were lawfully erased."""
    return [key for key in office().names("erasure/") if office().erasures.get(key)[0].carried_out]


def _moment(asked: Asked) -> dict[str, str]:
    effective = asked.moment.effective
    return {"position": str(asked.moment.position), **({"effective": effective} if effective else {})}


def _shown(event: Recorded) -> dict[str, Any]:
    fact, envelope = to_fact(event.envelope), event.envelope
    shown: dict[str, Any] = msgspec.to_builtins(fact) if isinstance(fact, facts.ExportMade) else {}
    return shown | {"by": envelope.actor, "role": envelope.actorrole, "recorded_at": envelope.time}

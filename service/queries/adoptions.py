"""What another rubric would move in a cycle: every leaf, item, total and rank of its table, before and after."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec

from domain import adoption, facts, fit
from domain.adoption import Effect
from domain.columns import columns
from domain.cycle import Cycle
from domain.cycle_contents import RubricChange
from domain.sheet import Sheet
from events.canonical import canonical
from events.entry import Head, leaf_of
from events.reader import whole
from service.office import office
from service.queries import asof
from service.queries.publications import table_of_scores
from workers.fold import Changes, Fold
from workers.projections.sums import layout


@dataclass(frozen=True, slots=True)
class Difference:
    """The list of what would move as it is kept, and what it comes to."""

    body: bytes
    effect: Effect


@dataclass(frozen=True, slots=True)
class Standing:
    """A cycle's sheets as they stand at this moment, ordered or not, and where each of their streams ends."""

    changes: Changes
    heads: dict[str, Head]


def standing(cycle: str) -> Standing:
    """Every sheet of a cycle, never behind: read in one statement, so that it may be decided on."""
    fold = Fold(office().rules, lambda _stream, _version: [], keep=1_000_000)
    with office().store.connection() as connection:
        rows = whole(connection, f"cycle/{cycle}", f"sheet/{cycle}/")
    changes = fold.take((0, entry) for _, _, entry in rows)
    return Standing(changes, {stream: Head(version, leaf_of(entry)) for stream, version, entry in rows})


def difference(cycle: Cycle, wanted: str, changes: Changes) -> Difference:
    """What the rubric of hash ``wanted`` would move in these sheets; refuses one that they do not fit."""
    rules = office().rules
    before, after = rules.rubric(cycle.hash), rules.rubric(wanted)
    for cohort in sorted({unit.cohort for unit in {**cycle.withdrawn, **cycle.units}.values()}):
        fit.same_leaves(before, after, cohort)
    found = asof.scores_of(changes, rules, cycle.id)
    then = {unit: dict(scores) for unit, scores in found.items()}
    for stream in adoption.sheets(cycle, after):
        sheet = changes.sheets[stream].sheet if stream in changes.sheets else Sheet.of(stream)
        if sheet.unit in then:
            fit.readable(after, cycle.unit(sheet.unit).cohort, sheet)
            how = rules.item(cycle.id, sheet.unit, sheet.item, wanted)
            then[sheet.unit] |= columns(sheet, how.scorer, how.rules)
    rows = adoption.moved(
        table_of_scores(cycle.id, layout(before), found), table_of_scores(cycle.id, layout(after), then)
    )
    body = canonical({"cycle": cycle.id, "before": cycle.hash, "after": wanted, "differences": rows})
    return Difference(body, adoption.effect_of(sha256(body).hexdigest(), rows))


def shown(found: RubricChange) -> dict[str, Any]:
    """A change without the list of what it moves."""
    fact = found.fact
    return {
        "change": fact.change,
        "state": found.state,
        "before": fact.before,
        "hash": fact.hash,
        "difference": fact.difference,
        "units": fact.units,
        "ranks": fact.ranks,
        "engine": fact.engine,
        "position": fact.position,
        "reason": fact.reason,
        "proposed_by": found.by,
        "decided_by": found.decider or None,
        "decided_because": found.reason or None,
    }


def listed(fact: facts.RubricChangeProposed) -> list[dict[str, Any]]:
    """Everything that moves, as it was shown; empty when the document is gone, which its digest betrays."""
    body = office().store.document(fact.difference)
    rows: list[dict[str, Any]] = msgspec.json.decode(body)["differences"] if body else []
    return rows

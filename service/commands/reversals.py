"""The way back of an import: all of it in one commit, or nothing where a part has been built upon."""

from typing import Any

from flask import g

from domain import adoption, facts, imports, withdrawal
from domain.acts import filing
from domain.acts.case import Case
from domain.cycle import Cycle
from domain.duties import permit as permitted
from domain.joint import Joint
from domain.refusals import Refused
from events.codec import to_fact
from events.conflicts import WrongVersion
from events.entry import Actor, Head
from events.store import Append, Commit, Recorded
from service.auth import actor, caller, permit
from service.commands.claims import every
from service.commands.commit import answered, append, current, to, trace
from service.commands.manysheets import ManySheets
from service.commands.previews import Standing, standing
from service.office import office
from service.problems import Problem

_TRIES = 5
Back = tuple[Actor, list[Append]]


def reverse(cycle: str, key: str, reason: str) -> Commit:
    """Takes an import back; decided anew while others move what it looks at."""
    if (earlier := answered()) is not None:
        return earlier
    for _ in range(_TRIES):
        at = standing(cycle)
        found, head = office().imports.get(f"{cycle}/{key}")
        visible(found)
        current(g.expected_version, head, Actor(caller().id), "reverse-import", f"import/{found.id}")
        confirmed = imports.reversible(found)
        by, appends = (_unenroll if confirmed.kind == "roster" else _unfile)(at, found, reason)
        try:
            return append(by, to(f"import/{found.id}", head, [facts.ImportReversed(key, reason)]), *appends)
        except WrongVersion:
            continue
    raise Problem(412)


def visible(found: imports.Import) -> None:
    """An import that touches units of others is as unknown as none to a unit's people."""
    person = caller()
    if found.fact is None or not (person.holds("administrator", "auditor") or found.touched <= person.scopes("unit")):
        raise Refused("unknown-import", found.id, found.id)


def _unfile(at: Standing, found: imports.Import, reason: str) -> Back:
    places = [(unit, item) for unit, items in found.submissions.items() for item in items]
    sheets, appends = ManySheets(at[0].id, places), list[Append]()
    by = [actor(permitted(caller(), "file", unit=unit)) for unit in found.submissions]
    for unit, item in places:
        case, submission = sheets.case(unit, item), found.submissions[unit][item]
        if not case.sheet.submissions[submission].withdrawn:
            appends.append(sheets.append(unit, item, _traced(case, submission, reason)))
    return by[0], appends


def _traced(case: Case, submission: str, reason: str) -> Any:
    try:
        return filing.withdraw(case, submission, reason)
    except Refused as refused:
        trace(refused, Actor(caller().id), "reverse-import", f"cycle/{case.cycle.id}")
        raise


def _unenroll(at: Standing, found: imports.Import, reason: str) -> Back:
    by, (cycle, head) = actor(permit("administer")), at
    streams = adoption.sheets(cycle, office().rules.rubric(cycle.hash), found.units)
    events = office().store.read_all(streams)
    gone = withdrawal.withdraw(cycle, found.units, reason, _in_the_way(cycle, found.units, events))
    appends = [to(f"cycle/{cycle.id}", head, gone)]
    if cycle.phase != "draft":  # when nobody can act on a sheet, nobody has to be kept from it
        applied = facts.WithdrawalApplied(reason)
        appends += [to(stream, _head(events.get(stream, [])), [applied]) for stream in streams]
    return by, appends


def _in_the_way(cycle: Cycle, units: tuple[str, ...], events: dict[str, list[Recorded]]) -> list[withdrawal.Hindrance]:
    shared: list[Joint] = [claim.joint for claim in every(cycle.id) if claim.joint]
    done: dict[str, dict[str, list[withdrawal.Done]]] = {unit: {} for unit in units}
    for stream, said in events.items():
        _, _, unit, item = stream.split("/")
        done[unit][item] = [(to_fact(event.envelope), event.envelope.actor) for event in said]
    return [each for unit in units for each in withdrawal.in_the_way(cycle, unit, done[unit], shared)]


def _head(events: list[Recorded]) -> Head:
    return Head(events[-1].version, events[-1].leaf) if events else Head()

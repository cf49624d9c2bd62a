"""Appeals: filed by the unit, laid before somebody who never acted on the sheet, decided by exactly that person.

The points a decision moves count as an adjustment that the unit asked for and the decider approved; nobody revokes it.
An objection to another unit's score leads to one, too, filed by who answers it; that one may cost the unit points.
"""

from domain import facts, spelling
from domain.acts.adjustments import fits
from domain.acts.case import Case, Decided
from domain.deadlines import allow
from domain.duties import may, permit, unbiased
from domain.people import Person
from domain.points import BadPoints, parse
from domain.referrals import may_cost, party
from domain.refusals import Refused
from domain.sheet import Appeal, Sheet

OUTCOMES = ("upheld", "partly", "dismissed")
_GAINS = ("支持的申诉须写明加分值，不支持的为0.00", "an appeal that is upheld gains points, a dismissed one 0.00")
_MOVES = ("支持的申诉须写明变动的分值，不支持的为0.00", "an appeal that is upheld moves points, a dismissed one 0.00")
OPEN_STATES = frozenset({"filed", "assigned"})


def file(case: Case, appeal: facts.AppealFiled) -> Decided:
    """Appeals against the points of a leaf, in notice and appeal phases; one appeal a leaf at a time."""
    case.leaf(appeal.leaf)
    grant = case.by_unit("appeal")
    spelling.reason(appeal.text, "text")
    _one_at_a_time(case, appeal)
    for each in appeal.evidence:
        if each not in case.sheet.evidence:
            raise Refused("unknown-evidence", each, each, place="evidence")
    return Decided(grant, [appeal])


def refer(case: Case, appeal: facts.AppealFiled) -> Decided:
    """Files what the answer of an objection leads to, also where the unit's own time for appeals is over."""
    grant = permit(case.person, "administer")
    case.leaf(appeal.leaf)
    _one_at_a_time(case, appeal)
    return Decided(grant, [appeal])


def assign(case: Case, appeal: str, assignee: Person, reason: str) -> Decided:
    """Lays an open appeal before an approver of the leaf's department who has no part in the sheet.

    Nor in the objection that led to it, where one did.
    """
    grant = permit(case.person, "administer")
    unbiased(case.person, case.sheet.unit)
    found = _open(case, appeal)
    if (led := case.cycle.objections.get(found.objection)) is not None:
        unbiased(case.person, led.fact.unit)
    allow(case.cycle, "appeal", case.now, case.sheet.unit)
    spelling.reason(reason)
    departments = frozenset({case.leaf(found.leaf).department})
    if not may(assignee, "decide-appeal", unit=case.sheet.unit, departments=departments):
        raise Refused("bad-assignee", assignee.id, assignee.id, place="person")
    _apart(case, found, assignee)
    return Decided(grant, [facts.AppealAssigned(appeal, found.leaf, assignee.id, reason)])


def decide(case: Case, said: facts.AppealDecided, room: tuple[int, int | None]) -> Decided:
    """Upholds an appeal, wholly or partly, by points within ``room`` (final now, bound), or dismisses it.

    ``said`` names the adjustment that is to carry the points; an appeal of the unit itself never costs it any.
    """
    found = _open(case, said.appeal)
    grant = case.by_department("decide-appeal", found.leaf)
    if found.assignee != case.person.id:
        raise Refused("not-assigned", found.id, found.id)
    _apart(case, found, case.person)
    spelling.reason(said.reason)
    if said.outcome not in OUTCOMES:
        raise Refused("bad-outcome", place="outcome")
    change, costs = _change(said.delta), may_cost(case.cycle.objections.get(found.objection))
    if bool(change) != (said.outcome != "dismissed") or (change < 0 and not costs):
        raise Refused("bad-points", *(_MOVES if costs else _GAINS), place="delta")
    fits(change, room)
    adjustment = said.adjustment if change else ""
    return Decided(
        grant, [facts.AppealDecided(found.id, found.leaf, said.outcome, said.delta, adjustment, said.reason)]
    )


def impartial(sheet: Sheet, person: Person) -> None:
    """Refuses who did anything on the sheet but decide appeals."""
    if person.id in sheet.handlers:
        raise Refused("not-impartial", person.id, person.id)


def _apart(case: Case, appeal: Appeal, person: Person) -> None:
    """Refuses who has a part in the sheet, or in the objection that led to the appeal."""
    impartial(case.sheet, person)
    led = case.cycle.objections.get(appeal.objection)
    if led is not None and party(led, person):
        raise Refused("not-impartial", person.id, person.id)


def _one_at_a_time(case: Case, appeal: facts.AppealFiled) -> None:
    """Refuses a second open appeal on a leaf, by naming the first."""
    for known in case.sheet.appeals.values():
        if known.id == appeal.appeal or (known.leaf == appeal.leaf and known.state in OPEN_STATES):
            raise Refused("already-exists", known.id, known.id)


def waiting(sheet: Sheet) -> list[Appeal]:
    """The appeals of the sheet that are undecided."""
    return [each for each in sheet.appeals.values() if each.state in OPEN_STATES]


def _open(case: Case, appeal: str) -> Appeal:
    found = case.sheet.appeals.get(appeal)
    if found is None:
        raise Refused("unknown-appeal", appeal, appeal)
    if found.state not in OPEN_STATES:
        raise Refused("already-decided", found.state, found.state)
    return found


def _change(delta: str) -> int:
    try:
        return parse(delta)
    except BadPoints as bad:
        raise Refused("bad-points", bad.zh, bad.en, place="delta") from None

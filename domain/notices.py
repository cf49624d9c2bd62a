"""Who is told what: one table from events to the acts that concern them; whoever may do the act is told.

So the right to be told is the right to act or to look, asked of ``domain.duties`` when the event is read, and asked
again when the notice is delivered. Nobody is told of what he did himself.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from domain import duties, facts
from domain.cycle import Cycle
from domain.people import Person

EVERYBODY = "everybody"  # an act of no table: whoever holds a role


@dataclass(frozen=True, slots=True)
class Row:
    """Events of this sort are of a kind, and told to whom ``tell`` (acts of ``domain.duties``) names."""

    kind: str
    tell: tuple[str, ...]
    zh: str
    en: str
    when: Callable[[Any], bool] = lambda _: True
    person: Callable[[Any], str] | None = None  # only him


@dataclass(frozen=True, slots=True)
class Place:
    """What an event is about: units and departments; none where it is about neither."""

    units: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Told:
    """A person is told, because he may do ``act`` on a unit's leaf of one of the departments."""

    person: str
    kind: str
    act: str
    unit: str = ""
    departments: frozenset[str] = field(default_factory=frozenset)


_UNIT, _REVIEWER, _APPROVER = ("file",), ("review",), ("approve",)
_ADMINISTRATOR = ("administer",)
_YEAR = ("file", "review", "approve")

TOLD: dict[type, Row] = {
    facts.EvidenceReviewed: Row(
        "returned",
        _UNIT,
        "证据被退回或不予采信",
        "evidence was returned or rejected",
        lambda f: f.outcome != "accepted",
    ),
    facts.FiguresVerified: Row("returned", _UNIT, "数据被更正", "figures were corrected", lambda f: f.corrected),
    facts.LeafJudged: Row("decided", _UNIT, "已评分", "a leaf was judged"),
    facts.NotApplicableConfirmed: Row("decided", _UNIT, "已确认不适用", "a leaf was confirmed not to apply"),
    facts.JudgementOpened: Row("decided", _UNIT, "已评分", "a leaf was judged"),
    facts.JudgementModerated: Row("decided", _UNIT, "评分经仲裁确定", "a judgement was moderated"),
    facts.AdjustmentApproved: Row("decided", _UNIT, "分数已调整", "points were adjusted"),
    facts.AdjustmentDeclined: Row("decided", _UNIT, "分数调整未获批准", "an adjustment was declined"),
    facts.AdjustmentRevoked: Row("decided", _UNIT, "分数调整已撤销", "an adjustment was revoked"),
    facts.BonusGranted: Row("decided", _UNIT, "加分已批准", "a bonus was granted"),
    facts.BonusDeclined: Row("decided", _UNIT, "加分未获批准", "a bonus was declined"),
    facts.BonusRevoked: Row("decided", _UNIT, "加分已撤销", "a bonus was revoked"),
    facts.AppealDecided: Row("decided", _UNIT, "申诉已裁决", "an appeal was decided"),
    facts.TargetIssued: Row("calendar", _UNIT, "已下达目标", "a target was issued"),
    facts.ExtensionGranted: Row("calendar", _UNIT, "已延期", "more time was granted"),
    facts.PhaseAdvanced: Row("calendar", _YEAR, "考核进入下一阶段", "the cycle went to its next phase"),
    facts.DeadlineMoved: Row("calendar", _YEAR, "截止时间已变更", "a deadline was moved"),
    facts.ResultsPublished: Row("results", _YEAR, "暂定成绩已公布", "provisional results were published"),
    facts.CycleFinalised: Row("results", _YEAR, "最终成绩已公布", "final results were published"),
    facts.CycleReopened: Row("results", _YEAR, "考核已重启", "the cycle was reopened"),
    facts.RubricAdopted: Row("results", _YEAR, "考核表已变更", "the cycle goes on under another rubric"),
    facts.FiguresSubmitted: Row("waiting", _REVIEWER, "有数据待复核", "figures wait for review"),
    facts.EvidenceAttached: Row("waiting", _REVIEWER, "有证据待审核", "evidence waits for review"),
    facts.BonusClaimed: Row("waiting", _REVIEWER, "有加分申请待审核", "a claim waits for review"),
    facts.JudgementSealed: Row("waiting", _REVIEWER, "有小项待第二人评分", "a leaf waits for its second judgement"),
    facts.RubricChangeProposed: Row(
        "second", _ADMINISTRATOR, "有考核表变更待第二人确认", "a change of the rubric awaits a second person"
    ),
    facts.MarkingProposed: Row("second", _ADMINISTRATOR, "有双评方案待第二人确认", "a marking awaits a second person"),
    facts.AdjustmentProposed: Row("second", _APPROVER, "有分数调整待批准", "an adjustment awaits a second person"),
    facts.BonusProposed: Row("second", _APPROVER, "有加分待批准", "a bonus awaits a second person"),
    facts.AppealFiled: Row("second", _ADMINISTRATOR, "有申诉待指派", "an appeal waits to be assigned"),
    facts.ObjectionFiled: Row("second", _ADMINISTRATOR, "公示期收到异议", "an objection was filed"),
    facts.ExtensionProposed: Row("second", _ADMINISTRATOR, "有延期待第二人确认", "an extension awaits a second person"),
    facts.ReopeningProposed: Row("second", _ADMINISTRATOR, "有重启待第二人确认", "a reopening awaits a second person"),
    facts.ResultsProposed: Row("second", _ADMINISTRATOR, "有成绩待第二人公布", "results await a second person"),
    facts.RubricDrafted: Row("second", _ADMINISTRATOR, "有考核表待第二人公布", "a rubric awaits a second person"),
    facts.InterpretationDecided: Row(
        "second", _ADMINISTRATOR, "有口径待第二人公布", "an interpretation awaits a second person"
    ),
    facts.ErasureRequested: Row("second", ("erase",), "有删除申请待第二人批准", "an erasure awaits a second person"),
    facts.AppealAssigned: Row(
        "assigned", ("decide-appeal",), "有申诉交由您裁决", "an appeal was laid before you", person=lambda f: f.person
    ),
    facts.WaiverSigned: Row(
        "assigned", (EVERYBODY,), "您的利益冲突已获豁免", "a conflict of yours was waived", person=lambda f: f.person
    ),
    facts.RecomputationFinished: Row(
        "incident",
        ("administer", "audit"),
        "重算与现行成绩不符",
        "a recomputation differs",
        lambda f: f.differences > 0,
    ),
}
# Not an event: what the workers could not deliver in a day is one notice to each administrator.
DEAD_LETTERS = Row("dead-letter", _ADMINISTRATOR, "有通知未能送达", "some notices could not be delivered")


def place(stream: str, fact: facts.Fact, cycles: Mapping[str, Cycle], departments: Mapping[str, str]) -> Place:
    """What an event of ``stream`` is about; ``departments`` answer for the leaves of the cycle's rubric."""
    kind, _, rest = stream.partition("/")
    if kind == "sheet":
        named = {departments[leaf] for leaf in _leaves(fact) if leaf in departments}
        return Place(frozenset(rest.split("/")[1:2]), frozenset(named))
    if kind == "cycle":
        unit = getattr(fact, "unit", "")
        return Place(
            frozenset({unit} if unit else cycles.get(rest, Cycle(rest)).units), frozenset(departments.values())
        )
    return Place()


def told(fact: facts.Fact, by: str, where: Place, people: Iterable[Person]) -> Iterator[Told]:
    """Who is told of ``fact`` that the person ``by`` caused; each person once."""
    row = TOLD.get(type(fact))
    if row is None or not row.when(fact):
        return
    only = row.person(fact) if row.person else ""
    for person in people:
        if person.id != by and only in {"", person.id}:
            yield from _concerned(row, where, person)


def concerns(act: str, unit: str, departments: frozenset[str], person: Person) -> bool:
    """Whether the person may still be told: he holds what he was told for."""
    if act == EVERYBODY:
        return bool(person.grants)
    return duties.may(person, act, unit=unit, departments=departments)


def _concerned(row: Row, where: Place, person: Person) -> Iterator[Told]:
    for act in row.tell:
        for unit in sorted(where.units) or [""]:
            if concerns(act, unit, where.departments, person):
                yield Told(person.id, row.kind, act, unit, where.departments)
                return


def _leaves(fact: Any) -> Iterable[str]:
    return fact.figures if isinstance(fact, facts.FiguresSubmitted) else [getattr(fact, "leaf", "")]

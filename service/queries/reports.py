"""Reports that go through the whole record again."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from operator import itemgetter
from typing import Any

from domain.duties import permit
from domain.moments import Effects, Moment
from domain.people import Person
from domain.recheck import Breach, Recheck
from domain.reliance import Reliance
from service.office import office
from service.queries import bonuses as asked_for, evidence_uses, same_keys
from service.queries.pages import page_of_rows
from service.queries.record import walk
from workers.courses import Told

_WORDS = {
    "adjustment": ("同一人提出并决定调整", "one person proposed and decided an adjustment"),
    "bonus": ("同一人提出并决定加分", "one person brought forward and decided a bonus"),
    "split": ("同一人提出并裁定联合申报的分配", "one person proposed and decided the split of a joint claim"),
    "appeal": ("办理过该表的人裁决申诉", "somebody who had acted on the sheet decided its appeal"),
    "rubric": ("同一人起草并发布考核表", "one person drafted and published a rubric"),
    "publication": ("同一人提请并公布成绩", "one person proposed and published results"),
    "extension": ("同一人提出并批准延期", "one person proposed and granted an extension"),
    "reopening": ("同一人提出并批准重启", "one person proposed and made a reopening"),
    "recomputation": ("同一人申请并批准重算", "one person asked for and approved a recomputation"),
    "erasure": ("同一人申请并批准删除", "one person asked for and approved an erasure"),
    "objection": (
        "异议由提出人或与双方之一有利益冲突的人答复",
        "an objection was answered by its author, or by somebody in conflict with one of its units",
    ),
    "referral": (
        "申诉并非随异议答复所立、由与异议有关的人裁决，或使本单位失分",
        "an appeal no answer of an objection filed, decided by a party to it, or that cost its own unit points",
    ),
    "marking": ("同一人提出并设定双评规则", "one person proposed and set a rule of double marking"),
    "second-judgement": ("同一人对同一小项评判两次", "one person judged a leaf twice, or waived his own second"),
    "waiver": (
        "豁免由本人、部门内或有利益冲突的人签署，或部门另有可办理的审核人",
        "a waiver was signed by its reviewer, in his department or in a conflict, or another reviewer could act",
    ),
    "own-unit": ("为本单位填报的人评判本单位", "who filed for a unit judged it"),
    "rubric-change": ("同一人提请并采用修订的考核表", "one person proposed and adopted a changed rubric"),
    "target-change": ("可能影响成绩的目标由一人办理", "one person alone issued a target that could move a score"),
    "readmission": (
        "一名管理员独自再次放行有决定权的人",
        "one administrator alone let in anew somebody who decides something",
    ),
    "conflict": (
        "有利益冲突的人评判该单位或专为其办理事项",
        "somebody with a conflict of interest judged the unit or acted for it",
    ),
}

_RELIES = (
    "两人之中一人曾为另一人发放令牌或邀请，且未撤销；请核实由本人办理",
    "one of the two had issued a token or an invitation of the other's, not revoked since: ask who held it",
)


def duties(cycle: str, moment: Moment, query: Mapping[str, Any]) -> tuple[dict[str, Any], str | None]:
    """Every act of a cycle that needs two people or no conflict, checked again: how many, and which broke a rule.

    The acts that stand at a moment; each is checked against all that was recorded before it, as when it was done.
    A page goes through the breaches and then the reliances; with the cursor of the next page.
    """
    found, effects = Recheck(cycle), defaultdict[str, Effects](Effects)

    def take(place: int, event: Told, fact: Any) -> None:
        holds = effects[event.subject].take(fact, event.time, event.effectivetime) if moment.effective else ""
        found.take(place, event.subject, event.actor, fact, counts=moment.sees(place, holds))

    unreadable = walk(moment.position, take)
    lists, cursor = _page(found, query)
    return {
        "cycle": cycle,
        "position": moment.position,
        "holds": not found.breaches and not unreadable,
        "checked": dict(sorted(found.checked.items())),
        "unreadable": unreadable,
        **lists,
    }, cursor


def _page(found: Recheck, query: Mapping[str, Any]) -> tuple[dict[str, Any], str | None]:
    lists: dict[str, Sequence[tuple[Breach | Reliance, tuple[str, str]]]] = {
        "breaches": [(each, _WORDS[each.rule]) for each in found.breaches],
        "reliances": [(each, _RELIES) for each in found.reliances],
    }
    rows = [
        ((place, each.position, each.rule, getattr(each, "holder", "")), name, asdict(each) | {"zh": zh, "en": en})
        for place, (name, of) in enumerate(lists.items())
        for each, (zh, en) in of
    ]
    rows.sort(key=itemgetter(0))
    page, cursor = page_of_rows(rows, itemgetter(0), (int, int, str, str), query)
    return {name: [row for _, of, row in page if of == name] for name in lists}, cursor


def compared_leaves(cycle: str, person: Person) -> list[str] | None:
    """The leaves on which ``person`` may compare units and years; None is all of them. Refuses who has none."""
    mine = person.scopes("reviewer", "approver")
    if person.holds("auditor", "administrator") or "*" in mine:
        return None
    permit(person, "compare", departments=mine)
    return evidence_uses.leaves_of(cycle, mine)


def bonuses(cycle: str, units: Iterable[str], wanted: dict[str, Any]) -> dict[tuple[str, ...], asked_for.Asked]:
    """The bonuses asked for, by leaf, key, unit and id."""
    found = asked_for.asked(asked_for.sheets(cycle, units))
    return {(*each.key, each.unit, each.bonus.id): each for each in found if _wanted(each, wanted)}


def _wanted(each: asked_for.Asked, wanted: dict[str, Any]) -> bool:
    told = {"leaf": each.bonus.leaf, "unit": each.unit, "state": each.bonus.state}
    return all(wanted[name] in {None, value} for name, value in told.items())


def compared(cycle: str, page: list[asked_for.Asked]) -> list[dict[str, Any]]:
    """Bonuses as they are laid beside each other, with what their keys did elsewhere."""
    rubric = office().rules.rubric_of(cycle)
    keys = [(rubric.register_of(each.bonus.leaf), each.key[1]) for each in page]
    beside = same_keys.elsewhere(cycle, set(keys))
    return [asked_for.shown(each) | {"elsewhere": beside[key]} for each, key in zip(page, keys, strict=True)]

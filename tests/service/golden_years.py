"""Invented years from the first figures to the final results, played once to be kept as golden cycles."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from zlib import crc32

from domain import facts
from domain.interpretations import apply
from domain.rubric import rules
from domain.rubric.identity import canonical, identity
from domain.rubric.leaves import Leaf
from domain.rubric.model import Item, Rubric
from events.codec import to_event
from events.entry import Actor, new_id
from service.rubric_files import load
from tests.service.city import API, City, later, record
from tests.service.targets import change
from tests.service.test_journeys import REASON

PHASES = ("closed", "review", "provisional", "notice", "appeal", "final", "archived")
UNITS = {"zhongshan": "district", "xigang": "district", "lushun": "district", "transport": "industry"}


def drawn(unit: str, leaf: str, most: int) -> int:
    """A number from 0 to ``most``, the same whenever it is asked for."""
    return crc32(f"{unit}/{leaf}".encode()) % (most + 1)


def figures(leaf: Leaf, cohort: str, unit: str) -> dict[str, Any]:
    """What a unit files for a leaf; nothing for what is judged, claimed or follows from another leaf."""
    rule, number = leaf.faces[cohort].rule, drawn(unit, leaf.id, 100)
    match rule:
        case rules.Ratio():
            return {"numerator": number, "denominator": 100}
        case rules.Task():
            return {"actual": 40 + number, "target": 80}
        case rules.Count():
            return {"count": number % (rule.minimum + 2)}
        case rules.Checklist():
            return {"yes": [entry.id for entry in rule.entries[: 1 + number % len(rule.entries)]]}
        case rules.Presence():
            return {"yes": number % 3 > 0}
        case rules.Increment():
            return {"stations": 3, "total": 3 * rule.base + number % 20}
    return {}


def sheet(rubric: Rubric, item: Item, unit: str, cohort: str) -> Iterator[facts.Fact]:
    """A year of one sheet: filed, verified or corrected, judged, not applicable, adjusted, bonuses."""
    leaves = [leaf for leaf in item.leaves if cohort in leaf.faces]
    given = {leaf.id: own for leaf in leaves if (own := figures(leaf, cohort, unit))}
    submission = new_id()
    if given:
        yield facts.FiguresSubmitted(submission, given)
    scored = [leaf for leaf in leaves if not leaf.bonus]
    for place, leaf in enumerate(leaves):
        rule, number = leaf.faces[cohort].rule, drawn(unit, leaf.id + "!", 9)
        if len(scored) > 1 and leaf is scored[-1] and number < 2:
            yield facts.NotApplicableConfirmed(leaf.id, REASON)
        elif isinstance(rule, rules.Judged):
            points = rule.steps[number % len(rule.steps)]
            yield facts.LeafJudged(leaf.id, f"{points // 100}.{points % 100:02d}", REASON)
        elif isinstance(rule, rules.Tally | rules.Award):
            yield from bonuses(leaf.id, rule, unit)
        elif leaf.id in given:
            corrected = isinstance(rule, rules.Ratio) and number == 9
            own = {"numerator": 50, "denominator": 100} if corrected else given[leaf.id]
            yield facts.FiguresVerified(leaf.id, submission, own, corrected, REASON)
            yield from adjusted(leaf.id, number + place)


def adjusted(leaf: str, number: int) -> Iterator[facts.Fact]:
    """One leaf in three has an adjustment: approved, declined, or approved and then revoked."""
    key = new_id()
    if number % 3 == 0:
        yield facts.AdjustmentProposed(key, leaf, "-0.13" if number % 2 else "0.11", "inspection", REASON)
        yield (
            facts.AdjustmentDeclined(key, leaf, REASON)
            if number % 9 == 0
            else facts.AdjustmentApproved(key, leaf, REASON)
        )
        if number % 9 == 3:
            yield facts.AdjustmentRevoked(key, leaf, REASON)


def bonuses(leaf: str, rule: rules.Tally | rules.Award, unit: str) -> Iterator[facts.Fact]:
    """Three bonuses: granted, declined, and granted and then revoked; with levels, the highest of a key counts."""
    levels = [level.id for level in rule.levels] if isinstance(rule, rules.Award) else []
    for number in range(2 + drawn(unit, leaf, 3)):
        key, of = new_id(), f"{unit}-{leaf}-{number // 2 if levels else number}"
        if number % 2:
            yield facts.BonusClaimed(key, leaf, of, "经验")
        yield facts.BonusProposed(key, leaf, of, "经验", levels[number % len(levels)] if levels else "", REASON, [])
        yield facts.BonusDeclined(key, leaf, REASON) if number == 1 else facts.BonusGranted(key, leaf, REASON)
        if number == 2:
            yield facts.BonusRevoked(key, leaf, REASON)


def opened(city: City, cycle: str, rubric: Rubric, units: Mapping[str, str]) -> None:
    """A cycle with its units, and everything on their sheets up to the end of the open phase."""
    store = city.office.store
    store.keep_document(canonical(rubric))
    calendar = {phase: later(10 * place) for place, phase in enumerate(("open", *PHASES[:5]), start=1)}
    year: list[facts.Fact] = [facts.CycleCreated(cycle, cycle, rubric.id, identity(rubric), calendar)]
    year += [facts.UnitEnrolled(unit, cohort, f"{unit} 工会", f"{unit} union") for unit, cohort in units.items()]
    record(store, f"cycle/{cycle}", [*year, facts.PhaseAdvanced("draft", "open", REASON)])
    for unit, cohort in units.items():
        for item in rubric.items:
            if cohort in item.points and (said := list(sheet(rubric, item, unit, cohort))):
                record(store, f"sheet/{cycle}/{unit}/{item.id}", said)


def advance(city: City, cycle: str, *phases: str) -> None:
    for phase in phases:
        city.done("administrator", f"/cycles/{cycle}/phases", {"phase": phase, "reason": REASON})


def publish(city: City, cycle: str, stage: str) -> None:
    """Results proposed by one administrator, published by the other."""
    city.settle()
    place = f"/cycles/{cycle}/publications"
    told = city.done("administrator", place, {"stage": stage, "reason": REASON})
    number = told["events"][0]["data"]["publication"]
    city.done("second-administrator", f"{place}/{number}/confirmation", {"reason": REASON})


def to_the_end(city: City, cycle: str, appeals: Callable[[], None] = lambda: None) -> None:
    """From the open phase, or from the review of a reopened cycle, to final results."""
    advance(city, cycle, *("closed", "review")[: 2 if phase(city, cycle) == "open" else 0])
    publish(city, cycle, "provisional")
    advance(city, cycle, "provisional", "notice")
    appeals()
    publish(city, cycle, "final")
    advance(city, cycle, "final")


def phase(city: City, cycle: str) -> str:
    found: str = city.seen("auditor", f"/cycles/{cycle}")["phase"]
    return found


def appealed(city: City, cycle: str) -> None:
    """Three appeals of Zhongshan: upheld, upheld in part, dismissed."""
    outcomes = {"1": ("1b", "upheld", "0.10"), "3": ("3a", "partly", "0.05"), "5": ("5a", "dismissed", "0.00")}
    places = {}
    for item, (leaf, _, _) in outcomes.items():
        place = f"/cycles/{cycle}/units/zhongshan/sheets/{item}"
        told = city.done("unit", f"{place}/appeals", {"leaf": leaf, "text": "部分数据未计入，请复核"})
        places[item] = f"{place}/appeals/{told['events'][0]['data']['appeal']}"
    advance(city, cycle, "appeal")
    for item, (_, outcome, delta) in outcomes.items():
        judged(city, places[item], outcome, delta)


def judged(city: City, appeal: str, outcome: str, delta: str) -> None:
    """An appeal is laid before an outsider and decided."""
    body = {"person": city.people["chief-approver"], "reason": REASON}
    city.done("administrator", f"{appeal}/assignment", body)
    seen = city.call("auditor", "GET", API + appeal.rpartition("/appeals")[0]).get_json()["version"]
    decision = {"outcome": outcome, "delta": delta, "reason": REASON}
    city.done("chief-approver", f"{appeal}/decision", decision, If_Match=f'"{seen}"')


def change_rubric(city: City, cycle: str, rubric: Rubric) -> None:
    """Another reading, published and then adopted by two administrators."""
    store, stream = city.office.store, f"rubric/{rubric.id}"
    digest = store.keep_document(canonical(rubric))
    store.append(stream, store.head(stream), [to_event(facts.RubricDrafted(digest, "口径修订"))], by=Actor("a"))
    store.append(stream, store.head(stream), [to_event(facts.RubricPublished(digest))], by=Actor("b"))
    city.settle()
    told = city.done("administrator", f"/cycles/{cycle}/rubric-changes", {"hash": digest, "reason": REASON})
    change = told["events"][0]["data"]["change"]
    city.done("second-administrator", f"/cycles/{cycle}/rubric-changes/{change}/confirmation", {"reason": REASON})


def whole_year(city: City, cycle: str) -> None:
    """All rule kinds, targets revised, appeals of every outcome, archived."""
    opened(city, cycle, load("six-actions"), UNITS)
    for target in (90, 70):
        change(city, target, cycle=cycle)
    to_the_end(city, cycle, lambda: appealed(city, cycle))
    advance(city, cycle, "archived")


def reopened(city: City, cycle: str) -> None:
    """Final, reopened, and final again under another reading of leaves and of the whole sheet."""
    rubric = load("six-actions")
    opened(city, cycle, rubric, {"zhongshan": "district", "xigang": "district", "transport": "industry"})
    to_the_end(city, cycle, lambda: advance(city, cycle, "appeal"))
    calendar = {name: later(100 + place) for place, name in enumerate(("review", "provisional", "notice", "appeal"))}
    proposed = city.done("administrator", f"/cycles/{cycle}/reopening", {"calendar": calendar, "reason": REASON})
    said = {"reopening": proposed["events"][0]["data"]["reopening"], "reason": REASON}
    city.done("second-administrator", f"/cycles/{cycle}/reopening/confirmation", said)
    change_rubric(city, cycle, apply(rubric, {"Q3": "zero", "Q6": "limited", "Q7": "full", "Q16": "dense"}))
    to_the_end(city, cycle, lambda: advance(city, cycle, "appeal"))


def another_city(city: City, cycle: str) -> None:
    """A second city's rubric, with three cohorts of its own and dotted names."""
    rubric = load("tests/domain/rubrics/harbour.toml")
    opened(city, cycle, rubric, {"quay": "yard", "dock": "yard", "hall": "office", "tug": "ship", "ferry": "ship"})
    to_the_end(city, cycle, lambda: advance(city, cycle, "appeal"))


def referred(city: City, cycle: str) -> None:
    """Leaves of one register, and objections: one dismissed, two referred as appeals that take points and give some."""
    opened(city, cycle, load("six-actions"), {"zhongshan": "district", "xigang": "district"})
    to_the_end(city, cycle, lambda: objected(city, cycle))


def objected(city: City, cycle: str) -> None:
    """Xigang objects three times to what is published of Zhongshan."""
    place = f"/cycles/{cycle}/objections"
    body = {"publication": 1, "unit": "xigang", "about": "zhongshan", "text": "与公开材料不符，请核实"}
    filed = [city.done("other-unit", place, body)["events"][0]["data"]["objection"] for _ in range(3)]
    city.done("administrator", f"{place}/{filed[0]}/answer", {"outcome": "dismissed", "reason": REASON})
    advance(city, cycle, "appeal")
    for objection, item, leaf, delta in ((filed[1], "1", "1a", "-0.10"), (filed[2], "3", "3a", "0.05")):
        said = {"outcome": "referred", "item": item, "leaf": leaf, "reason": REASON}
        told = city.done("administrator", f"{place}/{objection}/answer", said)
        sheet = f"/cycles/{cycle}/units/zhongshan/sheets/{item}"
        judged(city, f"{sheet}/appeals/{told['events'][0]['data']['appeal']}", "partly", delta)


YEARS: Mapping[str, Callable[[City, str], None]] = {
    "whole-year": whole_year,
    "reopened": reopened,
    "another-city": another_city,
    "referred": referred,
}

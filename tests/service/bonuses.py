"""Bonuses and files in a small city's years, in the words of the tests."""

from typing import Any

from domain import facts, phases
from domain.rubric.identity import identity
from service.rubric_files import load
from tests.service.city import API, CYCLE, UNITS, City, later, office_of, record, sheet
from tests.service.papers import pdf

REASON = "经核查属实 checked and true"
WHY = "该做法在全市推广，材料齐全，效果明显，经部门研究同意申报加分。"
UNIT_OF = {"unit": "zhongshan", "other-unit": "xigang"}
BEFORE = "2025"


def another_year(city: City, cycle: str = BEFORE, rubric: str = "") -> None:
    """An open cycle beside the city's own, under the same rubric unless the hash of another is given."""
    calendar = {phase: later(10 * (place + 1)) for place, phase in enumerate(phases.TIMED)}
    year: list[facts.Fact] = [
        facts.CycleCreated(f"{cycle} 考核", cycle, "six-actions", rubric or identity(load("six-actions")), calendar)
    ]
    year += [facts.UnitEnrolled(unit, cohort, f"{unit} 总工会", f"{unit} union") for unit, cohort in UNITS.items()]
    year.append(facts.PhaseAdvanced("draft", "open", "test"))
    record(city.office.store, f"cycle/{cycle}", year, office_of(city))


def seen(city: City, place: str) -> str:
    return f'"{city.seen("auditor", place)["version"]}"'


def seven(who: str, cycle: str = CYCLE) -> str:
    return sheet(UNIT_OF[who], "7", cycle)


def claim(city: City, who: str, key: str, leaf: str = "7a", cycle: str = CYCLE) -> str:
    """The unit claims; gives the bonus."""
    told = city.done(who, seven(who, cycle) + "/claims", {"leaf": leaf, "key": key, "title": f"合同 {key}"})
    return bonus_of(told)


def bonus_of(told: dict[str, Any]) -> str:
    return str(next(each["data"]["bonus"] for each in told["events"] if each["type"].startswith(("Bonus", "Joint"))))


def propose(city: City, place: str, bonus: str, key: str, leaf: str = "7a", **more: Any) -> None:
    body = {"leaf": leaf, "bonus": bonus, "key": key, "title": f"合同 {key}", "justification": WHY, **more}
    city.done("reviewer", place + "/bonuses", body, If_Match=seen(city, place))


def decide(city: City, place: str, bonus: str, decision: str = "grant", reason: str = REASON) -> None:
    body = {"decision": decision, "reason": reason}
    city.done("approver", f"{place}/bonuses/{bonus}/decisions", body, If_Match=seen(city, place))


def granted(city: City, who: str, key: str, leaf: str = "7a", cycle: str = CYCLE) -> str:
    """Claimed, proposed and granted; gives the bonus."""
    bonus = claim(city, who, key, leaf, cycle)
    propose(city, seven(who, cycle), bonus, key, leaf)
    decide(city, seven(who, cycle), bonus)
    return bonus


def attach(city: City, who: str, text: str, item: str = "1", leaf: str = "1b", cycle: str = CYCLE) -> str:
    """The unit attaches a file with this text; gives the evidence."""
    place = f"{API}{sheet(UNIT_OF[who], item, cycle)}/evidence"
    sent = city.call(who, "POST", place, data={"leaf": leaf, "file": pdf(text)})
    assert sent.status_code == 201, sent.get_data(as_text=True)
    return str(sent.get_json()["events"][0]["data"]["evidence"])

"""Double marking over the API: a rule in force, and the acts of a round on item 6 of Zhongshan."""

from typing import Any

from werkzeug.test import TestResponse

from tests.service.city import CYCLE, City, sheet

SIX = sheet(item="6")
MARKING = f"/cycles/{CYCLE}/marking"
REASON = "按规定办理 as the rules say"
SENTINEL = "首评机密理由 a reason nobody else may read yet"


def set_marking(city: City, percent: int = 100, limit: str = "0.50", **departments: int) -> str:
    """A rule in force; gives its id."""
    body = {"percent": percent, "departments": departments, "limit": limit, "reason": REASON}
    told = city.done("administrator", MARKING, body)
    rule: str = told["events"][0]["data"]["marking"]
    city.done("second-administrator", f"{MARKING}/{rule}/confirmation", {"reason": REASON})
    return rule


def tell(city: City, who: str, act: str, points: str = "", reason: str = REASON, place: str = SIX) -> TestResponse:
    """One act of a round on 6b, on the sheet as it stands."""
    version = f'"{city.seen("auditor", place)["version"]}"'
    body = {"leaf": "6b", "reason": reason} | ({"points": points} if points else {})
    return city.post(who, f"{place}/{act}", body, If_Match=version)


def told(city: City, who: str, act: str, points: str = "", reason: str = REASON, place: str = SIX) -> list[Any]:
    """The events of an act that must succeed."""
    answer = tell(city, who, act, points, reason, place)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    found: list[Any] = answer.get_json()["events"]
    return found


def leaf(city: City) -> dict[str, Any]:
    return next(each for each in city.seen("auditor", SIX)["leaves"] if each["leaf"] == "6b")


def columns(city: City) -> tuple[str, str, str]:
    found = leaf(city)
    return found["verified"], found["final"], found["status"]

"""Targets over the API as the tests set them: by one administrator, or proposed by one and confirmed by the other."""

from typing import Any

from tests.service.city import CYCLE, City

REASON = "市总调整年度任务 the city's task was changed"


def wanted(target: int, unit: str = "zhongshan", **more: Any) -> dict[str, Any]:
    return {"unit": unit, "leaf": "1a", "target": target, "reason": REASON, **more}


def issue(city: City, target: int, unit: str = "zhongshan") -> None:
    """By one person: the first of a leaf that nobody has filed for."""
    told = city.done("administrator", f"/cycles/{CYCLE}/targets", wanted(target, unit))
    assert [event["type"] for event in told["events"]] == ["TargetIssued", "TargetApplied"]
    assert told["stream"] == f"cycle/{CYCLE}"
    city.settle()


def propose(city: City, body: dict[str, Any], cycle: str = CYCLE) -> str:
    """A change over everything there is; gives its id."""
    city.settle()
    told = city.done("administrator", f"/cycles/{cycle}/target-changes", body)
    change: str = told["events"][0]["data"]["change"]
    return change


def change(city: City, target: int, unit: str = "zhongshan", cycle: str = CYCLE, **more: Any) -> dict[str, Any]:
    """By two people; gives the receipt of the confirmation."""
    place = f"/cycles/{cycle}/target-changes/{propose(city, wanted(target, unit, **more), cycle)}/confirmation"
    told = city.done("second-administrator", place, {"reason": "影响已核对"})
    city.settle()
    return told

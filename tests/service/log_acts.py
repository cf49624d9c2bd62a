"""A little of everything on a sheet, so that there are scores to verify."""

from tests.service.city import City, sheet


def some_acts(city: City) -> None:
    where = sheet()
    filed = city.done("unit", where + "/submissions", {"figures": {"1a": {"actual": 80, "target": 100}}})
    submission = filed["events"][0]["data"]["submission"]
    seen = {"If_Match": f'"{filed["version"]}"'}
    done = city.done(
        "reviewer", where + "/verifications", {"leaf": "1a", "submission": submission, "reason": "核对无误"}, **seen
    )
    seen = {"If_Match": f'"{done["version"]}"'}
    proposal = {"leaf": "1a", "delta": "-0.10", "code": "data-error", "text": "重复计算的人数须扣除，已核对"}
    done = city.done("reviewer", where + "/adjustments", proposal, **seen)
    adjustment = done["events"][0]["data"]["adjustment"]
    seen = {"If_Match": f'"{done["version"]}"'}
    city.done(
        "approver", f"{where}/adjustments/{adjustment}/decisions", {"decision": "approve", "reason": "同意"}, **seen
    )
    city.done("other-unit", sheet("xigang") + "/submissions", {"figures": {"1a": {"actual": 100, "target": 100}}})
    city.settle()

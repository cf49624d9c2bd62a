"""Why is it 86.45? The tree from a unit's total down to the events, over the API."""

from typing import Any

from tests.service.city import CYCLE, City
from tests.service.test_journeys import SHEET, seen

UNIT = f"/cycles/{CYCLE}/units/zhongshan"


def leaf_of(tree: dict[str, Any], leaf: str) -> dict[str, Any]:
    leaves = (each for group in tree["groups"] for item in group["items"] for each in item["leaves"])
    return next(each for each in leaves if each["id"] == leaf)


def file(city: City) -> str:
    told = city.done("unit", SHEET + "/submissions", {"figures": {"1a": {"actual": 40, "target": 50}}})
    return str(told["events"][0]["data"]["submission"])


def verify(city: City, submission: str) -> None:
    body = {"leaf": "1a", "submission": submission, "reason": "与名册一致"}
    city.done("reviewer", SHEET + "/verifications", body, If_Match=seen(city, SHEET))


def test_one_call_leads_from_the_total_to_the_events_by_their_positions(city: City) -> None:
    verify(city, file(city))
    city.settle()
    tree = city.seen("auditor", UNIT + "/explanation")
    leaf = leaf_of(tree, "1a")
    assert (tree["points"], tree["sum"]) == ("1.28", "1.28 + 0.00 + 0.00 + 0.00 + 0.00 + 0.00 + 0.00")
    assert (leaf["points"], leaf["formula"]["en"]) == ("1.28", "40 < 50, 1.60 × 40 ÷ 50")
    assert [each["type"] for each in leaf["sources"]] == ["FiguresSubmitted", "FiguresVerified"]
    for source in leaf["sources"]:
        assert city.seen("auditor", f"/events/{source['position']}")["entry"]["id"] == source["id"]
    assert tree["newest"] == leaf["sources"][-1]["position"]


def test_the_total_that_is_explained_is_the_total_that_is_shown(city: City) -> None:
    verify(city, file(city))
    city.settle()
    assert city.seen("unit", UNIT + "/explanation")["points"] == city.seen("unit", UNIT + "/scores")["total"]["final"]


def test_figures_that_nobody_has_seen_are_told_as_such_with_what_they_would_make(city: City) -> None:
    file(city)
    leaf = leaf_of(city.seen("unit", UNIT + "/explanation"), "1a")
    assert (leaf["points"], leaf["claimed"], leaf["inputs"]) == ("0.00", "1.28", None)
    assert leaf["filed"] == {"actual": 40, "target": 50}
    assert leaf["formula"] == {"zh": "已申报，待复核，复核前计0.00", "en": "filed, waits for a review, 0.00 until then"}
    assert leaf["filed_formula"]["en"] == "40 < 50, 1.60 × 40 ÷ 50"


def test_what_is_accepted_but_not_ordered_yet_has_no_position(city: City) -> None:
    file(city)
    assert [each["position"] for each in leaf_of(city.seen("unit", UNIT + "/explanation"), "1a")["sources"]] == [None]
    city.settle()
    assert leaf_of(city.seen("unit", UNIT + "/explanation"), "1a")["sources"][0]["position"] > 0


def test_a_sheets_history_tells_the_position_of_every_ordered_event(city: City) -> None:
    file(city)
    city.settle()
    events = city.seen("unit", SHEET + "/history")["events"]
    assert [each["type"] for each in events] == ["FiguresSubmitted"]
    assert city.seen("auditor", f"/events/{events[0]['position']}")["entry"]["id"] == events[0]["id"]

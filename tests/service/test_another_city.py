"""Another city's sheet runs as it is: published, filed on, verified and scored over the API."""

import tomllib
from pathlib import Path

from domain import phases
from tests.service.city import City, later

HARBOUR = Path(__file__).parents[1] / "domain" / "rubrics" / "harbour.toml"
SHEET = "/cycles/harbour-2026/units/pier-7/sheets/A1"
REASON = "与台账一致 agrees with the ledger"


def harboured(city: City) -> None:
    """A year under the other sheet, open, with one yard and a reviewer of its fire office."""
    document = tomllib.loads(HARBOUR.read_text("utf-8"))
    drafted = city.done("administrator", "/rubrics", {"rubric": document})["events"][0]["data"]["hash"]
    city.done("second-administrator", "/rubrics/harbour/publication", {"hash": drafted})
    calendar = {phase: later(10 * (place + 1)) for place, phase in enumerate(phases.TIMED)}
    year = {"cycle": "harbour-2026", "title": "2026 安全检查", "rubric": "harbour", "calendar": calendar}
    city.done("administrator", "/cycles", year)
    unit = {"unit": "pier-7", "cohort": "yard", "name_zh": "七号码头", "name_en": "Pier 7"}
    city.done("administrator", "/cycles/harbour-2026/units", unit)
    city.done("administrator", "/cycles/harbour-2026/phases", {"phase": "open", "reason": REASON})
    for who, role, scope in (("nobody", "unit", "pier-7"), ("other-reviewer", "reviewer", "fire")):
        body = {"role": role, "scope": scope, "reason": REASON}
        city.done("administrator", f"/people/{city.people[who]}/roles", body)


def test_a_leaf_is_filed_verified_and_scored_under_the_names_that_the_other_sheet_gives_it(city: City) -> None:
    harboured(city)
    filed = city.done("nobody", SHEET + "/submissions", {"figures": {"A1.x": {"numerator": 17, "denominator": 20}}})
    submission = filed["events"][0]["data"]["submission"]
    verdict = {"leaf": "A1.x", "submission": submission, "reason": REASON}
    city.done("other-reviewer", SHEET + "/verifications", verdict, If_Match=f'"{filed["version"]}"')
    city.settle()
    told = city.seen("viewer", "/cycles/harbour-2026/units/pier-7/scores")
    # 17 × 100 ÷ (20 × 90) is 94 % of what is asked: the tier of 90 %, which earns 60 % of 4.00.
    assert [told["leaves"]["A1.x"][column] for column in ("claimed", "verified", "final")] == ["2.40"] * 3
    assert told["total"]["final"] == "2.40"
    assert city.seen("viewer", "/cycles/harbour-2026/units/pier-7/scores/timeline?leaf=A1.x")["steps"]

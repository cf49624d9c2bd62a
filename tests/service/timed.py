"""A small story in two times, its numbers worked out by hand; the tests of time look at it.

Leaf 1c (1.60 points, threshold 98 %): filed as 49 of 100 → 49/98 of 1.60 = 0.80, effective MARCH; found to be 49 of
200 → 0.40, which a correction without a time of its own lets hold from MARCH too. Leaf 2a is judged 1.00, so since
JUNE. An adjustment of 1c by -0.10 is proposed and approved, from when it is recorded.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from events.entry import utc_text
from tests.service.city import CYCLE, City, sheet

_TODAY = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
FEBRUARY, MARCH, APRIL, JUNE, JULY = (utc_text(_TODAY - timedelta(days=days)) for days in (250, 220, 190, 130, 100))
UNIT = f"/cycles/{CYCLE}/units/zhongshan"
SCORES = f"{UNIT}/scores"
WRONG = "名册与系统不符，重复计入一百家 a hundred firms were counted twice"
JUDGED = "共建机制健全 the mechanism stands"
LATE = "材料逾期提交两周，经核属实 the files came two weeks late"


@dataclass
class Story:
    """The city after the story; ``at``: step -> the position it was given."""

    city: City
    at: dict[str, int] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def act(self, step: str, who: str, place: str, body: dict[str, Any]) -> dict[str, Any]:
        where = (
            f"/{place}"
            if place.startswith("cycles")
            else f"{sheet(item=place.partition('/')[0])}/{place.partition('/')[2]}"
        )
        headers = {}
        if not place.startswith("cycles") and not place.endswith("submissions"):
            version = self.city.seen("auditor", sheet(item=place.partition("/")[0]))["version"]
            headers["If_Match"] = f'"{version}"'
        told = self.city.done(who, where, body, **headers)
        self.city.settle()
        self.at[step] = self.city.office.reads.last()
        return told


def played(city: City) -> Story:
    """Plays the story."""
    story = Story(city)
    city.settle()
    story.at["nothing"] = city.office.reads.last()
    figures = {"1c": {"numerator": 49, "denominator": 100}}
    told = story.act("filed", "unit", "1/submissions", {"figures": figures, "effective": MARCH})
    submission = told["events"][0]["data"]["submission"]
    corrected = {"numerator": 49, "denominator": 200}
    body = {"leaf": "1c", "submission": submission, "corrected": corrected, "reason": WRONG}
    story.act("corrected", "reviewer", "1/verifications", body)
    story.act(
        "judged", "reviewer", "2/judgements", {"leaf": "2a", "points": "1.00", "reason": JUDGED, "effective": JUNE}
    )
    body = {"leaf": "1c", "delta": "-0.10", "code": "late-evidence", "text": LATE}
    told = story.act("proposed", "reviewer", "1/adjustments", body)
    adjustment = told["events"][0]["data"]["adjustment"]
    story.ids |= {"submission": submission, "adjustment": adjustment}
    story.act(
        "approved", "approver", f"1/adjustments/{adjustment}/decisions", {"decision": "approve", "reason": "同意"}
    )
    return story

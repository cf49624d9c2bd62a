"""A unit's score over time: each step with its two times, cause, author and reason, sums and rank after it."""

from typing import Any

import pytest

from tests.service.city import CYCLE, City, sheet
from tests.service.timed import APRIL, JUNE, LATE, MARCH, SCORES, WRONG, Story, played

TIMELINE = f"{SCORES}/timeline"


def steps(city: City, query: str = "", who: str = "auditor") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = city.seen(who, TIMELINE + query)["steps"]
    return found


@pytest.fixture
def story(city: City) -> Story:
    return played(city)


def test_every_step_says_what_moved_and_what_it_came_to(story: Story) -> None:
    told = [
        (each["leaf"], each["cause"], each["moved"]["claimed"], each["moved"]["final"], each["final"],
         each["item_total"]["final"], each["total"]["final"], each["rank"])
        for each in steps(story.city)
    ]  # fmt: skip
    assert told == [
        ("1c", "submission", "0.80", "0.00", "0.00", "0.00", "0.00", 1),
        ("1c", "correction", "0.00", "0.40", "0.40", "0.40", "0.40", 1),
        ("2a", "judgement", "0.00", "1.00", "1.00", "1.00", "1.40", 1),
        ("1c", "adjustment", "0.00", "-0.10", "0.30", "0.30", "1.30", 1),
    ]


def test_a_step_has_both_times_and_who_did_it_and_why(story: Story) -> None:
    _, corrected, judged, adjusted = steps(story.city, who="unit")
    assert (corrected["effective"], judged["effective"]) == (MARCH, JUNE)
    assert (corrected["actor"], corrected["role"], corrected["scope"], corrected["reason"]) == (
        story.city.people["reviewer"], "reviewer", "organisation", WRONG,
    )  # fmt: skip
    assert adjusted["effective"] == adjusted["recorded"] > JUNE
    assert [each["position"] for each in (corrected, judged, adjusted)] == [
        story.at[name] for name in ("corrected", "judged", "approved")
    ]


def test_who_may_not_read_the_sheet_sees_the_points_and_not_the_person(story: Story) -> None:
    for who in ("viewer", "other-reviewer", "administrator"):
        for each in steps(story.city, who=who):
            assert [each[name] for name in ("actor", "role", "scope", "reason")] == [None] * 4
            assert each["cause"]
    assert LATE not in story.city.get("viewer", TIMELINE).get_data(as_text=True)


def test_a_timeline_ends_at_the_moment_asked_for(story: Story) -> None:
    causes = [each["cause"] for each in steps(story.city, f"?as_of_position={story.at['corrected']}")]
    assert causes == ["submission", "correction"]
    assert [each["cause"] for each in steps(story.city, f"?as_of_effective={APRIL}")] == ["submission", "correction"]
    as_known = f"?as_of_effective={APRIL}&as_of_position={story.at['filed']}"
    assert [each["cause"] for each in steps(story.city, as_known)] == ["submission"]


def test_pages_follow_one_another_and_lose_nothing(story: Story) -> None:
    whole, found, path = steps(story.city), [], f"{TIMELINE}?limit=1"
    while path:
        answer = story.city.get("auditor", path)
        found += answer.get_json()["steps"]
        link = answer.headers.get("Link")
        path = link.partition(">")[0].removeprefix("</api/v1") if link else ""
    assert found == whole


def test_one_event_that_moves_two_leaves_is_cut_between_pages_and_nothing_is_lost(city: City) -> None:
    figures = {leaf: {"numerator": 1, "denominator": 1} for leaf in ("1b", "1c", "1d")}
    city.done("unit", f"{sheet()}/submissions", {"figures": figures})
    city.settle()
    first = city.get("auditor", f"{TIMELINE}?limit=2")
    second = city.get("auditor", first.headers["Link"].partition(">")[0].removeprefix("</api/v1"))
    assert [each["leaf"] for page in (first, second) for each in page.get_json()["steps"]] == ["1b", "1c", "1d"]


def test_a_leaf_and_an_item_have_timelines_of_their_own(story: Story) -> None:
    assert [each["leaf"] for each in steps(story.city, "?leaf=2a")] == ["2a"]
    assert [each["leaf"] for each in steps(story.city, "?item=1")] == ["1c", "1c", "1c"]


def test_who_may_not_see_the_unit_that_moved_a_rank_is_told_that_another_did(story: Story) -> None:
    corrected = steps(story.city)[1]
    path = f"/cycles/{CYCLE}/units/xigang/scores/timeline"
    [seen] = story.city.seen("viewer", path)["steps"]
    named = {name: corrected[name] for name in ("item", "event", "type", "cause", "recorded", "effective")}
    assert seen["other"] == {"unit": "zhongshan"} | named
    [hidden] = story.city.seen("other-unit", path)["steps"]
    assert {name: told for name, told in hidden.items() if told is not None} == {
        "position": corrected["position"], "cause": "other-unit", "rank": 2,
        "total": {"claimed": "0.00", "verified": "0.00", "final": "0.00"},
    }  # fmt: skip
    assert story.city.seen("viewer", path + f"?after={corrected['position']}")["steps"] == []
    assert story.city.seen("viewer", path + "?item=1")["steps"] == []


def test_the_rank_after_a_step_is_the_one_the_board_shows_there(story: Story) -> None:
    city = story.city
    told = city.done(
        "other-unit", f"{sheet('xigang', '1')}/submissions", {"figures": {"1b": {"numerator": 1, "denominator": 1}}}
    )
    submission = told["events"][0]["data"]["submission"]
    body = {"leaf": "1b", "submission": submission, "reason": "属实"}
    city.done("reviewer", f"{sheet('xigang', '1')}/verifications", body, If_Match='"1"')
    city.settle()
    others = city.seen("auditor", f"/cycles/{CYCLE}/units/xigang/scores/timeline")["steps"]
    assert [(each["cause"], each["total"]["final"], each["rank"]) for each in others] == [
        ("other-unit", "0.00", 2), ("submission", "0.00", 2), ("verification", "1.60", 1),
    ]  # fmt: skip
    assert steps(city)[-1]["rank"] == 2  # though the unit itself did nothing more
    for each in [*others, *steps(city)]:
        board = city.seen("auditor", f"/cycles/{CYCLE}/scores?as_of_position={each['position']}")["units"]
        unit = "xigang" if each in others else "zhongshan"
        assert next(row["rank"] for row in board if row["unit"] == unit) == each["rank"]

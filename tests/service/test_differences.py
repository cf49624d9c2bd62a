"""What changed between two moments, and why: by cause, by leaf, by event, worked out by hand and adding up exactly."""

from typing import Any

import pytest

from domain import facts
from domain.points import parse
from events.canonical import canonical
from tests.service.city import CYCLE, City, sheet
from tests.service.targets import change
from tests.service.test_publications import advance, publish, record_fact
from tests.service.timed import APRIL, FEBRUARY, JUNE, LATE, MARCH, WRONG, Story, played

DIFFERENCES = f"/cycles/{CYCLE}/differences"


@pytest.fixture
def story(city: City) -> Story:
    return played(city)


def told(city: City, query: str, who: str = "auditor", part: str = "") -> dict[str, Any]:
    return city.seen(who, f"{DIFFERENCES}{part}?{query}")


def by_cause(answer: dict[str, Any]) -> dict[str, tuple[int, str, str, str, str]]:
    return {
        each["cause"]: (each["events"], each["claimed"], each["verified"], each["final"], each["total"])
        for each in answer["causes"]
    }


def adds_up(answer: dict[str, Any]) -> bool:
    return all(
        sum(parse(each[name]) for each in answer["causes"]) == parse(moved["moved"])
        for name, moved in answer["sums"].items()
    )


def test_the_causes_of_everything_that_ever_moved(story: Story) -> None:
    answer = told(story.city, "")
    assert by_cause(answer) == {
        "judgement": (1, "0.00", "1.00", "1.00", "1.00"),
        "correction": (1, "0.00", "0.40", "0.40", "0.40"),
        "adjustment": (1, "0.00", "0.00", "-0.10", "-0.10"),
        "submission": (1, "0.80", "0.00", "0.00", "0.00"),
    }
    assert [each["cause"] for each in answer["causes"]] == ["judgement", "correction", "adjustment", "submission"]
    assert answer["sums"]["total"] == {"before": "0.00", "after": "1.30", "moved": "1.30"}
    assert adds_up(answer)


def test_each_event_says_who_when_why_and_what_it_moved(story: Story) -> None:
    answer = told(story.city, f"from_position={story.at['filed']}&to_position={story.at['corrected']}")
    [event] = answer["events"]
    assert (event["cause"], event["type"], event["position"]) == (
        "correction", "FiguresVerified", story.at["corrected"],
    )  # fmt: skip
    assert (event["actor"], event["role"], event["reason"]) == (story.city.people["reviewer"], "reviewer", WRONG)
    assert event["effective"] == MARCH < event["recorded"]
    assert event["leaves"] == [
        {
            "leaf": "1c",
            "claimed": {"before": "0.80", "after": "0.80", "moved": "0.00"},
            "verified": {"before": "0.00", "after": "0.40", "moved": "0.40"},
            "final": {"before": "0.00", "after": "0.40", "moved": "0.40"},
        }
    ]
    assert answer["before"]["position"] == story.at["filed"]


def test_each_leaf_says_which_events_moved_it(story: Story) -> None:
    rows = told(story.city, f"from_position={story.at['filed']}", part="/leaves")["leaves"]
    assert [(each["leaf"], each["final"]["moved"]) for each in rows] == [("1c", "0.30"), ("2a", "1.00")]
    assert [(each["cause"], each["final"], each["reason"]) for each in rows[0]["because"]] == [
        ("correction", "0.40", WRONG), ("adjustment", "-0.10", "同意"),
    ]  # fmt: skip


def test_the_units_that_moved_with_their_ranks(story: Story) -> None:
    answer = told(story.city, f"from_position={story.at['corrected']}")
    assert answer["units"] == [
        {
            "unit": "zhongshan",
            "cohort": "district",
            "total": {"before": "0.40", "after": "1.30", "moved": "0.90"},
            "rank_before": 1,
            "rank_after": 1,
        }
    ]
    ranks = {each["unit"]: (each["rank_before"], each["rank_after"]) for each in told(story.city, "")["units"]}
    assert ranks["xigang"] == (None, 2)  # nobody was enrolled at the beginning of the record


def test_between_two_effective_times_as_we_now_know_it_was(story: Story) -> None:
    answer = told(story.city, f"from_effective={APRIL}&to_effective={JUNE}")
    assert by_cause(answer) == {"judgement": (1, "0.00", "1.00", "1.00", "1.00")}
    back = told(story.city, f"from_effective={JUNE}&to_effective={FEBRUARY}")
    assert [(each["cause"], each["gone"]) for each in back["events"]] == [
        ("judgement", True), ("correction", True), ("submission", True),
    ]  # fmt: skip
    assert back["sums"]["total"]["moved"] == "-1.40"
    assert adds_up(back)


def test_what_we_have_learnt_since_about_march(story: Story) -> None:
    query = f"from_position={story.at['filed']}&from_effective={MARCH}&to_effective={MARCH}"
    assert by_cause(told(story.city, query)) == {"correction": (1, "0.00", "0.40", "0.40", "0.40")}


def test_a_leaf_or_an_item_alone(story: Story) -> None:
    answer = told(story.city, "leaf=1c")
    assert by_cause(answer).keys() == {"submission", "correction", "adjustment"}
    assert answer["sums"]["final"] == {"before": "0.00", "after": "0.30", "moved": "0.30"}
    assert "total" not in answer["sums"]
    assert by_cause(told(story.city, "item=2")).keys() == {"judgement"}
    assert adds_up(answer)


def test_one_event_that_moves_two_leaves_stands_behind_both(city: City) -> None:
    figures = {leaf: {"numerator": 1, "denominator": 1} for leaf in ("3a", "3b")}
    filed = city.done("unit", f"{sheet(item='3')}/submissions", {"figures": figures})
    submission = filed["events"][0]["data"]["submission"]
    for version, leaf in enumerate(figures, start=1):
        body = {"leaf": leaf, "submission": submission, "reason": "属实"}
        city.done("reviewer", f"{sheet(item='3')}/verifications", body, If_Match=f'"{version}"')
    city.settle()
    before = city.office.reads.last()
    body = {"leaf": "3c", "reason": "本区没有非公企业工会"}
    city.done("reviewer", f"{sheet(item='3')}/not-applicable", body, If_Match='"3"')
    city.settle()
    answer = told(city, f"from_position={before}")
    assert by_cause(answer) == {"not-applicable": (1, "0.00", "1.00", "1.00", "1.00")}
    [event] = answer["events"]
    # The 1.00 of 3c goes to its siblings, 0.50 each.
    assert [(each["leaf"], each["final"]["after"]) for each in event["leaves"]] == [("3a", "1.50"), ("3b", "1.50")]


def test_a_target_moves_points_in_its_own_name(city: City) -> None:
    city.done("unit", f"{sheet()}/submissions", {"figures": {"1a": {"actual": 50, "target": 50}}})
    city.settle()
    before = city.office.reads.last()
    change(city, 100, reason="市总下达年度任务")
    answer = told(city, f"from_position={before}")
    assert by_cause(answer) == {"target": (1, "-0.80", "0.00", "0.00", "0.00")}
    assert answer["events"][0]["reason"] == "市总下达年度任务"


def test_units_see_their_own_and_nothing_of_others(story: Story) -> None:
    assert told(story.city, "", who="unit")["sums"]["total"]["after"] == "1.30"
    other = told(story.city, "", who="other-unit")
    assert (other["events"], other["causes"], other["sums"]["total"]["after"]) == ([], [], "0.00")
    assert {each["unit"] for each in other["units"]} == {"xigang"}
    assert told(story.city, "", who="other-unit", part="/leaves")["leaves"] == []
    for part in ("", "/leaves"):
        answer = story.city.get("other-unit", f"{DIFFERENCES}{part}?unit=zhongshan")
        assert (answer.status_code, answer.get_json()["type"]) == (404, "urn:kaohe:problem:unknown-unit")


def test_who_may_not_read_the_sheet_learns_the_cause_and_not_the_words(story: Story) -> None:
    for who in ("viewer", "other-reviewer", "administrator"):
        answer = told(story.city, "", who=who)
        assert {each["reason"] for each in answer["events"]} == {None}
        assert by_cause(answer).keys() == {"submission", "correction", "judgement", "adjustment"}
        text = story.city.get(who, f"{DIFFERENCES}/leaves").get_data(as_text=True)
        assert WRONG not in text
        assert LATE not in text


@pytest.mark.parametrize("part", ["", "/leaves"])
def test_pages_follow_one_another_and_lose_nothing(story: Story, part: str) -> None:
    name = part.removeprefix("/") or "events"
    whole, found, path = told(story.city, "", part=part)[name], [], f"{DIFFERENCES}{part}?limit=1"
    while path:
        answer = story.city.get("auditor", path)
        found += answer.get_json()[name]
        link = answer.headers.get("Link")
        path = link.partition(">")[0].removeprefix("</api/v1") if link else ""
    assert found == whole


@pytest.mark.parametrize(
    ("query", "status", "problem"),
    [
        (f"from_position=1&from_recorded={MARCH}", 422, "contradictory-moment"),
        ("to_position=1&to_publication=1", 422, "contradictory-moment"),
        ("to_recorded=2100-01-01T00:00:00Z", 422, "bad-recorded-time"),
        ("from_recorded=2100-01-01T00:00:00Z", 422, "bad-recorded-time"),
        ("from_position=999999", 404, "unknown-position"),
        ("from_publication=7", 404, "unknown-publication"),
        ("unit=nowhere", 404, "unknown-unit"),
        ("leaf=99z", 404, "unknown-leaf"),
        ("item=99", 404, "unknown-item"),
        ("cursor=nonsense", 400, "bad-cursor"),
    ],
)
def test_a_question_that_cannot_be_answered_is_a_named_problem(
    city: City, query: str, status: int, problem: str
) -> None:
    city.settle()
    for part in ("", "/leaves"):
        answer = city.get("auditor", f"{DIFFERENCES}{part}?{query}")
        assert (answer.status_code, answer.get_json()["type"]) == (status, f"urn:kaohe:problem:{problem}")


def published(story: Story) -> tuple[int, int]:
    """Publishes provisional results before the adjustment's revocation and another epoch's after it."""
    city = story.city
    advance(city, "closed", "review")
    first = publish(city, "provisional")
    place = f"{sheet()}/adjustments/{story.ids['adjustment']}/decisions"
    version = city.seen("auditor", sheet())["version"]
    body = {"decision": "revoke", "reason": "复核发现材料按期"}
    city.done("chief-approver", place, body, If_Match=f'"{version}"')
    city.settle()
    second = publish(city, "provisional")
    city.settle()
    return first, second


def test_what_changed_between_two_publications_and_why(story: Story) -> None:
    first, second = published(story)
    answer = told(story.city, f"from_publication={first}&to_publication={second}")
    assert by_cause(answer) == {"adjustment-revoked": (1, "0.00", "0.00", "0.10", "0.10")}
    assert [each["reason"] for each in answer["events"]] == ["复核发现材料按期"]
    assert (answer["before"]["publication"], answer["after"]["publication"]) == (first, second)
    assert [(each["unit"], each["total"]["moved"]) for each in answer["units"]] == [("zhongshan", "0.10")]
    assert adds_up(answer)


def test_points_that_another_engine_computed_are_a_cause_of_their_own(story: Story) -> None:
    """A table that another program once computed and two people published: 1c stood there 0.07 higher."""
    first, second = published(story)
    store = story.city.office.store
    ours = story.city.seen("auditor", f"/cycles/{CYCLE}/publications/{first}")
    ours["table"]["zhongshan"]["leaves"]["1c"]["final"] = "0.37"
    digest = store.keep_document(canonical(ours["table"]))
    said = (digest, ours["rubric"], ours["interpretations"], "another engine", ours["position"], "公布")
    record_fact(story.city, facts.ResultsProposed(3, "provisional", *said))
    record_fact(story.city, facts.ResultsPublished(3, *said))
    query = f"from_publication=3&to_publication={second}"
    answer = told(story.city, query)
    assert by_cause(answer) == {
        "adjustment-revoked": (1, "0.00", "0.00", "0.10", "0.10"),
        "engine": (1, "0.00", "0.00", "-0.07", "-0.07"),
    }
    assert answer["sums"]["total"] == {"before": "1.37", "after": "1.40", "moved": "0.03"}
    assert adds_up(answer)
    rows = told(story.city, query, part="/leaves")["leaves"]
    assert [each["cause"] for each in rows[0]["because"]] == ["engine", "adjustment-revoked"]

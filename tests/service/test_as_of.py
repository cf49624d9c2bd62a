"""What was the score on a date, as then known and as we now know it was: every read, worked out by hand."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from domain import facts
from domain.phases import TIMED
from events.codec import to_event
from events.entry import utc_text
from service.queries.asof import position_at
from tests.servers import fresh_database, process_number
from tests.service import city as cities
from tests.service.city import API, CYCLE, City, later, sheet
from tests.service.papers import pdf
from tests.service.timed import APRIL, FEBRUARY, JULY, JUNE, MARCH, SCORES, UNIT, Story, played
from workers.database_url import DatabaseUrl


@pytest.fixture(scope="module")
def story(
    postgres_server: DatabaseUrl, servers: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    """The story of ``timed``, played once for all tests that only look."""
    redis = servers["valkey"].rsplit("/", 1)[0] + f"/{100 + process_number()}"
    folder = tmp_path_factory.mktemp("time")
    name = f"time_{process_number()}_{folder.name}"
    with fresh_database(postgres_server, name) as made, cities.opened(made, redis, folder) as city:
        yield played(city)


def points(story: Story, leaf: str = "1c", **when: object) -> tuple[str, str, str, str]:
    """Three columns of a leaf, and the unit's total."""
    told = story.city.seen("auditor", SCORES + asking(**when))
    columns = told["leaves"][leaf]
    return columns["claimed"], columns["verified"], columns["final"], told["total"]["final"]


def asking(**when: object) -> str:
    return "?" + "&".join(f"as_of_{name}={value}" for name, value in when.items())


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("nothing", ("0.00", "0.00", "0.00", "0.00")),
        ("filed", ("0.80", "0.00", "0.00", "0.00")),
        ("corrected", ("0.80", "0.40", "0.40", "0.40")),
        ("judged", ("0.80", "0.40", "0.40", "1.40")),
        ("proposed", ("0.80", "0.40", "0.40", "1.40")),
        ("approved", ("0.80", "0.40", "0.30", "1.30")),
    ],
)
def test_a_score_as_of_a_position_is_what_the_record_said_there(
    story: Story, step: str, expected: tuple[str, str, str, str]
) -> None:
    assert points(story, position=story.at[step]) == expected


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (FEBRUARY, ("0.00", "0.00", "0.00", "0.00")),
        (MARCH, ("0.80", "0.40", "0.40", "0.40")),  # the correction of figures of March holds from March
        (APRIL, ("0.80", "0.40", "0.40", "0.40")),
        (JUNE, ("0.80", "0.40", "0.40", "1.40")),
        (JULY, ("0.80", "0.40", "0.40", "1.40")),  # the adjustment holds from when it was approved
    ],
)
def test_a_score_as_we_now_know_it_was_takes_each_event_at_its_effective_time(
    story: Story, when: str, expected: tuple[str, str, str, str]
) -> None:
    assert points(story, effective=when) == expected


def test_how_it_was_in_march_as_known_before_the_correction(story: Story) -> None:
    assert points(story, position=story.at["filed"], effective=MARCH) == ("0.80", "0.00", "0.00", "0.00")
    assert points(story, position=story.at["filed"], effective=FEBRUARY) == ("0.00", "0.00", "0.00", "0.00")


def test_as_of_the_end_in_either_time_is_the_present_score(story: Story) -> None:
    live = story.city.seen("auditor", SCORES)
    for when in ({"position": live["position"]}, {"recorded": later(0)}, {"effective": later(1)}):
        then = story.city.seen("auditor", SCORES + asking(**when))
        assert then.pop("as_of")["position"] == live["position"]
        assert then == live


def test_as_known_at_a_time_is_as_of_the_event_recorded_by_then(story: Story) -> None:
    event = story.city.seen("auditor", f"/events/{story.at['judged']}")
    moment = event["entry"]["time"]
    told = story.city.seen("auditor", SCORES + asking(recorded=moment))
    assert (told["position"], told["total"]["final"]) == (story.at["judged"], "1.40")
    assert told["as_of"] == {"position": story.at["judged"], "recorded": moment, "effective": None}


def test_a_position_was_known_from_when_its_event_was_recorded(story: Story) -> None:
    for position in (1, story.at["filed"], story.at["approved"]):
        told = story.city.seen("auditor", f"/cycles/{CYCLE}/scores" + asking(position=position))
        recorded = story.city.seen("auditor", f"/events/{position}")["entry"]["time"]
        assert told["as_of"] == {"position": position, "recorded": recorded, "effective": None}


def test_a_later_time_never_knows_less_though_two_were_ordered_the_other_way_round(city: City) -> None:
    city.settle()
    now = datetime.now(UTC)
    before, clocks = city.office.reads.last(), (now, now + timedelta(seconds=2), now + timedelta(seconds=1))
    for number, clock in enumerate(clocks):
        city.office.store.append(
            f"refusals/order-{number}", 0, [to_event(facts.ActRefused("file", "late", "", ""))], now=clock
        )
    city.settle()
    with city.app.app_context():
        known = [position_at(city.office.store, clock) for clock in sorted(clocks)]
    assert known == [before + 1, before + 3, before + 3]


def test_what_was_recorded_was_known_however_late_the_workers_came(city: City) -> None:
    for have in (15, 30):
        city.done("unit", f"{sheet()}/submissions", {"figures": {"1c": {"numerator": have, "denominator": 100}}})
    city.settle()
    first, last = city.seen("unit", f"{sheet()}/history")["events"]
    for event, claimed in ((first, "0.24"), (last, "0.49")):
        told = city.seen("auditor", SCORES + asking(recorded=event["time"]))
        assert (told["position"], told["leaves"]["1c"]["claimed"]) == (event["position"], claimed)


def test_what_was_committed_is_known_at_once_and_the_same_is_told_later_though_no_worker_has_ordered_it(
    city: City,
) -> None:
    city.settle()
    filed = city.done("unit", f"{sheet()}/submissions", {"figures": {"1c": {"numerator": 15, "denominator": 100}}})
    asked = f"/cycles/{CYCLE}/scores" + asking(recorded=filed["recorded_at"])
    told = city.seen("auditor", asked)
    city.settle()
    assert city.seen("auditor", asked) == told
    [event] = city.seen("unit", f"{sheet()}/history")["events"]
    assert told["position"] == event["position"]


def test_nobody_is_told_what_was_known_while_what_was_committed_by_then_cannot_be_ordered(city: City) -> None:
    filed = city.done("unit", f"{sheet()}/submissions", {"figures": {"1c": {"numerator": 15, "denominator": 100}}})
    asked = f"/cycles/{CYCLE}/scores" + asking(recorded=filed["recorded_at"])
    with psycopg.connect(city.database.worker.libpq) as another:
        another.execute("SELECT pg_advisory_xact_lock(hashtext('record.seal'))")
        assert city.get("auditor", asked).status_code == 503
    assert city.get("auditor", asked).status_code == 200


def test_the_board_and_the_departments_stand_at_the_same_moment(story: Story) -> None:
    board = story.city.seen("auditor", f"/cycles/{CYCLE}/scores" + asking(effective=JUNE))
    assert {row["unit"]: (row["total"], row["rank"]) for row in board["units"]} == {
        "zhongshan": ("1.40", 1), "xigang": ("0.00", 2), "transport": ("0.00", 1),
    }  # fmt: skip
    assert board["as_of"]["effective"] == JUNE
    departments = story.city.seen("auditor", f"/cycles/{CYCLE}/departments/scores" + asking(effective=APRIL))
    won = {row["department"]: row["won"] for row in departments["departments"]}
    assert (won["organisation"], won["legal"]) == ("0.40", "0.00")


def test_departments_as_of_the_end_are_the_present_ones(story: Story) -> None:
    live = story.city.seen("auditor", f"/cycles/{CYCLE}/departments/scores")
    then = story.city.seen("auditor", f"/cycles/{CYCLE}/departments/scores" + asking(position=live["position"]))
    assert then.pop("as_of")["position"] == live["position"]
    assert then == live


def test_a_sheet_and_its_explanation_stand_at_a_moment(story: Story) -> None:
    then = story.city.seen("auditor", sheet() + asking(position=story.at["proposed"]))
    assert [each["state"] for each in then["adjustments"]] == ["proposed"]
    assert then["as_of"]["position"] == story.at["proposed"]
    assert story.city.seen("auditor", sheet() + asking(effective=FEBRUARY))["submissions"] == []
    told = story.city.seen("auditor", sheet() + "/explanation" + asking(effective=MARCH))
    assert told["item"]["points"] == "0.40"


def test_who_entered_a_figure_when_and_in_which_role_is_one_call(story: Story) -> None:
    events = story.city.seen("auditor", f"{sheet()}/history?leaf=1c")["events"]
    assert [(each["type"], each["actor"], each["actorrole"], each["actorscope"]) for each in events[:2]] == [
        ("FiguresSubmitted", story.city.people["unit"], "unit", "zhongshan"),
        ("FiguresVerified", story.city.people["reviewer"], "reviewer", "organisation"),
    ]
    assert (events[0]["effectivetime"], "effectivetime" in events[1]) == (MARCH, False)
    assert story.city.seen("auditor", f"{sheet()}/history?leaf=1a")["events"] == []
    assert story.city.get("auditor", f"{sheet()}/history?leaf=9z").status_code == 404


def test_robustness_stands_at_a_moment_of_both_times(story: Story) -> None:
    told = story.city.seen("auditor", f"/cycles/{CYCLE}/robustness" + asking(effective=MARCH) + "&held=Q6,Q15,Q16")
    assert (told["position"], told["as_of"]["effective"]) == (story.at["approved"], MARCH)


def test_what_would_raise_a_score_is_told_of_a_moment_of_both_times(story: Story) -> None:
    better = f"/cycles/{CYCLE}/units/zhongshan/improvements"
    filed = story.city.seen("unit", better + asking(position=story.at["filed"]))
    assert (filed["total"], filed["position"], filed["as_of"]["position"]) == ("0.80", *[story.at["filed"]] * 2)
    assert story.city.seen("unit", better + asking(effective=APRIL))["total"] == "0.40"  # corrected, as we now know
    now = story.city.seen("unit", better)
    assert (now["total"], "as_of" in now) == ("1.30", False)
    assert story.city.get("unit", better + asking(position=0)).get_json()["type"].endswith("unknown-unit")


def test_duties_are_checked_of_the_acts_that_stood_at_a_moment(story: Story) -> None:
    report = f"/cycles/{CYCLE}/reports/duties"
    assert story.city.seen("auditor", report)["checked"] | {"rubric": 0} == {
        "adjustment": 1, "conflict": 4, "own-unit": 4, "rubric": 0,
    }  # fmt: skip
    then = story.city.seen("auditor", report + asking(position=story.at["judged"]))
    assert (then["checked"]["conflict"], "adjustment" in then["checked"]) == (2, False)
    assert then["as_of"]["position"] == story.at["judged"]
    # in April only the correction held, by somebody whose role is younger than that: he held it when he acted
    so = story.city.seen("auditor", report + asking(effective=APRIL))
    assert (so["checked"], so["holds"]) == ({"conflict": 1, "own-unit": 1}, True)


@pytest.mark.parametrize("path", [SCORES, f"/cycles/{CYCLE}/scores", f"/cycles/{CYCLE}/departments/scores", sheet(),
                                  f"/cycles/{CYCLE}", f"/cycles/{CYCLE}/robustness", f"{SCORES}/timeline",
                                  f"/cycles/{CYCLE}/reports/duties",
                                  f"/cycles/{CYCLE}/units/zhongshan/improvements"])  # fmt: skip
def test_a_moment_that_contradicts_itself_is_a_named_problem(story: Story, path: str) -> None:
    answer = story.city.get("auditor", path + f"?as_of_position=1&as_of_recorded={MARCH}")
    assert (answer.status_code, answer.get_json()["type"]) == (422, "urn:kaohe:problem:contradictory-moment")


def test_no_read_says_what_will_have_been_known(story: Story) -> None:
    paths = story.city.call("nobody", "GET", "/openapi.json").get_json()["paths"]
    names = {"cycle": CYCLE, "unit": "zhongshan", "item": "1", "person": story.city.people["unit"]}
    asked = 0
    for path, name in recorded(paths):
        query = f"?{name}=2100-01-01T00:00:00Z" + ("&format=csv" if "/exports/" in path else "")
        answer = story.city.get("auditor", path.removeprefix(API).format(**names) + query)
        told = answer.get_json()
        assert (answer.status_code, told["type"]) == (422, "urn:kaohe:problem:bad-recorded-time"), path
        assert (told["place"], told["title_zh"]) == (name, "所问的记录时间尚未到来，到时记录可能已不同")
        asked += 1
    assert asked >= len(["scores", "sheets", "cycle", "roles", "differences", "reports", "exports"])


def recorded(paths: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every read that may be asked for what was known at a time, and the name of that time."""
    for path, operations in paths.items():
        for each in operations.get("get", {}).get("parameters", ()):
            if each.get("name", "").endswith("_recorded"):
                yield path, each["name"]


def test_what_is_known_in_the_present_second_may_be_asked_for(story: Story) -> None:
    now = utc_text(story.city.office.now().replace(microsecond=999_999))
    told = story.city.seen("auditor", SCORES + asking(recorded=now))
    assert told["as_of"]["position"] == story.city.office.reads.last()


@pytest.mark.parametrize("known", [{}, {"position": 12}, {"recorded": MARCH}])
def test_how_it_will_be_is_how_it_is_by_all_that_is_known(story: Story, known: dict[str, object]) -> None:
    path = f"/cycles/{CYCLE}/scores"
    then = story.city.seen("auditor", path + asking(**known, effective="2100-01-01T00:00:00Z"))
    assert then["as_of"]["effective"] == "2100-01-01T00:00:00.000000Z"
    if known:
        assert then["units"] == story.city.seen("auditor", path + asking(**known))["units"]
    else:
        now = story.city.seen("auditor", path)["units"]
        assert {row["unit"]: row["total"] for row in then["units"]} == {row["unit"]: row["total"] for row in now}


def test_a_position_the_record_has_not_reached_is_a_named_problem(story: Story) -> None:
    answer = story.city.get("auditor", SCORES + asking(position=10**9))
    assert (answer.status_code, answer.get_json()["type"]) == (404, "urn:kaohe:problem:unknown-position")


def test_who_may_not_look_learns_nothing_of_moments(story: Story) -> None:
    for path in (SCORES, sheet(), f"{sheet()}/explanation"):
        assert story.city.get("other-unit", path + asking(position=10**9)).get_json()["type"].endswith("unknown-unit")


def test_under_which_rubric_the_cycle_stood_then(story: Story) -> None:
    told = story.city.seen("auditor", f"/cycles/{CYCLE}" + asking(position=story.at["filed"]))
    assert (told["phase"], told["rubric"], told["interpretations"]["Q3"]) == ("open", "six-actions", "proportional")
    assert told["hash"] == story.city.seen("auditor", f"/cycles/{CYCLE}")["hash"]
    before = story.city.get("auditor", f"/cycles/{CYCLE}" + asking(position=0))
    assert (before.status_code, before.get_json()["type"]) == (404, "urn:kaohe:problem:unknown-cycle")


def test_a_unit_is_told_its_own_targets_only(city: City) -> None:
    for unit in ("zhongshan", "xigang"):
        body = {"unit": unit, "leaf": "1a", "target": 10, "reason": "年度任务", "effective": MARCH}
        city.done("administrator", f"/cycles/{CYCLE}/targets", body)
    city.settle()
    targets = f"/cycles/{CYCLE}/targets"
    assert [each["unit"] for each in city.seen("unit", targets)["targets"]] == ["zhongshan"]
    then = city.seen("unit", targets + asking(effective=FEBRUARY))
    assert then["targets"] == []
    assert [each["target"] for each in city.seen("auditor", targets)["targets"]] == [10, 10]


def test_who_could_do_what_then(city: City) -> None:
    city.settle()
    before = city.office.reads.last()
    person, role = city.people["viewer"], {"role": "viewer", "scope": "*", "reason": "调离"}
    city.done("administrator", f"/people/{person}/roles/revocations", role)
    city.settle()
    viewers = "/roles?role=viewer&scope=*"
    assert [each["id"] for each in city.seen("auditor", f"{viewers}&as_of_position={before}")["people"]] == [person]
    assert city.seen("auditor", viewers)["people"] == []
    assert city.seen("auditor", f"/people/{person}?as_of_position={before}")["roles"] == [
        {"role": "viewer", "scope": "*"}
    ]
    assert city.seen("auditor", f"/people/{person}")["roles"] == []


def test_who_could_review_a_unit_leaves_out_who_is_in_conflict_with_it(city: City) -> None:
    city.settle()
    asked = "/roles?act=review&department=organisation&unit="
    ids = {
        unit: {each["id"] for each in city.seen("auditor", asked + unit)["people"]} for unit in ("zhongshan", "xigang")
    }
    assert ids["xigang"] - ids["zhongshan"] == {city.people["conflicted-reviewer"]}
    assert city.people["reviewer"] in ids["zhongshan"]


def test_evidence_stands_in_its_state_of_the_moment(city: City) -> None:
    data = {"leaf": "1b", "file": pdf(), "effective": MARCH}
    answer = city.call("unit", "POST", f"{API}{sheet()}/evidence", data=data)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    evidence = answer.get_json()["events"][0]["data"]["evidence"]
    city.settle()
    uploaded = city.office.reads.last()
    review = {"outcome": "accepted", "reason": "属实"}
    city.done("reviewer", f"{sheet()}/evidence/{evidence}/reviews", review, If_Match='"1"')
    city.settle()

    def states(**when: object) -> list[str]:
        return [each["state"] for each in city.seen("auditor", sheet() + asking(**when))["evidence"]]

    assert states(position=uploaded) == ["uploaded"]
    assert states(effective=MARCH) == ["accepted"]
    assert states(position=uploaded, effective=MARCH) == ["uploaded"]
    assert states(effective=FEBRUARY) == []


@pytest.mark.parametrize("when", [later(1), "2019-12-31T16:00:00Z"], ids=["tomorrow", "before the period"])
def test_nothing_is_effective_in_the_future_or_before_the_assessed_period(city: City, when: str) -> None:
    calendar = {phase: later(10 * (place + 1)) for place, phase in enumerate(TIMED)}
    body = {
        "cycle": "2020",
        "title": "往年",
        "rubric": "six-actions",
        "calendar": calendar,
        "begins": "2020-01-01T00:00:00Z",
    }
    city.done("administrator", "/cycles", body)
    unit = {"unit": "zhongshan", "cohort": "district", "name_zh": "中山", "name_en": "Zhongshan"}
    city.done("administrator", "/cycles/2020/units", unit)
    city.done("administrator", "/cycles/2020/phases", {"phase": "open", "reason": "开始"})
    figures = {"figures": {"1c": {"numerator": 1, "denominator": 2}}}
    place, before = f"{sheet(cycle='2020')}/submissions", city.size()
    answer = city.post("unit", place, figures | {"effective": when})
    assert (answer.status_code, answer.get_json()["type"]) == (422, "urn:kaohe:problem:bad-effective")
    assert city.size() == before
    city.done("unit", place, figures | {"effective": "2020-01-01T00:00:00Z"})


def test_a_period_that_nobody_stated_begins_with_the_year_of_its_creation_in_shanghai(city: City) -> None:
    calendar = {phase: later(400 + 10 * place) for place, phase in enumerate(TIMED)}
    city.done(
        "administrator", "/cycles", {"cycle": "next", "title": "来年", "rubric": "six-actions", "calendar": calendar}
    )
    begins = city.seen("auditor", "/cycles/next")["begins"]
    assert begins[4:] == "-12-31T16:00:00.000000Z"


def test_a_unit_reads_its_own_moments_and_no_others(story: Story) -> None:
    assert story.city.seen("unit", SCORES + asking(effective=MARCH))["total"]["final"] == "0.40"
    assert (
        story.city.get("unit", f"{UNIT.replace('zhongshan', 'xigang')}/scores" + asking(effective=MARCH)).status_code
        == 404
    )

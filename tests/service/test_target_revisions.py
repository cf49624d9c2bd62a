"""Targets over the API: shown before they are issued, in force at once, the same live, as of and from zero."""

from events.reader import read_range
from tests.service.city import CYCLE, City
from tests.service.targets import REASON, change, issue, wanted
from tests.service.test_journeys import SCORES, SHEET, file, verify
from tests.service.test_publications import advance, publish, reviewed
from workers.fold import Fold
from workers.rules import Rules

TARGETS = f"/cycles/{CYCLE}/targets"


def total(city: City, **moment: int) -> str:
    query = "&".join(f"{name}={value}" for name, value in moment.items())
    found: str = city.seen("unit", f"{SCORES}?{query}")["leaves"]["1a"]["final"]
    return found


def test_the_effect_of_a_revision_is_shown_before_it_is_made_and_is_what_it_does(city: City) -> None:
    verify(city, file(city, 80))
    city.settle()
    before = city.size()
    told = city.seen("administrator", f"{TARGETS}/preview?unit=zhongshan&leaf=1a&target=160")
    assert city.size() == before
    assert told["leaves"]["1a"]["final"] == {"before": "1.28", "after": "0.80"}
    assert told["total"] == {"before": "1.28", "after": "0.80"}
    assert total(city) == "1.28"
    change(city, 160)
    assert total(city) == told["leaves"]["1a"]["final"]["after"]


def test_what_could_move_a_score_is_refused_to_one_person_who_is_told_where_two_do_it(city: City) -> None:
    issue(city, 100, "xigang")
    submission = file(city, 80)
    city.done("unit", f"{SHEET}/submissions/{submission}/withdrawal", {"reason": "数字有误"})
    for body in (wanted(90, "xigang"), wanted(160)):  # a second one; and one for what counts no more, but did
        answer = city.post("administrator", TARGETS, body)
        told = answer.get_json()
        assert (answer.status_code, told["type"]) == (409, "urn:kaohe:problem:target-takes-two")
        assert "target-changes" in told["title_zh"]
        assert "target-changes" in told["title_en"]
    city.settle()
    refused = city.seen("auditor", "/events?type=ActRefused")["events"]
    assert [each["entry"]["data"]["code"] for each in refused] == ["target-takes-two"] * 2
    issue(city, 90, "transport")


def test_a_score_stands_under_the_target_of_its_moment_live_as_of_and_from_zero(city: City) -> None:
    issue(city, 100)
    body = {"figures": {"1a": {"actual": 80}}}
    submission = city.done("unit", SHEET + "/submissions", body)["events"][0]["data"]["submission"]
    verify(city, submission)
    city.settle()
    earlier = city.office.reads.last()
    change(city, 160)
    later = city.office.reads.last()
    assert (total(city), total(city, as_of_position=later), total(city, as_of_position=earlier)) == (
        "0.80",
        "0.80",
        "1.28",
    )
    told = city.get("unit", SHEET + "/explanation").get_data(as_text=True)
    assert "160" in told
    assert city.seen("unit", SHEET)["targets"] == {"1a": 160}


def test_the_history_of_a_revised_target_is_the_same_event_by_event_and_in_one_batch(city: City) -> None:
    verify(city, file(city, 80))
    change(city, 160)
    change(city, 120)
    with city.office.store.connection() as connection:
        fold = Fold(Rules(city.office.store), lambda _stream, _version: [])
        whole = fold.take(read_range(connection, 0, city.office.reads.last())).history
        live = connection.execute("SELECT * FROM scores.score_history").fetchall()
    assert sorted(live) == sorted(whole)
    timeline = city.seen("unit", f"{SCORES}/timeline?leaf=1a")["steps"]
    assert [(step["type"], step["final"]) for step in timeline][-2:] == [
        ("TargetApplied", "0.80"),
        ("TargetApplied", "1.07"),
    ]


def test_targets_in_force_are_listed_with_those_before_them_to_a_unit_its_own(city: City) -> None:
    issue(city, 100)
    change(city, 120)
    issue(city, 90, "xigang")
    [mine] = city.seen("unit", TARGETS)["targets"]
    assert (mine["target"], [each["target"] for each in mine["before"]]) == (120, [100])
    assert [each["unit"] for each in city.seen("auditor", TARGETS)["targets"]] == ["xigang", "zhongshan"]


def test_no_target_is_issued_by_one_person_once_provisional_results_are_being_shown(city: City) -> None:
    reviewed(city)
    publish(city, "provisional")
    advance(city, "provisional")
    body = wanted(160, "xigang")
    assert city.post("administrator", TARGETS, body).status_code == 409
    assert city.post("administrator", TARGETS, body | {"leaf": "1b"}).status_code == 422
    assert city.post("administrator", TARGETS, body | {"leaf": "99"}).status_code == 404
    assert city.post("administrator", TARGETS, body | {"unit": "atlantis"}).status_code == 404


def test_a_target_says_who_issued_it_when_and_why_and_what_was_before_it(city: City) -> None:
    issue(city, 100)
    told = change(city, 120)
    by = [city.people[who] for who in ("administrator", "second-administrator")]
    [row] = city.seen("unit", TARGETS)["targets"]
    [first] = row["before"]
    assert [(each["by"], each["role"], each["scope"], each["reason"]) for each in (first, row)] == [
        (person, "administrator", "*", REASON) for person in by
    ]
    confirmed, event = told["events"][:2]
    assert (first["change"], row["change"]) == (None, confirmed["data"]["change"])
    assert row["event"] == event["id"]
    shown = city.seen("auditor", f"/events/{row['position']}")["entry"]
    assert (shown["id"], shown["time"], shown["data"]["target"]) == (row["event"], row["at"], 120)
    then = city.seen("auditor", f"{TARGETS}?as_of_position={row['position'] - 1}")
    assert [(each["target"], each["before"]) for each in then["targets"]] == [(100, [])]
    assert then["as_of"]["position"] == row["position"] - 1


def test_a_sheet_says_the_same_of_its_targets_from_its_own_events(city: City) -> None:
    issue(city, 100)
    change(city, 120)
    own = city.seen("unit", SHEET)["targets_issued"]["1a"]
    [row] = city.seen("unit", TARGETS)["targets"]
    assert [own[name] for name in ("target", "by", "role", "reason", "at", "effective")] == [
        row[name] for name in ("target", "by", "role", "reason", "at", "effective")
    ]
    assert [each["target"] for each in own["before"]] == [100]
    assert city.seen("auditor", f"/events/{own['position']}")["entry"]["type"] == "TargetApplied"
    then = city.seen("unit", f"{SHEET}?as_of_position={own['before'][0]['position']}")
    assert (then["targets"], then["targets_issued"]["1a"]["before"]) == ({"1a": 100}, [])

"""Deadlines by working days over the API, in Shanghai."""

from domain import facts
from domain.phases import TIMED
from tests.service.city import CYCLE, City
from tests.service.test_publications import record_fact


def test_a_deadline_is_found_by_counting_working_days(city: City) -> None:
    told = city.seen("administrator", "/working-days?after=2026-09-30T01:00:00Z&days=1")
    assert (told["day"], told["shanghai"]) == ("2026-10-08", "2026-10-08T23:59:59+08:00")
    assert "国务院" in told["source"]
    unknown = city.get("administrator", "/working-days?after=2031-09-30T01:00:00Z&days=1")
    assert (unknown.status_code, unknown.get_json()["type"]) == (404, "urn:kaohe:problem:unknown-year")
    assert city.get("administrator", "/working-days?after=9999-12-31T20:00:00Z&days=1").status_code == 404
    assert city.get("administrator", "/working-days?after=2026-09-30T01:00:00Z&days=0").status_code == 422


def test_a_cycle_says_which_deadlines_fall_on_a_day_nobody_works(city: City) -> None:
    record_fact(city, facts.DeadlineMoved("open", "", "2026-10-01T15:59:59.000000Z", "test"))
    deadlines = city.seen("unit", f"/cycles/{CYCLE}")["deadlines"]
    assert [each["phase"] for each in deadlines] == list(TIMED)
    found = {each["phase"]: each for each in deadlines}
    assert found["open"]["working_day"] is False
    assert found["open"]["shanghai"] == "2026-10-01T23:59:59+08:00"


def test_a_deadline_at_the_end_of_time_is_shown_and_not_guessed_about(city: City) -> None:
    record_fact(city, facts.DeadlineMoved("open", "", "9999-12-31T20:00:00.000000Z", "test"))
    found = {each["phase"]: each for each in city.seen("unit", f"/cycles/{CYCLE}")["deadlines"]}
    assert found["open"]["working_day"] is None

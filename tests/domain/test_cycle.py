"""The year: phases in order, deadlines by the time given, units of known cohorts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, strategies as st

from domain import facts, year
from domain.cycle import Cycle
from domain.cycle_contents import Unit
from domain.deadlines import allow
from domain.phases import ALLOWED, PHASES, PUBLISHED_BEFORE, TIMED
from domain.rubric.texts import Text
from tests.domain.stage import EARLY, MOMENTS, cycle, refused

A_YEAR = Text("一年", "a year")
COHORTS = frozenset({"district", "industry"})


def after(state: Cycle, *happened: facts.Fact) -> Cycle:
    for fact in happened:
        state = state.evolve(fact)
    return state


def created(**changed: str) -> Cycle:
    return after(Cycle("2026"), *year.create(Cycle("2026"), A_YEAR, "six-actions", "0" * 64, MOMENTS | changed))


def published(phase: str) -> list[facts.Fact]:
    """What must have been published before a phase begins."""
    stage = PUBLISHED_BEFORE.get(phase)
    number = {"provisional": 1, "final": 2}.get(phase, 0)
    statement = ("0" * 64, "0" * 64, {"Q6": "on-top"}, "kaohe", 7, "as it stands")
    kind = facts.CycleFinalised if stage == "final" else facts.ResultsPublished
    return [facts.ResultsProposed(number, stage, *statement), kind(number, *statement)] if stage else []


def unit(key: str = "zhongshan", cohort: str = "district") -> Unit:
    return Unit(key, cohort, "中山区", "Zhongshan")


def test_a_new_cycle_is_a_draft_under_one_rubric() -> None:
    made = created()
    assert (made.phase, made.rubric, made.hash) == ("draft", "six-actions", "0" * 64)
    with refused("already-exists"):
        year.create(made, A_YEAR, "six-actions", "0" * 64, MOMENTS)


@pytest.mark.parametrize("phase", TIMED)
def test_every_timed_phase_needs_a_deadline(phase: str) -> None:
    with refused("bad-calendar", f"calendar.{phase}"):
        year.create(Cycle("2026"), A_YEAR, "six-actions", "0" * 64, {k: v for k, v in MOMENTS.items() if k != phase})


def test_deadlines_never_fall_along_the_year() -> None:
    with refused("bad-calendar", "calendar.closed", "open"):
        created(closed="2026-03-01T00:00:00Z")


def test_a_calendar_of_strange_phases_is_refused() -> None:
    with refused("bad-calendar", "calendar.carnival"):
        created(carnival="2026-02-01T00:00:00Z")


@pytest.mark.parametrize("text", ["", "soon", "2026-03-31", "2026-03-31T16:00:00", "9999-12-31T23:59:59-14:00"])
def test_a_deadline_that_is_no_moment_is_refused_before_it_could_stop_the_year(text: str) -> None:
    with refused("bad-moment", "calendar.open"):
        created(open=text)


def test_deadlines_in_shanghai_time_are_recorded_in_utc() -> None:
    assert created(open="2026-04-01T00:00:00+08:00").calendar["open"] == "2026-03-31T16:00:00.000000Z"


@pytest.mark.parametrize("key", ["", "20/26", "二〇二六", "*", "a b"])
def test_a_cycle_or_unit_whose_id_could_be_another_stream_is_refused(key: str) -> None:
    with refused("bad-id", "cycle"):
        year.create(Cycle(key), A_YEAR, "six-actions", "0" * 64, MOMENTS)
    with refused("bad-id", "unit"):
        year.enroll(created(), unit(key), COHORTS)


def test_phases_follow_one_another_and_none_is_left_out() -> None:
    state = created()
    for before, following in pairwise(PHASES):
        for wrong in set(PHASES) - {following}:
            with refused("phase-order"):
                year.advance(state, wrong, "too fast")
        state = after(state, *published(following))
        [fact] = year.advance(state, following, "it is time")
        assert fact == facts.PhaseAdvanced(before, following, "it is time")
        state = after(state, fact)
    with refused("phase-order"):
        year.advance(state, "draft", "once more")


@pytest.mark.parametrize(("before", "phase"), [("review", "provisional"), ("appeal", "final")])
def test_no_phase_begins_before_the_results_it_shows_are_published(before: str, phase: str) -> None:
    state = cycle(before)
    with refused("not-published"):
        year.advance(state, phase, "in a hurry")
    proposed = after(state, published(phase)[0])
    with refused("not-published"):
        year.advance(proposed, phase, "one person is not two")
    assert year.advance(after(state, *published(phase)), phase, "published")


def test_nothing_moves_final_results_once_they_are_published() -> None:
    finalised = after(cycle("appeal"), *published("final"))
    for act in ALLOWED:
        with refused("wrong-phase"):
            allow(finalised, act, EARLY)


def test_a_unit_is_enrolled_once_in_a_known_cohort() -> None:
    state = after(created(), *year.enroll(created(), unit(), COHORTS))
    assert state.unit("zhongshan") == replace(unit(), rubric="0" * 64)
    with refused("already-exists"):
        year.enroll(state, unit(), COHORTS)
    with refused("bad-cohort", names="district, industry"):
        year.enroll(state, unit("xigang", "village"), COHORTS)
    with refused("unknown-unit"):
        state.unit("xigang")


@pytest.mark.parametrize("phase", PHASES[2:])
def test_nobody_is_enrolled_after_the_year_has_closed(phase: str) -> None:
    with refused("wrong-phase", names="draft, open"):
        year.enroll(cycle(phase), unit("xigang"), COHORTS)


@pytest.mark.parametrize("act", ALLOWED)
@pytest.mark.parametrize("phase", PHASES)
def test_an_act_is_allowed_in_its_phases_only(act: str, phase: str) -> None:
    if phase in ALLOWED[act]:
        allow(cycle(phase), act, EARLY)
    else:
        with refused("wrong-phase", names=", ".join(each for each in PHASES if each in ALLOWED[act])):
            allow(cycle(phase), act, EARLY)


def test_a_deadline_holds_to_the_last_microsecond_in_any_zone() -> None:
    last = datetime(2026, 3, 31, 16, tzinfo=UTC)
    allow(cycle(), "file", last)
    allow(cycle(), "file", last.astimezone(timezone(timedelta(hours=8))))
    with refused("too-late"):
        allow(cycle(), "file", last + timedelta(microseconds=1))


def test_the_deadline_is_the_one_of_the_phase_that_runs() -> None:
    late = datetime(2026, 4, 15, tzinfo=UTC)
    with refused("too-late"):
        allow(cycle("open"), "review", late)
    allow(cycle("closed"), "review", late)


def test_a_moved_deadline_is_a_fact_with_its_reason_and_holds_from_then() -> None:
    [fact] = year.move_deadline(cycle(), "open", "2026-04-02T00:00:00+08:00", "floods", EARLY)
    assert fact == facts.DeadlineMoved("open", MOMENTS["open"], "2026-04-01T16:00:00.000000Z", "floods")
    moved = after(cycle(), fact)
    allow(moved, "file", datetime(2026, 4, 1, 16, tzinfo=UTC))
    with refused("too-late"):
        allow(moved, "file", datetime(2026, 4, 1, 16, 0, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("phase", "moment", "reason", "code"),
    [
        ("open", "2026-05-15T00:00:00Z", "past the next one", "bad-calendar"),
        ("carnival", "2026-05-15T00:00:00Z", "why not", "bad-calendar"),
        ("open", "soon", "in a hurry", "bad-moment"),
        ("open", "2026-04-01T00:00:00Z", "  ", "no-reason"),
    ],
)
def test_a_deadline_moves_only_in_order_with_a_reason(phase: str, moment: str, reason: str, code: str) -> None:
    with refused(code):
        year.move_deadline(cycle(), phase, moment, reason, EARLY)


def test_no_deadline_moves_into_the_past_where_what_was_in_time_would_look_late() -> None:
    with refused("moment-over", "moment", "2025-12-31"):
        year.move_deadline(cycle(), "open", "2025-12-31T00:00:00Z", "in a hurry", EARLY)


def test_the_deadline_of_a_phase_that_is_over_moves_no_more() -> None:
    with refused("wrong-phase"):
        year.move_deadline(cycle("review"), "open", "2026-04-01T00:00:00Z", "looks better", EARLY)
    with refused("wrong-phase"):
        year.move_deadline(cycle("archived"), "archived", "2099-04-01T00:00:00Z", "for ever", EARLY)


@pytest.mark.parametrize(
    "act",
    [
        lambda none: year.enroll(none, unit(), COHORTS),
        lambda none: year.advance(none, "open", "go"),
        lambda none: year.move_deadline(none, "open", "2026-04-01T00:00:00Z", "go", EARLY),
    ],
)
def test_nothing_happens_in_a_cycle_nobody_created(act: Callable[[Cycle], Any]) -> None:
    with refused("unknown-cycle"):
        act(Cycle("2027"))


@given(st.lists(st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2026, 12, 31)), min_size=6, max_size=6))  # noqa: DTZ001 - zoned below
def test_a_calendar_is_taken_exactly_when_its_moments_never_fall(moments: list[datetime]) -> None:
    calendar = {phase: f"{each.isoformat()}Z" for phase, each in zip(TIMED, moments, strict=True)}
    if moments == sorted(moments):
        assert created(**calendar).calendar.keys() == calendar.keys()
    else:
        with refused("bad-calendar"):
            created(**calendar)


def test_facts_of_other_streams_change_no_cycle() -> None:
    assert after(cycle(), facts.PersonRegistered("x")) == cycle()

"""Exceptions to the calendar take two people: more time for one unit, and final results opened again."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain import exceptions, facts
from domain.cycle import Cycle
from domain.deadlines import allow
from domain.people import Person
from domain.phases import PHASES, PUBLISHED_BEFORE
from tests.domain.stage import EARLY, MOMENTS, cycle, person, refused

ONE, TWO = person("one", ("administrator", "*")), person("two", ("administrator", "*"))
LATER = "2026-04-10T00:00:00+08:00"
WANTED = facts.ExtensionProposed("x1", "zhongshan", "open", LATER, "floods")
AFTER = datetime(2026, 4, 5, tzinfo=UTC)
CALENDAR = {
    "review": "2027-01-01T00:00:00Z",
    "provisional": "2027-02-01T00:00:00Z",
    "notice": "2027-03-01T00:00:00Z",
    "appeal": "2027-04-01T00:00:00Z",
}
FINAL = facts.ResultsProposed(1, "final", "a" * 64, "0" * 64, {}, "kaohe", 7, "done")


def after(state: Cycle, happened: list[facts.Fact], by: str) -> Cycle:
    for fact in happened:
        state = state.evolve(fact, by)
    return state


def extended(phase: str = "open") -> Cycle:
    state = after(cycle(), exceptions.propose_extension(cycle(), WANTED, ONE), "one")
    return replace(after(state, exceptions.grant_extension(state, "x1", TWO, "true"), "two"), phase=phase)


def finalised() -> Cycle:
    final = facts.CycleFinalised(1, "a" * 64, "0" * 64, {}, "kaohe", 9, "agreed")
    return replace(after(after(cycle("appeal"), [FINAL], "one"), [final], "two"), phase="final")


def test_one_unit_gets_more_time_from_two_people_and_no_other_does() -> None:
    state = extended()
    allow(state, "file", AFTER, "zhongshan")
    for unit in ("xigang", ""):
        with refused("too-late"):
            allow(state, "file", AFTER, unit)


@pytest.mark.parametrize("phase", PHASES)
def test_more_time_holds_behind_its_phase_but_never_past_the_provisional_results(phase: str) -> None:
    if phase in {"open", "closed", "review"}:
        allow(extended(phase), "file", AFTER, "zhongshan")
    else:
        with refused("wrong-phase"):
            allow(extended(phase), "file", AFTER, "zhongshan")


def test_more_time_ends_to_the_microsecond() -> None:
    last = datetime(2026, 4, 9, 16, tzinfo=UTC)
    allow(extended(), "file", last, "zhongshan")
    with refused("too-late"):
        allow(extended(), "file", last.replace(microsecond=1), "zhongshan")


def test_more_time_counts_only_once_a_second_person_has_granted_it() -> None:
    proposed = after(cycle(), exceptions.propose_extension(cycle(), WANTED, ONE), "one")
    with refused("too-late"):
        allow(proposed, "file", AFTER, "zhongshan")
    with refused("own-act"):
        exceptions.grant_extension(proposed, "x1", ONE, "true")
    with refused("unknown-extension"):
        exceptions.grant_extension(proposed, "x2", TWO, "true")
    with refused("already-decided"):
        exceptions.grant_extension(extended(), "x1", TWO, "again")


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (replace(WANTED, moment=MOMENTS["open"]), "bad-calendar"),
        (replace(WANTED, phase="final"), "bad-calendar"),
        (replace(WANTED, moment="soon"), "bad-moment"),
        (replace(WANTED, unit="atlantis"), "unknown-unit"),
        (replace(WANTED, reason=" "), "no-reason"),
    ],
)
def test_more_time_is_later_than_the_phase_and_has_a_reason(wanted: facts.ExtensionProposed, code: str) -> None:
    with refused(code):
        exceptions.propose_extension(cycle(), wanted, ONE)


def test_two_people_reopen_final_results_into_a_new_epoch_that_keeps_the_old_ones() -> None:
    state = after(finalised(), exceptions.propose_reopening(finalised(), "r1", CALENDAR, "an error"), "one")
    with refused("own-act"):
        exceptions.reopen(state, "r1", ONE, "agreed")
    again = after(state, exceptions.reopen(state, "r1", TWO, "agreed"), "two")
    assert (again.phase, again.epoch, again.reopening) == ("review", 2, None)
    assert again.publications == state.publications
    assert again.calendar["review"] == "2027-01-01T00:00:00.000000Z"
    allow(again, "review", AFTER, "zhongshan")
    assert not any(again.published(stage) for stage in PUBLISHED_BEFORE.values())


def test_nothing_is_reopened_that_nobody_proposed() -> None:
    with refused("unknown-reopening"):
        exceptions.reopen(finalised(), "r1", TWO, "agreed")


@pytest.mark.parametrize("phase", [each for each in PHASES if each != "final"])
def test_only_final_results_are_reopened(phase: str) -> None:
    with refused("wrong-phase"):
        exceptions.propose_reopening(cycle(phase), "r1", CALENDAR, "an error")


def test_a_proposal_to_reopen_lapses_when_the_cycle_is_archived() -> None:
    state = after(finalised(), exceptions.propose_reopening(finalised(), "r1", CALENDAR, "an error"), "one")
    archived = after(state, [facts.PhaseAdvanced("final", "archived", "over")], "one")
    with refused("unknown-reopening"):
        exceptions.reopen(archived, "r1", TWO, "agreed")


def test_a_reopened_year_needs_a_moment_for_every_phase_it_repeats() -> None:
    with refused("bad-calendar", "calendar.notice"):
        exceptions.propose_reopening(finalised(), "r1", {k: v for k, v in CALENDAR.items() if k != "notice"}, "why")
    with refused("bad-calendar", "calendar.open"):
        exceptions.propose_reopening(finalised(), "r1", CALENDAR | {"open": MOMENTS["open"]}, "why")
    with refused("bad-calendar", "calendar.appeal", "notice"):
        exceptions.propose_reopening(finalised(), "r1", CALENDAR | {"appeal": "2026-12-01T00:00:00Z"}, "why")


def test_a_proposal_that_took_the_place_of_the_one_that_was_seen_is_not_confirmed_for_it() -> None:
    state = after(finalised(), exceptions.propose_reopening(finalised(), "r1", CALENDAR, "an error"), "one")
    other = after(state, exceptions.propose_reopening(state, "r2", CALENDAR, "another one"), "one")
    with refused("unknown-reopening"):
        exceptions.reopen(other, "r1", TWO, "agreed")
    [fact] = exceptions.reopen(other, "r2", TWO, "agreed")
    assert isinstance(fact, facts.CycleReopened)


def test_final_results_stay_out_of_reach_of_any_extension() -> None:
    wanted = facts.ExtensionProposed("x1", "zhongshan", "appeal", "2027-01-01T00:00:00Z", "floods")
    state = after(finalised(), [wanted, facts.ExtensionGranted("x1", "zhongshan", "appeal", wanted.moment, "true")], "")
    with refused("wrong-phase"):
        allow(state, "appeal", EARLY, "zhongshan")


@pytest.mark.parametrize("phase", PHASES)
def test_nobody_gets_more_time_that_makes_nothing_possible_any_more(phase: str) -> None:
    proposed = replace(after(cycle(), exceptions.propose_extension(cycle(), WANTED, ONE), "one"), phase=phase)
    if phase in {"draft", "open", "closed", "review"}:
        assert exceptions.propose_extension(cycle(phase), WANTED, ONE)
        assert exceptions.grant_extension(proposed, "x1", TWO, "true")
        return
    with refused("wrong-phase"):
        exceptions.propose_extension(cycle(phase), WANTED, ONE)
    with refused("wrong-phase"):
        exceptions.grant_extension(proposed, "x1", TWO, "true")


def test_a_phase_that_is_still_to_come_may_be_longer_for_a_unit_until_the_results_are_final() -> None:
    wanted = replace(WANTED, phase="appeal", moment="2027-01-01T00:00:00Z")
    for phase in PHASES[: PHASES.index("appeal") + 1]:
        assert exceptions.propose_extension(cycle(phase), wanted, ONE)
    with refused("wrong-phase"):
        exceptions.propose_extension(replace(finalised(), phase="appeal"), wanted, ONE)
    with refused("wrong-phase"):
        exceptions.propose_extension(finalised(), wanted, ONE)


@pytest.mark.parametrize("wrong", [person("x", conflicts=("zhongshan",)), person("x", ("unit", "zhongshan"))])
def test_nobody_in_conflict_with_a_unit_gives_it_more_time(wrong: Person) -> None:
    with refused("conflict-of-interest"):
        exceptions.propose_extension(cycle(), WANTED, wrong)
    state = after(cycle(), exceptions.propose_extension(cycle(), WANTED, ONE), "one")
    with refused("conflict-of-interest"):
        exceptions.grant_extension(state, "x1", wrong, "true")

"""Deadlines applied equally: what held for each unit, who was refused, who acted by an extension alone."""

from typing import Any

from domain import facts
from domain.cycle import Cycle
from domain.punctuality import Punctuality

CALENDAR = {phase: f"2026-0{month}-01T00:00:00.000000Z" for month, phase in enumerate(
    ("open", "closed", "review", "provisional", "notice", "appeal"), 2)}  # fmt: skip
FILED = facts.FiguresSubmitted("s1", {"1a": {"actual": 1, "target": 2}})


def year(*told: tuple[str, str, Any]) -> Punctuality:
    found = Punctuality(Cycle("2026"))
    opening: list[tuple[str, str, Any]] = [
        ("cycle/2026", "2026-01-01T00:00:00.000000Z", facts.CycleCreated("2026", "2026", "r", "0" * 64, CALENDAR)),
        ("cycle/2026", "2026-01-01T00:00:00.000000Z", facts.UnitEnrolled("a", "district", "甲", "A")),
        ("cycle/2026", "2026-01-01T00:00:00.000000Z", facts.PhaseAdvanced("draft", "open", "it begins")),
    ]
    for position, (stream, time, fact) in enumerate([*opening, *told], 1):
        found.take(position, stream, "somebody", time, fact)
    return found


def extension(unit: str, moment: str) -> tuple[Any, Any]:
    return (
        facts.ExtensionProposed("x1", unit, "open", moment, "a flood"),
        facts.ExtensionGranted("x1", unit, "open", moment, "true"),
    )


def test_a_unit_on_time_has_the_calendar_and_nothing_else() -> None:
    found = year(("sheet/2026/a/1", "2026-01-20T00:00:00.000000Z", FILED))
    assert found.units == {}
    assert found.deadlines("a") == CALENDAR


def test_an_act_behind_the_deadline_was_possible_by_an_extension_alone() -> None:
    proposed, granted = extension("a", "2026-02-20T00:00:00.000000Z")
    found = year(
        ("cycle/2026", "2026-01-10T00:00:00.000000Z", proposed),
        ("cycle/2026", "2026-01-11T00:00:00.000000Z", granted),
        ("sheet/2026/a/1", "2026-01-20T00:00:00.000000Z", FILED),
        ("sheet/2026/a/1", "2026-02-10T00:00:00.000000Z", FILED),
    )
    assert [(late.position, late.act) for late in found.units["a"].extended] == [(7, "FiguresSubmitted")]
    assert found.deadlines("a")["open"] == "2026-02-20T00:00:00.000000Z"
    assert found.deadlines("b") == CALENDAR


def test_a_filing_after_the_closing_answers_a_return_or_was_possible_by_an_extension_alone() -> None:
    proposed, granted = extension("a", "2026-02-20T00:00:00.000000Z")
    closed = facts.PhaseAdvanced("open", "closed", "in time")
    file = facts.EvidenceAttached("e1", "1a", "", "", 1, "")
    again = facts.EvidenceAttached("e2", "1a", "", "", 1, "", "e1")
    joint = facts.JointClaimed("b1", "7a", "DL-7", "", "", "a", "7", {"a": "1.50", "b": "1.50"}, "")
    in_time, after = "2026-01-20T00:00:00.000000Z", "2026-01-25T00:00:00.000000Z"
    found = year(
        ("cycle/2026", "2026-01-10T00:00:00.000000Z", proposed),
        ("cycle/2026", "2026-01-11T00:00:00.000000Z", granted),
        ("sheet/2026/a/1", in_time, file),
        ("cycle/2026", in_time, closed),
        ("sheet/2026/a/1", after, FILED),  # the calendar says closed, and nothing was returned to it
        ("sheet/2026/a/1", after, facts.EvidenceReviewed("e1", "1a", "returned", "blurred")),
        ("sheet/2026/a/1", after, FILED),
        ("sheet/2026/a/1", after, again),
        ("sheet/2026/a/1", after, facts.EvidenceWithdrawn("e2", "another page")),
        ("sheet/2026/a/1", after, facts.FiguresSubmitted("s2", {"1a": {}, "1b": {}})),
        ("sheet/2026/a/7", after, joint),
    )
    assert [(late.position, late.act) for late in found.units["a"].extended] == [
        (8, "FiguresSubmitted"), (13, "FiguresSubmitted"), (14, "JointClaimed"),
    ]  # fmt: skip


def test_an_extension_that_nobody_granted_moves_no_deadline() -> None:
    proposed, _ = extension("a", "2026-02-20T00:00:00.000000Z")
    assert year(("cycle/2026", "2026-01-10T00:00:00.000000Z", proposed)).deadlines("a") == CALENDAR


def test_who_was_refused_as_late_is_counted_with_his_unit_and_other_refusals_are_not() -> None:
    found = year(
        ("refusals/2026-02-02", "2026-02-02T00:00:00.000000Z",
         facts.ActRefused("submit", "too-late", "sheet/2026/a/1", "")),
        ("refusals/2026-02-02", "2026-02-02T00:00:00.000000Z",
         facts.ActRefused("verify", "own-act", "sheet/2026/a/1", "")),
        ("refusals/2026-02-02", "2026-02-02T00:00:00.000000Z",
         facts.ActRefused("submit", "too-late", "sheet/2025/a/1", "")),
    )  # fmt: skip
    assert [(late.position, late.act, late.code) for late in found.units["a"].refused] == [(4, "submit", "too-late")]


def test_a_moved_deadline_holds_for_all_units_and_is_told_with_what_it_was() -> None:
    after = "2026-02-15T00:00:00.000000Z"
    moved = facts.DeadlineMoved("open", CALENDAR["open"], after, "a storm")
    found = year(
        ("cycle/2026", "2026-01-30T00:00:00.000000Z", moved),
        ("sheet/2026/a/1", "2026-02-10T00:00:00.000000Z", FILED),
    )
    assert found.units == {}
    assert [each.fact for each in found.moved] == [moved]
    assert found.deadlines("a")["open"] == found.deadlines("b")["open"] == after


def test_an_extension_shorter_than_a_deadline_moved_later_takes_nothing_away() -> None:
    proposed, granted = extension("a", "2026-02-10T00:00:00.000000Z")
    after = "2026-02-15T00:00:00.000000Z"
    found = year(
        ("cycle/2026", "2026-01-10T00:00:00.000000Z", proposed),
        ("cycle/2026", "2026-01-11T00:00:00.000000Z", granted),
        ("cycle/2026", "2026-01-30T00:00:00.000000Z", facts.DeadlineMoved("open", "", after, "a storm")),
    )
    assert found.deadlines("a")["open"] == after


def test_a_phase_that_was_ended_before_its_last_moment_is_told_and_an_act_in_a_draft_is_not_late() -> None:
    early, reopened = "2026-01-20T00:00:00.000000Z", facts.CycleReopened("o1", 2, {}, "an error")
    draft = Punctuality(Cycle("2026"))
    draft.take(1, "cycle/2026", "somebody", early, facts.CycleCreated("2026", "2026", "r", "0" * 64, CALENDAR))
    draft.take(
        2, "refusals/2026-01-20", "clerk", early, facts.ActRefused("submit", "wrong-phase", "sheet/2026/a/1", "")
    )
    assert draft.units == {}
    found = year(
        ("cycle/2026", early, facts.PhaseAdvanced("open", "closed", "all have filed")),
        ("cycle/2026", "2026-03-02T00:00:00.000000Z", facts.PhaseAdvanced("closed", "review", "in time")),
        ("cycle/2026", "2026-03-03T00:00:00.000000Z", reopened),
    )
    assert [(each.phase, each.after, each.last, each.early) for each in found.ended] == [
        ("draft", "open", "", False),
        ("open", "closed", CALENDAR["open"], True),
        ("closed", "review", CALENDAR["closed"], False),
        ("review", "review", CALENDAR["review"], True),
    ]

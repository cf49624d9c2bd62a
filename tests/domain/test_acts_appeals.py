"""Appeals: a unit's right, decided by somebody who never touched the sheet, with points that nobody takes back."""

from dataclasses import replace

import pytest

from domain import facts
from domain.acts import adjustments, appeals, filing, review
from domain.phases import PHASES
from tests.domain.stage import APPROVER, CLERK, REVIEWER, SECOND, STRANGER, Stage, person, refused

OFFICE = person("office", ("administrator", "*"))
JUDGE = person("judge", ("approver", "*"))
OTHER = person("other", ("approver", "*"))
FILED = facts.AppealFiled("p1", "1a", "two more teams were founded")
UPHELD = facts.AppealDecided("p1", "", "partly", "0.16", "a9", "one of the two")
ROOM = (128, 160)


def stage() -> Stage:
    """Leaf 1a verified at 1.28 of 1.60, in the appeal phase."""
    made = Stage("1")
    made.do(CLERK, filing.submit, "s1", {"1a": {"actual": 80, "target": 100}})
    made.do(REVIEWER, review.verify, "1a", "s1", None, "true")
    made.phase = "appeal"
    return made


def appealed() -> Stage:
    made = stage()
    made.do(CLERK, appeals.file, FILED)
    return made


def assigned() -> Stage:
    made = appealed()
    made.do(OFFICE, appeals.assign, "p1", JUDGE, "no part in it")
    return made


def test_an_upheld_appeal_moves_the_points_as_an_adjustment_two_people_stand_for() -> None:
    made = assigned()
    [fact] = made.do(JUDGE, appeals.decide, UPHELD, made.room("1a")).facts
    assert fact == replace(UPHELD, leaf="1a")
    assert made.scores()["1a"].final == 144
    adjustment = made.sheet.adjustments["a9"]
    assert (adjustment.state, adjustment.code) == ("approved", "appeal")
    assert (adjustment.proposer, adjustment.decider) == ("clerk", "judge")


def test_a_dismissed_appeal_stays_visible_and_moves_nothing() -> None:
    made = assigned()
    made.do(JUDGE, appeals.decide, replace(UPHELD, outcome="dismissed", delta="0.00"), ROOM)
    assert made.sheet.appeals["p1"].state == "dismissed"
    assert made.sheet.appeals["p1"].reason == "one of the two"
    assert made.sheet.adjustments == {}
    assert made.scores()["1a"].final == 128


def test_an_appeal_is_laid_before_nobody_who_acted_on_the_sheet() -> None:
    made = stage()
    both = person("reviewer", ("reviewer", "organisation"), ("approver", "*"))
    made.do(CLERK, appeals.file, FILED)
    with refused("not-impartial"):
        made.do(OFFICE, appeals.assign, "p1", both, "convenient")


@pytest.mark.parametrize(
    "who",
    [
        REVIEWER,
        STRANGER,
        person("x", ("approver", "legal")),
        person("y", ("approver", "*"), conflicts=("zhongshan",)),
        person("z", ("approver", "*"), ("unit", "zhongshan")),
    ],
)
def test_an_appeal_is_laid_only_before_an_approver_of_the_leaf_without_a_conflict(who: object) -> None:
    with refused("bad-assignee", "person"):
        appealed().do(OFFICE, appeals.assign, "p1", who, "convenient")


def test_only_the_person_it_is_laid_before_decides_an_appeal() -> None:
    with refused("not-assigned"):
        appealed().do(JUDGE, appeals.decide, UPHELD, ROOM)
    with refused("not-assigned"):
        assigned().do(OTHER, appeals.decide, UPHELD, ROOM)
    with refused("not-permitted"):
        assigned().do(SECOND, appeals.decide, UPHELD, ROOM)


def test_who_acts_on_the_sheet_after_the_assignment_decides_no_more() -> None:
    made = assigned()
    made.record(facts.AdjustmentProposed("a1", "1a", "-0.10", "other", "late"), "reviewer")
    made.do(JUDGE, adjustments.decline, "a1", "no grounds")
    with refused("not-impartial"):
        made.do(JUDGE, appeals.decide, UPHELD, ROOM)
    made.do(OFFICE, appeals.assign, "p1", OTHER, "he acted meanwhile")
    assert made.do(OTHER, appeals.decide, UPHELD, ROOM)


def test_deciding_one_appeal_does_not_bar_from_another_on_the_same_sheet() -> None:
    made = assigned()
    made.do(CLERK, appeals.file, replace(FILED, appeal="p2", leaf="1b"))
    made.do(OFFICE, appeals.assign, "p2", JUDGE, "no part in it")
    made.do(JUDGE, appeals.decide, UPHELD, ROOM)
    assert made.do(JUDGE, appeals.decide, replace(UPHELD, appeal="p2", outcome="dismissed", delta="0.00"), (0, 160))


@pytest.mark.parametrize(
    ("outcome", "delta", "code"),
    [
        ("upheld", "0.00", "bad-points"),
        ("dismissed", "0.10", "bad-points"),
        ("partly", "-0.10", "bad-points"),
        ("dismissed", "-0.10", "bad-points"),
        ("upheld", "1.6", "bad-points"),
        ("upheld", "0.33", "over-cap"),
        ("ignored", "0.00", "bad-outcome"),
    ],
)
def test_an_appeal_never_costs_points_nor_breaks_the_bounds(outcome: str, delta: str, code: str) -> None:
    with refused(code):
        assigned().do(JUDGE, appeals.decide, replace(UPHELD, outcome=outcome, delta=delta), ROOM)


def test_what_an_appeal_decided_is_decided_once_and_never_revoked() -> None:
    made = assigned()
    made.do(JUDGE, appeals.decide, UPHELD, ROOM)
    with refused("already-decided"):
        made.do(JUDGE, appeals.decide, UPHELD, ROOM)
    with refused("already-decided"):
        made.do(APPROVER, adjustments.revoke, "a9", "changed our minds")
    with refused("already-decided"):
        made.do(OFFICE, appeals.assign, "p1", OTHER, "once more")


def test_a_leaf_has_one_open_appeal_at_a_time_on_evidence_of_its_sheet() -> None:
    made = appealed()
    with refused("already-exists"):
        made.do(CLERK, appeals.file, replace(FILED, appeal="p2"))
    with refused("unknown-evidence", "evidence"):
        made.do(CLERK, appeals.file, replace(FILED, appeal="p2", leaf="1b", evidence=["e1"]))
    with refused("unknown-leaf"):
        made.do(CLERK, appeals.file, replace(FILED, appeal="p2", leaf="99"))
    with refused("no-reason", "text"):
        made.do(CLERK, appeals.file, replace(FILED, appeal="p2", leaf="1b", text=" "))
    with refused("not-permitted"):
        made.do(REVIEWER, appeals.file, replace(FILED, appeal="p2", leaf="1b"))


@pytest.mark.parametrize("phase", PHASES)
def test_appeals_are_filed_from_the_notice_on_and_decided_in_the_appeal_phase(phase: str) -> None:
    made = stage()
    made.phase = phase
    if phase in {"notice", "appeal"}:
        made.do(CLERK, appeals.file, FILED)
    else:
        with refused("wrong-phase"):
            made.do(CLERK, appeals.file, FILED)
    late = assigned()
    late.phase = phase
    if phase != "appeal":
        with refused("wrong-phase"):
            late.do(JUDGE, appeals.decide, UPHELD, ROOM)


def test_nobody_acts_on_an_appeal_that_was_never_filed() -> None:
    with refused("unknown-appeal"):
        stage().do(OFFICE, appeals.assign, "p1", JUDGE, "which one")
    with refused("unknown-appeal"):
        stage().do(JUDGE, appeals.decide, UPHELD, ROOM)


def test_an_open_appeal_is_counted_until_it_is_decided() -> None:
    made = assigned()
    assert appeals.waiting(made.sheet) == [made.sheet.appeals["p1"]]
    made.do(JUDGE, appeals.decide, UPHELD, ROOM)
    assert appeals.waiting(made.sheet) == []


def test_nobody_in_conflict_with_a_unit_chooses_who_decides_its_appeal() -> None:
    with refused("conflict-of-interest"):
        appealed().do(
            person("office", ("administrator", "*"), conflicts=("zhongshan",)), appeals.assign, "p1", JUDGE, "x"
        )

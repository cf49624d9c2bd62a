"""What a unit may do on its own sheet, when, and what it may not."""

from datetime import UTC, datetime
from typing import Any

import pytest

from domain import facts
from domain.acts import filing, review
from tests.domain.stage import APPROVER, CLERK, REVIEWER, STRANGER, Stage, file, person, refused

HALF = {"numerator": 50, "denominator": 100}
FULL = {"numerator": 100, "denominator": 100}


def filed(phase: str = "open", **figures: Any) -> Stage:
    stage = Stage("6", phase="open")
    stage.do(CLERK, filing.submit, "s1", figures or {"6a": HALF})
    stage.phase = phase
    return stage


def returned(phase: str) -> Stage:
    """Figures and a file for 6a, the file returned."""
    stage = filed()
    stage.do(CLERK, filing.attach, file("e1", "6a"))
    stage.do(REVIEWER, review.review_evidence, "e1", "returned", "illegible")
    stage.phase = phase
    return stage


def test_what_a_unit_files_is_recorded_as_it_came_under_its_own_grant() -> None:
    decided = Stage("6").do(CLERK, filing.submit, "s1", {"6a": HALF, "6b": {"points": "2.00"}})
    assert decided.facts == [facts.FiguresSubmitted("s1", {"6a": HALF, "6b": {"points": "2.00"}})]
    assert (decided.grant.role, decided.grant.scope) == ("unit", "zhongshan")


@pytest.mark.parametrize("who", [REVIEWER, APPROVER, STRANGER, person("neighbour", ("unit", "xigang"))])
def test_only_the_unit_itself_files_attaches_claims_and_withdraws(who: Any) -> None:
    stage = returned("open")
    for act, details in (
        (filing.submit, ("s2", {"6a": FULL})),
        (filing.withdraw, ("s1", "why")),
        (filing.attach, (file("e2", "6a"),)),
        (filing.withdraw_evidence, ("e1", "why")),
    ):
        with refused("not-permitted"):
            stage.do(who, act, *details)
    with refused("not-permitted"):
        Stage("7").do(who, filing.claim, "b1", "7a", "No 1", "contract")


@pytest.mark.parametrize("phase", ["draft", "closed", "review", "provisional", "notice", "appeal", "final", "archived"])
def test_a_unit_files_only_while_the_year_is_open(phase: str) -> None:
    stage = filed(phase)
    for act, details in (
        (filing.submit, ("s2", {"6a": FULL})),
        (filing.withdraw, ("s1", "why")),
        (filing.attach, (file("e9", "6a"),)),
    ):
        with refused("wrong-phase"):
            stage.do(CLERK, act, *details)
    with refused("wrong-phase"):
        Stage("7", phase=phase).do(CLERK, filing.claim, "b1", "7a", "No 1", "contract")


def test_a_unit_files_nothing_after_the_deadline() -> None:
    stage = filed()
    stage.now = datetime(2026, 3, 31, 16, 0, 1, tzinfo=UTC)
    with refused("too-late"):
        stage.do(CLERK, filing.submit, "s2", {"6a": FULL})


@pytest.mark.parametrize("phase", ["closed", "review"])
def test_a_leaf_whose_evidence_was_returned_takes_figures_and_files_after_the_close(phase: str) -> None:
    stage = returned(phase)
    stage.do(CLERK, filing.attach, file("e2", "6a"))
    stage.do(CLERK, filing.submit, "s2", {"6a": FULL})
    assert stage.sheet.claimed["6a"] == ("s2", FULL)
    stage.do(CLERK, filing.withdraw_evidence, "e2", "wrong page")
    assert stage.sheet.evidence["e1"].state == "returned"
    stage.do(CLERK, filing.attach, file("e3", "6a"))
    assert stage.sheet.evidence["e1"].state == "superseded"


@pytest.mark.parametrize("phase", ["closed", "review"])
def test_a_return_opens_no_other_leaf(phase: str) -> None:
    stage = returned(phase)
    with refused("wrong-phase"):
        stage.do(CLERK, filing.submit, "s2", {"6a": FULL, "6b": {"points": "4.00"}})
    with refused("wrong-phase"):
        stage.do(CLERK, filing.attach, file("e2", "6b"))


@pytest.mark.parametrize("outcome", ["accepted", "rejected"])
def test_a_return_is_over_once_its_answer_was_reviewed(outcome: str) -> None:
    stage = returned("closed")
    stage.do(CLERK, filing.attach, file("e2", "6a"))
    stage.do(REVIEWER, review.review_evidence, "e2", outcome, "looked at it")
    with refused("wrong-phase"):
        stage.do(CLERK, filing.submit, "s2", {"6a": FULL})
    with refused("wrong-phase"):
        stage.do(CLERK, filing.attach, file("e3", "6a"))


def test_one_file_answers_one_return_the_oldest_unless_another_is_named() -> None:
    stage = filed()
    for key in ("e1", "e2", "e3"):
        stage.do(CLERK, filing.attach, file(key, "6a"))
    for key in ("e1", "e2", "e3"):
        stage.do(REVIEWER, review.review_evidence, key, "returned", "illegible")
    stage.do(CLERK, filing.attach, file("e4", "6a", supersedes="e2"))
    stage.do(CLERK, filing.attach, file("e5", "6a"))
    assert {key: each.state for key, each in stage.sheet.evidence.items()} == {
        "e1": "superseded", "e2": "superseded", "e3": "returned", "e4": "uploaded", "e5": "uploaded",
    }  # fmt: skip
    assert stage.sheet.evidence["e5"].supersedes == "e1"


def test_a_file_answers_only_what_was_returned_on_its_leaf() -> None:
    stage = returned("open")
    stage.do(CLERK, filing.attach, file("e2", "6b"))
    for key, leaf, answered in (("e3", "6b", "e1"), ("e3", "6a", "e2"), ("e3", "6a", "nothing")):
        with refused("unknown-evidence", "supersedes"):
            stage.do(CLERK, filing.attach, file(key, leaf, supersedes=answered))


@pytest.mark.parametrize(
    ("leaf", "figures"),
    [
        ("6a", {"numerator": 2, "denominator": 1}),
        ("6a", {"numerator": 0.5, "denominator": 1}),
        ("6a", {"points": "8.00"}),
        ("6a", {}),
        ("6a", ["numerator", "denominator"]),
        ("6a", None),
        ("6a", {"numerator": 10**13, "denominator": 10**13}),
        ("6b", {"points": "0.25"}),
        ("6b", {"points": 1}),
    ],
)
def test_figures_the_leaf_cannot_read_are_refused_before_they_are_recorded(leaf: str, figures: Any) -> None:
    with refused("bad-figures"):
        Stage("6").do(CLERK, filing.submit, "s1", {leaf: figures})


def test_figures_for_another_items_leaf_are_refused() -> None:
    with refused("unknown-leaf"):
        Stage("6").do(CLERK, filing.submit, "s1", {"1a": HALF})
    with refused("unknown-leaf"):
        Stage("6").do(CLERK, filing.attach, file("e1", "1a"))


@pytest.mark.parametrize(("item", "leaf"), [("1", "1f"), ("7", "7a"), ("27", "27b")])
def test_a_bonus_that_follows_from_other_things_takes_no_figures(item: str, leaf: str) -> None:
    with refused("wrong-rule", f"figures.{leaf}"):
        Stage(item).do(CLERK, filing.submit, "s1", {leaf: {"claims": 9}})


def test_a_unit_may_say_that_a_leaf_does_not_apply_but_gives_itself_no_points_for_it() -> None:
    Stage("10").do(CLERK, filing.submit, "s1", {"10a": {"not_applicable": True}})
    with refused("wrong-rule", "figures.10a.points"):
        Stage("10").do(CLERK, filing.submit, "s1", {"10a": {"not_applicable": True, "points": "1.00"}})


def test_an_empty_submission_is_none() -> None:
    with refused("nothing-waiting", "figures"):
        Stage("6").do(CLERK, filing.submit, "s1", {})


def test_no_id_is_used_twice() -> None:
    stage = returned("open")
    with refused("already-exists"):
        stage.do(CLERK, filing.submit, "s1", {"6a": FULL})
    with refused("already-exists"):
        stage.do(CLERK, filing.attach, file("e1", "6a"))


def test_a_withdrawn_submission_gives_way_to_the_one_before_it() -> None:
    stage = filed()
    stage.do(CLERK, filing.submit, "s2", {"6a": FULL, "6b": {"points": "1.00"}})
    stage.do(CLERK, filing.withdraw, "s2", "mistyped")
    assert stage.sheet.claimed == {"6a": ("s1", HALF)}
    with refused("unknown-submission"):
        stage.do(CLERK, filing.withdraw, "s2", "again")
    with refused("unknown-submission"):
        stage.do(CLERK, filing.withdraw, "s9", "never filed")


def test_what_a_reviewer_has_verified_is_not_withdrawn() -> None:
    stage = filed()
    stage.do(REVIEWER, review.verify, "6a", "s1", None, "")
    with refused("already-decided"):
        stage.do(CLERK, filing.withdraw, "s1", "second thoughts")


def test_evidence_is_taken_back_only_before_it_was_reviewed() -> None:
    stage = returned("open")
    with refused("already-decided"):
        stage.do(CLERK, filing.withdraw_evidence, "e1", "forget it")
    stage.do(CLERK, filing.attach, file("e2", "6b"))
    stage.do(CLERK, filing.withdraw_evidence, "e2", "wrong leaf")
    assert stage.sheet.evidence["e2"].state == "withdrawn"
    with refused("already-decided"):
        stage.do(CLERK, filing.withdraw_evidence, "e2", "again")
    with refused("unknown-evidence"):
        stage.do(CLERK, filing.withdraw_evidence, "e9", "never there")


def test_a_key_is_claimed_once_however_it_is_written() -> None:
    stage = Stage("7")
    stage.do(CLERK, filing.claim, "b1", "7a", "DL-12", "contract")
    for key in ("DL-12", " dl-12 ", "ＤＬ－１２", "DL\u200b-12"):
        with refused("key-taken", "key"):
            stage.do(CLERK, filing.claim, "b2", "7a", key, "contract")
    with refused("already-exists"):
        stage.do(CLERK, filing.claim, "b1", "7a", "DL-13", "contract")
    with refused("key-taken", "key"):
        stage.do(CLERK, filing.claim, "b2", "7b", "DL-12", "another leaf of the same register")


@pytest.mark.parametrize("key", ["", "  ", "\u200b", "\u3164\ufe0f"])
def test_a_key_in_which_nothing_can_be_seen_is_none(key: str) -> None:
    with refused("bad-key", "key"):
        Stage("7").do(CLERK, filing.claim, "b1", "7a", key, "contract")


def test_only_bonuses_by_register_or_award_are_claimed() -> None:
    with refused("wrong-rule"):
        Stage("6").do(CLERK, filing.claim, "b1", "6a", "No 1", "contract")
    with refused("wrong-rule"):
        Stage("23").do(CLERK, filing.claim, "b1", "23c", "No 1", "funds")

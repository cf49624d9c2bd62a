"""A bonus takes a written justification and two people, and its key counts once."""

from typing import Any

import pytest

from domain import facts
from domain.acts import bonuses, filing, review
from tests.domain.stage import APPROVER, BOTH, CLERK, REVIEWER, STRANGER, Stage, bonus, file, person, refused


def claimed() -> Stage:
    stage = Stage("7")
    stage.do(CLERK, filing.claim, "b1", "7a", "DL-12", "contract")
    return stage


def proposed(who: Any = REVIEWER) -> Stage:
    stage = claimed()
    stage.do(who, bonuses.propose, bonus("b1", "7a", "DL-12"))
    return stage


def granted() -> Stage:
    stage = proposed()
    stage.do(APPROVER, bonuses.grant, "b1", "checked the register")
    return stage


def test_a_bonus_counts_once_it_is_granted_and_no_longer_once_it_is_revoked() -> None:
    assert proposed().scores()["7a"].final == 0
    stage = granted()
    assert stage.scores()["7a"].final == 300
    stage.do(APPROVER, bonuses.revoke, "b1", "the contract was void")
    assert stage.scores()["7a"].final == 0


def test_a_declined_bonus_never_counts() -> None:
    stage = proposed()
    stage.do(APPROVER, bonuses.decline, "b1", "no such number")
    assert (stage.scores()["7a"].final, stage.sheet.bonuses["b1"].state) == (0, "declined")


def test_a_claim_nobody_proposes_can_be_declined() -> None:
    stage = claimed()
    stage.do(APPROVER, bonuses.decline, "b1", "no such number")
    assert stage.sheet.bonuses["b1"].state == "declined"


def test_nobody_grants_what_he_proposed_though_he_holds_both_roles() -> None:
    stage = proposed(who=BOTH)
    for act in (bonuses.grant, bonuses.decline):
        with refused("own-act"):
            stage.do(BOTH, act, "b1", "as I said")
    stage.do(APPROVER, bonuses.grant, "b1", "checked")
    with refused("own-act"):
        stage.do(BOTH, bonuses.revoke, "b1", "as I said")


def test_nobody_proposes_or_decides_on_his_own_claim_after_he_changed_sides() -> None:
    turned = person("clerk", ("reviewer", "democracy"), ("approver", "*"))
    with refused("own-act"):
        claimed().do(turned, bonuses.propose, bonus("b1", "7a", "DL-12"))
    for act in (bonuses.grant, bonuses.decline):
        with refused("own-act"):
            proposed().do(turned, act, "b1", "mine")
    with refused("own-act"):
        granted().do(turned, bonuses.revoke, "b1", "mine")


def test_a_declared_conflict_blocks_proposing_and_deciding() -> None:
    torn = person("torn", ("reviewer", "democracy"), ("approver", "*"), conflicts=("zhongshan",))
    with refused("conflict-of-interest"):
        claimed().do(torn, bonuses.propose, bonus("b1", "7a", "DL-12"))
    for stage, act in ((proposed(), bonuses.grant), (proposed(), bonuses.decline), (granted(), bonuses.revoke)):
        with refused("conflict-of-interest"):
            stage.do(torn, act, "b1", "because")


@pytest.mark.parametrize("who", [CLERK, STRANGER, APPROVER, person("auditor", ("auditor", "*"))])
def test_only_a_reviewer_proposes(who: Any) -> None:
    with refused("not-permitted"):
        claimed().do(who, bonuses.propose, bonus("b1", "7a", "DL-12"))


@pytest.mark.parametrize("who", [CLERK, STRANGER, REVIEWER, person("administrator", ("administrator", "*"))])
def test_only_an_approver_decides(who: Any) -> None:
    for stage, act in ((proposed(), bonuses.grant), (proposed(), bonuses.decline), (granted(), bonuses.revoke)):
        with refused("not-permitted"):
            stage.do(who, act, "b1", "because")


def test_a_reviewer_proposes_of_his_own_too() -> None:
    stage = Stage("27")
    stage.do(REVIEWER, bonuses.propose, bonus("b1", "27a", "innovation of the year"))
    stage.do(APPROVER, bonuses.grant, "b1", "recognised")
    assert stage.scores()["27a"].final == 300


def test_a_bonus_needs_a_written_justification_and_a_decision_against_it_a_reason() -> None:
    with refused("no-reason", "justification"):
        claimed().do(REVIEWER, bonuses.propose, bonus("b1", "7a", "DL-12", justification=" "))
    for stage, act in ((proposed(), bonuses.decline), (granted(), bonuses.revoke)):
        with refused("no-reason", "reason"):
            stage.do(APPROVER, act, "b1", "")


def test_a_proposal_answers_the_claim_it_names() -> None:
    with refused("unknown-bonus"):
        claimed().do(REVIEWER, bonuses.propose, bonus("b1", "7a", "DL-13"))
    with refused("unknown-bonus"):
        claimed().do(REVIEWER, bonuses.propose, bonus("b1", "7b", "DL-12"))


def test_a_key_of_this_sheet_is_not_proposed_under_another_id() -> None:
    for stage in (claimed(), proposed(), granted()):
        with refused("key-taken", "key"):
            stage.do(REVIEWER, bonuses.propose, bonus("b2", "7a", "dl-12"))


def test_a_key_is_free_again_after_its_bonus_was_declined_or_revoked() -> None:
    for stage, act in ((proposed(), bonuses.decline), (granted(), bonuses.revoke)):
        stage.do(APPROVER, act, "b1", "no such number")
        stage.do(CLERK, filing.claim, "b2", "7a", "DL-12", "now it is registered")


def test_a_decided_bonus_is_not_proposed_again_under_its_id() -> None:
    for stage in (proposed(), granted()):
        with refused("already-decided"):
            stage.do(REVIEWER, bonuses.propose, bonus("b1", "7a", "DL-12"))


@pytest.mark.parametrize(
    ("item", "leaf", "level"), [("7", "7a", "city"), ("27", "27a", "city"), ("27", "27b", ""), ("27", "27b", "moon")]
)
def test_a_level_is_given_exactly_where_the_leaf_has_levels(item: str, leaf: str, level: str) -> None:
    with refused("bad-level", "level", "city, nation, province" if leaf == "27b" else ""):
        Stage(item).do(REVIEWER, bonuses.propose, bonus("b1", leaf, "key", level))


def test_an_experience_earns_by_its_level() -> None:
    stage = Stage("27")
    for number, level in enumerate(("city", "province", "nation")):
        stage.do(REVIEWER, bonuses.propose, bonus(f"b{number}", "27b", f"experience {number}", level))
        stage.do(APPROVER, bonuses.grant, f"b{number}", "promoted")
    assert stage.scores()["27b"].final == 600


def test_a_proposal_rests_on_evidence_that_is_there_and_counts() -> None:
    stage = claimed()
    for key in ("e1", "e2"):
        stage.do(CLERK, filing.attach, file(key, "7a"))
    stage.do(CLERK, filing.withdraw_evidence, "e2", "wrong page")
    with refused("unknown-evidence", "evidence"):
        stage.do(REVIEWER, bonuses.propose, bonus("b1", "7a", "DL-12", evidence=["e1", "e9"]))
    with refused("evidence-not-open", "evidence"):
        stage.do(REVIEWER, bonuses.propose, bonus("b1", "7a", "DL-12", evidence=["e2"]))
    stage.do(REVIEWER, bonuses.propose, bonus("b1", "7a", "DL-12", evidence=["e1"]))
    stage = claimed()
    stage.do(CLERK, filing.attach, file("e1", "7a"))
    stage.do(REVIEWER, review.review_evidence, "e1", "rejected", "forged")
    with refused("evidence-not-open", "evidence"):
        stage.do(REVIEWER, bonuses.propose, bonus("b1", "7a", "DL-12", evidence=["e1"]))


def test_a_bonus_is_granted_or_declined_once_and_revoked_only_when_granted() -> None:
    with refused("not-proposed"):
        claimed().do(APPROVER, bonuses.grant, "b1", "too early")
    with refused("already-decided"):
        granted().do(APPROVER, bonuses.grant, "b1", "again")
    with refused("already-decided"):
        granted().do(APPROVER, bonuses.decline, "b1", "again")
    for stage in (claimed(), proposed()):
        with refused("not-approved"):
            stage.do(APPROVER, bonuses.revoke, "b1", "too early")


def test_a_bonus_nobody_brought_forward_is_unknown() -> None:
    for act in (bonuses.grant, bonuses.decline, bonuses.revoke):
        with refused("unknown-bonus"):
            Stage("7").do(APPROVER, act, "b9", "because")


def test_a_proposal_keeps_who_claimed() -> None:
    found = granted().sheet.bonuses["b1"]
    assert (found.claimant, found.proposer, found.decider) == ("clerk", "reviewer", "approver")


def test_a_leaf_without_bonuses_takes_no_proposal() -> None:
    with refused("wrong-rule"):
        Stage("6").do(REVIEWER, bonuses.propose, bonus("b1", "6a", "key"))


def test_the_proposal_is_recorded_as_it_was_made() -> None:
    made = bonus("b1", "7a", "DL-12")
    assert claimed().do(REVIEWER, bonuses.propose, made).facts == [made]
    assert isinstance(made, facts.BonusProposed)

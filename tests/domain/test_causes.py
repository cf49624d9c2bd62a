"""Why points move: every fact of a sheet has a cause, and its reason is what somebody wrote."""

from domain import facts
from domain.causes import cause, reason


def test_figures_verified_as_filed_are_a_verification_and_others_a_correction() -> None:
    as_filed = facts.FiguresVerified("1c", "one", {}, False, "")
    corrected = facts.FiguresVerified("1c", "one", {}, True, "two were double")
    assert (cause(as_filed), cause(corrected)) == ("verification", "correction")
    assert reason(corrected) == "two were double"


def test_a_fact_nobody_named_is_a_cause_of_its_own_name() -> None:
    assert cause(facts.EvidenceReviewed("e", "1c", "accepted", "")) == "evidence-reviewed"


def test_a_proposal_is_justified_in_its_own_words() -> None:
    assert reason(facts.BonusProposed("b", "7a", "K-1", "contract", "", "signed and registered")) == (
        "signed and registered"
    )


def test_figures_that_are_filed_need_no_reason() -> None:
    assert reason(facts.FiguresSubmitted("one", {})) == ""

"""A joint claim is held until every partner agreed or two people split it, and its parts are the whole and no more."""

from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Any

import pytest
from hypothesis import given, strategies as st

from domain import facts
from domain.acts import bonuses, filing, joint
from domain.acts.case import Case, Decided
from domain.columns import verified_figures
from domain.explanation import explain_item
from domain.grounds import Grounds
from domain.interpretations import decide
from domain.keys import counts_for_each
from domain.points import show
from domain.refusals import REASONS
from domain.rubric.questions import Decision
from domain.sharing import share, split
from tests.domain.partners import CLERKS, UNITS, Partners
from tests.domain.stage import APPROVER, BOTH, REVIEWER, RUBRIC, bonus, person, refused

HALVES = {"xigang": "1.50", "zhongshan": "1.50"}
SAID = "两区共同签订 signed together"


def wanted(shares: dict[str, str] = HALVES, leaf: str = "7a", level: str = "", item: str = "7") -> facts.JointClaimed:
    return facts.JointClaimed("b1", leaf, "DL-12", "contract", level, "zhongshan", item, shares, SAID)


def claimed(shares: dict[str, str] = HALVES, **more: Any) -> Partners:
    made = Partners(more.get("item", "7"))
    made.do("zhongshan", CLERKS["zhongshan"], lambda case: joint.claim(case, wanted(shares, **more)))
    return made


def agree(made: Partners, unit: str = "xigang", leaf: str = "7a") -> None:
    made.do(unit, CLERKS[unit], lambda case: joint.agree(case, made.joint(leaf, "dl-12", "b1", unit)))


def dispute(made: Partners, unit: str = "xigang") -> None:
    made.do(unit, CLERKS[unit], lambda case: joint.dispute(case, made.joint("7a", "DL-12", "b1", unit), "我方牵头签订"))


def propose(made: Partners, level: str = "", leaf: str = "7a", who: Any = REVIEWER) -> None:
    made.do("zhongshan", who, lambda case: bonuses.propose(case, bonus("b1", leaf, "DL-12", level)))


def grant(made: Partners, unit: str = "xigang") -> None:
    made.do(unit, APPROVER, lambda case: bonuses.grant(case, "b1", "checked the register"))


def split_proposed(made: Partners, shares: dict[str, str], who: Any = REVIEWER) -> None:
    def decide(case: Case) -> Decided:
        found = made.joint("7a", "DL-12", "b1", "zhongshan")
        return joint.propose_split(case, found, shares, "按签订主体分配")

    made.do("zhongshan", who, decide)


def split_decided(made: Partners, who: Any = APPROVER, unit: str = "zhongshan") -> None:
    def decide(case: Case) -> Decided:
        return joint.decide_split(case, made.joint("7a", "DL-12", "b1", "zhongshan"), "同意按此分配")

    made.do(unit, who, decide)


def states(made: Partners) -> dict[str, str]:
    return {unit: sheet.bonuses["b1"].state for unit, sheet in made.sheets.items() if "b1" in sheet.bonuses}


def test_a_joint_claim_is_held_counts_nothing_and_cannot_be_proposed() -> None:
    made = claimed()
    score = made.scores("zhongshan")["7a"]
    assert (score.claimed, score.verified, score.final, score.status) == (150, 0, 0, "pending")
    assert made.scores("xigang")["7a"].status == "empty"
    with refused("joint-held"):
        propose(made)
    dispute(made)
    with refused("joint-held"):
        propose(made)


def test_once_every_partner_agreed_it_is_granted_on_all_their_sheets_at_once() -> None:
    made = claimed()
    agree(made)
    propose(made)
    assert states(made) == {"zhongshan": "proposed", "xigang": "proposed"}
    grant(made)
    assert made.final("7a") == {"zhongshan": 150, "xigang": 150, "ganjingzi": 0}
    made.do("zhongshan", APPROVER, lambda case: bonuses.revoke(case, "b1", "the contract was void"))
    assert made.final("7a") == dict.fromkeys(UNITS, 0)
    assert [claim.holders for claim in made.keys.values()] == [()]


def test_three_partners_must_all_agree() -> None:
    made = claimed({"ganjingzi": "1.00", "xigang": "1.00", "zhongshan": "1.00"})
    agree(made)
    with refused("joint-held"):
        propose(made)
    agree(made, "ganjingzi")
    propose(made)
    grant(made)
    assert set(made.final("7a").values()) == {100}


def test_a_disputed_claim_is_split_by_two_people_and_both_statements_stand() -> None:
    made = claimed()
    dispute(made)
    found = made.joint("7a", "DL-12", "b1", "xigang")
    assert (found.state, found.claim.statement, found.disputed) == ("disputed", SAID, {"xigang": "我方牵头签订"})
    for unit in ("zhongshan", "xigang"):
        with refused("joint-held"):
            made.do(unit, REVIEWER, lambda case: bonuses.propose(case, bonus("b1", "7a", "DL-12", "")))
    split_proposed(made, {"zhongshan": "1.00", "xigang": "2.00"})
    assert made.final("7a") == dict.fromkeys(UNITS, 0)
    split_decided(made)
    assert states(made) == {"zhongshan": "claimed", "xigang": "claimed"}
    propose(made)
    grant(made)
    assert made.final("7a") == {"zhongshan": 100, "xigang": 200, "ganjingzi": 0}


def test_a_partner_who_never_answers_holds_nobody_up_for_ever() -> None:
    made = claimed()
    split_proposed(made, HALVES)
    split_decided(made)
    propose(made)
    grant(made)
    assert made.final("7a") == {"zhongshan": 150, "xigang": 150, "ganjingzi": 0}


def test_one_holder_may_be_given_it_all() -> None:
    made = claimed()
    dispute(made)
    split_proposed(made, {"zhongshan": "0.00", "xigang": "3.00"})
    split_decided(made)
    assert states(made) == {"zhongshan": "declined", "xigang": "claimed"}
    made.do("xigang", REVIEWER, lambda case: bonuses.propose(case, bonus("b1", "7a", "DL-12")))
    grant(made)
    assert made.final("7a") == {"zhongshan": 0, "xigang": 300, "ganjingzi": 0}


def test_nobody_decides_the_split_he_proposed_though_he_holds_both_roles() -> None:
    made = claimed()
    dispute(made)
    split_proposed(made, HALVES, who=BOTH)
    for unit in ("zhongshan", "xigang"):
        with refused("own-act"):
            split_decided(made, who=BOTH, unit=unit)
    split_decided(made)


def test_a_conflict_with_any_partner_blocks_the_act_on_all() -> None:
    torn = person("torn", ("reviewer", "democracy"), ("approver", "*"), conflicts=("xigang",))
    made = claimed()
    agree(made)
    with refused("conflict-of-interest"):
        propose(made, who=torn)
    assert states(made) == {"zhongshan": "claimed", "xigang": "claimed"}
    propose(made)
    with refused("conflict-of-interest"):
        made.do("zhongshan", torn, lambda case: bonuses.grant(case, "b1", "because"))
    assert states(made) == {"zhongshan": "proposed", "xigang": "proposed"}


@pytest.mark.parametrize(
    "shares",
    [
        {"xigang": "1.50", "zhongshan": "1.49"},
        {"xigang": "3.00"},
        {"zhongshan": "3.00"},
        {"xigang": "3.00", "zhongshan": "0.00"},
        {"xigang": "4.00", "zhongshan": "-1.00"},
        {"xigang": "x", "zhongshan": "1.50"},
        {},
    ],
)
def test_shares_are_those_of_all_partners_and_add_up(shares: dict[str, str]) -> None:
    with refused("bad-shares", "shares"):
        claimed(shares)


def test_a_partner_must_take_part_in_the_year() -> None:
    with refused("unknown-unit"):
        claimed({"zhongshan": "1.50", "atlantis": "1.50"})


def test_a_key_that_is_taken_cannot_be_claimed_jointly_nor_the_other_way_round() -> None:
    made = Partners()
    made.do("ganjingzi", CLERKS["ganjingzi"], lambda case: filing.claim(case, "b0", "7a", "dl-12", "mine"))
    with refused("key-taken", "key"):
        made.do("zhongshan", CLERKS["zhongshan"], lambda case: joint.claim(case, wanted()))
    held = claimed()
    for unit in UNITS:
        with refused("key-taken", "key"):
            held.do(unit, CLERKS[unit], lambda case: filing.claim(case, "b2", "7a", "dl-12", "mine"))


def test_who_is_no_partner_does_not_learn_that_there_is_a_claim() -> None:
    made = claimed()
    with refused("unknown-bonus"):
        agree(made, "ganjingzi")


def test_a_partner_answers_once_and_may_still_come_round() -> None:
    made = claimed()
    dispute(made)
    agree(made)
    assert made.joint("7a", "DL-12", "b1", "xigang").state == "agreed"
    for act in (agree, dispute):
        with refused("already-decided"):
            act(made)
    with refused("already-decided"):
        split_proposed(made, HALVES)


def test_a_held_claim_can_be_declined_and_frees_the_key() -> None:
    made = claimed()
    dispute(made)
    made.do("zhongshan", APPROVER, lambda case: bonuses.decline(case, "b1", "no such number"))
    assert states(made) == {"zhongshan": "declined", "xigang": "declined"}
    made.do("ganjingzi", CLERKS["ganjingzi"], lambda case: filing.claim(case, "b2", "7a", "DL-12", "ours"))


def test_an_experience_granted_at_another_level_keeps_its_proportion() -> None:
    made = claimed({"xigang": "1.00", "zhongshan": "2.00"}, leaf="27b", level="nation", item="27")
    agree(made, leaf="27b")
    propose(made, "city", "27b")
    grant(made)
    assert made.final("27b") == {"zhongshan": 67, "xigang": 33, "ganjingzi": 0}


def test_the_explanation_shows_the_part_with_its_numbers() -> None:
    made = claimed({"ganjingzi": "1.00", "xigang": "1.00", "zhongshan": "1.00"}, leaf="27b", level="nation", item="27")
    for unit in ("xigang", "ganjingzi"):
        agree(made, unit, "27b")
    propose(made, "city", "27b")
    grant(made)
    told = {}
    for unit in UNITS:
        figures = verified_figures(made.sheets[unit], made.rules)
        node, points = explain_item(RUBRIC, "27", "district", Grounds(figures, {}, {}))
        leaf = next(each for each in node.leaves if each.id == "27b")
        told[unit] = (leaf.formula.en, leaf.points)
        assert points["27b"] == made.final("27b")[unit]
    assert told == {
        "ganjingzi": ("1.00 × 1/3 ≈ 0.34", "0.34"),
        "xigang": ("1.00 × 1/3 ≈ 0.33", "0.33"),
        "zhongshan": ("1.00 × 1/3 ≈ 0.33", "0.33"),
    }
    assert leaf.rounding.en.startswith("the parts add up")


def test_a_half_is_explained_exactly_beside_whole_keys() -> None:
    made = claimed()
    agree(made)
    propose(made)
    grant(made)
    made.do("zhongshan", CLERKS["zhongshan"], lambda case: filing.claim(case, "b2", "7a", "DL-13", "mine"))
    made.do("zhongshan", REVIEWER, lambda case: bonuses.propose(case, bonus("b2", "7a", "DL-13")))
    made.do("zhongshan", APPROVER, lambda case: bonuses.grant(case, "b2", "checked"))
    figures = verified_figures(made.sheets["zhongshan"], made.rules)
    node, points = explain_item(RUBRIC, "7", "district", Grounds(figures, {}, {}))
    leaf = next(each for each in node.leaves if each.id == "7a")
    assert (leaf.formula.en, leaf.rounding.en, points["7a"]) == (
        "1 × 3.00 + 3.00 × 1/2",
        "exact, nothing to round",
        450,
    )


@given(st.integers(0, 10_000), st.lists(st.integers(0, 10_000), min_size=1, max_size=20).filter(any))
def test_parts_add_up_to_the_whole_and_none_is_a_hundredth_off(points: int, parts: list[int]) -> None:
    found = split(points, parts)
    assert sum(found) == points
    for part, own in zip(parts, found, strict=True):
        assert abs(own - Fraction(points * part, sum(parts))) < 1
    units = {f"u{place:02}": show(part) for place, part in enumerate(parts)}
    assert [share(unit, units, points) for unit in sorted(units)] == found
    assert share("stranger", units, points) == 0


def test_where_the_register_counts_a_key_for_each_unit_both_may_hold_it() -> None:
    assert not counts_for_each(RUBRIC, "7a")
    each = decide(RUBRIC, "Q12", Decision("each", "somebody", "both did the work"))
    assert counts_for_each(each, "7a")
    assert not counts_for_each(each, "27a")  # the question is not about it
    made = Partners(each=True)
    for unit, leaf in (("zhongshan", "7a"), ("xigang", "7c")):  # leaves of one register are asked about together
        claim = partial(filing.claim, bonus=f"of {unit}", leaf=leaf, key="DL-12", title="ours")
        made.do(unit, CLERKS[unit], claim)
    for leaf in ("7a", "7c"):
        again = partial(filing.claim, bonus="b3", leaf=leaf, key="DL-12", title="again")
        with refused("key-taken"):
            made.do("zhongshan", CLERKS["zhongshan"], again)
    [key] = made.keys.values()
    assert [holder.unit for holder in key.holders] == ["zhongshan", "xigang"]
    made.do("xigang", APPROVER, lambda case: bonuses.decline(case, "of xigang", "no such number"))
    [key] = made.keys.values()
    assert [holder.unit for holder in key.holders] == ["zhongshan"]


def test_a_forged_agreement_to_other_shares_does_not_fit_the_key() -> None:
    made = claimed()

    def inflated(case: Case) -> Decided:
        decided = joint.agree(case, made.joint("7a", "DL-12", "b1", "xigang"))
        [fact] = decided.facts
        assert isinstance(fact, facts.JointClaimAgreed)
        return Decided(decided.grant, [replace(fact, shares={"xigang": "3.00"})])

    with refused("bad-shares"):
        made.do("xigang", CLERKS["xigang"], inflated)
    assert REASONS["bad-shares"].zh

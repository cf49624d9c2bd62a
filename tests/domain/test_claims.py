"""A register number or experience key counts once in the city and the cycle, however it is written."""

import pytest

from domain import facts
from domain.acts import bonuses, filing
from domain.claims import Claim, Holder, follow, release, reserve
from domain.keys import stream, stream_of
from domain.refusals import Refused
from domain.sheet import Sheet
from tests.domain.stage import APPROVER, CLERK, REVIEWER, RUBRIC, Stage, bonus, refused

HOLDER = Holder("zhongshan", "7", "b1")
HELD = Claim((HOLDER,))


def test_a_free_key_is_taken_and_stays_with_its_bonus() -> None:
    [fact] = reserve(Claim(), HOLDER, "DL-12")
    assert fact == facts.KeyReserved("zhongshan", "7", "b1")
    assert Claim().evolve(fact) == HELD
    assert reserve(HELD, HOLDER, "DL-12") == []


@pytest.mark.parametrize("other", [("xigang", "7", "b2"), ("zhongshan", "7", "b2"), ("xigang", "7", "b1")])
def test_a_key_another_bonus_holds_is_refused_to_every_unit(other: tuple[str, str, str]) -> None:
    with refused("key-taken", "key"):
        reserve(HELD, Holder(*other), "DL-12")


def test_the_refusal_does_not_say_who_holds_the_key() -> None:
    with pytest.raises(Refused) as caught:
        reserve(HELD, Holder("xigang", "7", "b2"), "DL-12")
    said = f"{caught.value}{caught.value.detail_zh}{caught.value.detail_en}{caught.value.place}"
    assert not any(secret in said for secret in (HOLDER.unit, HOLDER.bonus))


def test_only_the_holder_frees_a_key() -> None:
    assert release(HELD, "b2") == []
    assert release(Claim(), "") == []
    [fact] = release(HELD, "b1")
    assert HELD.evolve(fact) == Claim()
    assert HELD.evolve(facts.KeyReleased("b2")) == HELD


def test_a_freed_key_may_be_taken_by_another_unit() -> None:
    freed = HELD.evolve(facts.KeyReleased("b1"))
    assert reserve(freed, Holder("xigang", "7", "b2"), "DL-12") == [facts.KeyReserved("xigang", "7", "b2")]


def test_facts_of_other_streams_change_no_claim() -> None:
    assert HELD.evolve(facts.PersonRegistered("x")) == HELD


def follow_all(stage: Stage, claim: Claim) -> tuple[list[facts.Fact], Claim]:
    """What the last act of the stage does to the claim."""
    happened = follow(claim, stage.sheet, stage.recorded[-1][0])
    for fact in happened:
        claim = claim.evolve(fact)
    return happened, claim


def test_a_bonus_takes_its_key_when_claimed_keeps_it_when_granted_and_frees_it_when_revoked() -> None:
    stage, claim = Stage("7"), Claim()
    stage.do(CLERK, filing.claim, "b1", "7a", "DL-12", "contract")
    happened, claim = follow_all(stage, claim)
    assert happened == [facts.KeyReserved("zhongshan", "7", "b1")]
    stage.do(REVIEWER, bonuses.propose, bonus("b1", "7a", "dl-12"))
    assert follow_all(stage, claim)[0] == []
    stage.do(APPROVER, bonuses.grant, "b1", "checked")
    assert follow_all(stage, claim)[0] == []
    stage.do(APPROVER, bonuses.revoke, "b1", "void")
    happened, claim = follow_all(stage, claim)
    assert happened == [facts.KeyReleased("b1")]
    assert claim == Claim()


def test_a_declined_bonus_frees_its_key() -> None:
    stage, claim = Stage("27"), Claim()
    stage.do(REVIEWER, bonuses.propose, bonus("b1", "27b", "experience", "city"))
    _, claim = follow_all(stage, claim)
    stage.do(APPROVER, bonuses.decline, "b1", "unknown")
    assert follow_all(stage, claim)[0] == [facts.KeyReleased("b1")]


def test_every_fact_of_a_bonus_meets_the_same_stream_and_no_other_fact_has_one() -> None:
    stage = Stage("7")
    stage.do(CLERK, filing.claim, "b1", "7a", "DL-12", "contract")
    stage.do(REVIEWER, bonuses.propose, bonus("b1", "7a", "dl-12"))
    named = stream("2026", "7", "DL-12")
    assert {stream_of(stage.sheet, fact, RUBRIC) for fact, _ in stage.recorded} == {named}
    for gone in (facts.BonusDeclined("b1", "7a", "no"), facts.BonusRevoked("b1", "7a", "no")):
        assert stream_of(stage.sheet, gone, RUBRIC) == named
    for other in (facts.BonusGranted("b1", "7a", "yes"), facts.LeafJudged("6b", "1.00", "x")):
        assert stream_of(stage.sheet, other, RUBRIC) is None
        assert follow(Claim(), Sheet.of("sheet/2026/zhongshan/7"), other) == []


def test_a_number_a_unit_has_on_one_leaf_is_refused_on_another_of_the_register_and_it_is_told_which() -> None:
    stage = Stage("7")
    stage.do(CLERK, filing.claim, "b1", "7c", "DL-12", "contract")
    with pytest.raises(Refused) as caught:
        stage.do(CLERK, filing.claim, "b2", "7a", "dl-12", "contract")
    assert (caught.value.code, caught.value.place) == ("key-taken", "key")
    for told in (caught.value.detail_zh, caught.value.detail_en):
        assert "7c" in told
        assert "b1" in told
    stage.do(APPROVER, bonuses.decline, "b1", "claimed on the wrong leaf")
    stage.do(CLERK, filing.claim, "b2", "7a", "dl-12", "contract")
    assert stage.sheet.bonuses["b2"].leaf == "7a"

"""The fold of a sheet: facts alone give it, whoever folds them and however often."""

import msgspec

from domain import facts
from domain.acts import filing
from domain.sheet import Sheet
from tests.domain.replays import plain, replayed, reread
from tests.domain.stage import CLERK, Stage, bonus, file


def test_a_sheet_knows_its_place_from_its_stream() -> None:
    sheet = Sheet.of("sheet/2026/zhongshan/6")
    assert (sheet.cycle, sheet.unit, sheet.item) == ("2026", "zhongshan", "6")


def test_a_fact_answers_the_leaves_it_concerns_and_is_kept_as_their_source() -> None:
    sheet = Sheet.of("sheet/2026/zhongshan/6")
    filed = facts.FiguresSubmitted("s1", {"6a": {"numerator": 1, "denominator": 2}, "6b": {"points": "1.00"}})
    assert sheet.evolve(filed, "clerk", "event 1") == {"6a", "6b"}
    assert sheet.evolve(facts.LeafJudged("6b", "1.00", "seen"), "reviewer", "event 2") == {"6b"}
    assert sheet.sources == {"6a": ["event 1"], "6b": ["event 1", "event 2"]}


def test_a_fold_shares_nothing_with_another_fold_of_the_same_facts() -> None:
    stage = Stage("6")
    stage.do(CLERK, filing.submit, "s1", {"6a": {"numerator": 1, "denominator": 2}})
    one, two = replayed(stage), replayed(stage)
    one.evolve(facts.SubmissionWithdrawn("s1", "mistyped"), "clerk")
    assert plain(two) == plain(stage.sheet)


def test_everybody_who_ever_acted_is_remembered_also_after_others_acted_on_the_same_thing() -> None:
    sheet = Sheet.of("sheet/2026/zhongshan/6")
    sheet.evolve(file("e1", "6a"), "uploader")
    sheet.evolve(facts.LeafJudged("6b", "1.00", "seen"), "first")
    sheet.evolve(facts.LeafJudged("6b", "2.00", "seen"), "second")
    sheet.evolve(facts.AdjustmentProposed("a1", "6b", "1.00", "other", "x"), "proposer")
    sheet.evolve(facts.AdjustmentApproved("a1", "6b", "x"), "approver")
    sheet.evolve(facts.AdjustmentRevoked("a1", "6b", "x"), "revoker")
    assert sheet.people() == {"uploader", "first", "second", "proposer", "approver", "revoker"}
    assert sheet.filers == {"uploader"}


def test_a_sheet_of_facts_survives_the_bytes_it_is_recorded_in() -> None:
    fact = bonus("b1", "7a", "ＤＬ－１２", evidence=["e1"])
    assert reread(fact) == fact
    assert msgspec.to_builtins(fact)["key"] == "ＤＬ－１２"

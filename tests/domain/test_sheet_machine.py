"""A whole life of a sheet against a plain model of what must hold whatever people try."""

from typing import Any

from hypothesis import settings
from hypothesis.stateful import invariant

from domain import facts
from domain.acts import filing
from domain.columns import clamp, verified_figures
from domain.explanation import explain_item
from domain.grounds import Adjustment, Grounds
from domain.points import show
from tests.domain.attempts import UNIT_FACTS, Attempts
from tests.domain.replays import plain, replayed
from tests.domain.stage import RUBRIC

SECONDED = {
    facts.AdjustmentApproved: (facts.AdjustmentProposed, "adjustment"),
    facts.AdjustmentDeclined: (facts.AdjustmentProposed, "adjustment"),
    facts.AdjustmentRevoked: (facts.AdjustmentProposed, "adjustment"),
    facts.BonusGranted: (facts.BonusProposed, "bonus"),
    facts.BonusRevoked: (facts.BonusProposed, "bonus"),
}


class LifeOfASheet(Attempts):
    """What must hold whatever people try; the model is the list of facts and what follows from it."""

    @invariant()
    def nobody_decided_on_what_he_began(self) -> None:
        began: dict[tuple[Any, str], str] = {}
        for fact, by in self.stage.recorded:
            if isinstance(fact, facts.AdjustmentProposed | facts.BonusProposed):
                began[type(fact), getattr(fact, "adjustment", "") or getattr(fact, "bonus", "")] = by
            if type(fact) in SECONDED:
                kind, member = SECONDED[type(fact)]
                assert began[kind, getattr(fact, member)] != by

    @invariant()
    def nobody_judged_his_own_unit(self) -> None:
        filers: set[str] = set()
        for fact, by in self.stage.recorded:
            if isinstance(fact, UNIT_FACTS):
                filers.add(by)
            else:
                assert by not in filers
                assert by in {"reviewer", "second reviewer", "approver", "both", "turncoat"}

    @invariant()
    def the_three_columns_hold_together(self) -> None:
        sheet, scores = self.stage.sheet, self.stage.scores()
        for leaf, score in scores.items():
            approved = sum(
                each.delta for each in sheet.adjustments.values() if each.leaf == leaf and each.state == "approved"
            )
            assert score.final == clamp(score.verified + approved, score.maximum)
            assert score.claimed >= 0
            assert score.verified >= 0
            assert score.maximum is None or (score.verified <= score.maximum and score.final <= score.maximum)
        scored = [each.id for each in RUBRIC.item(self.stage.item).leaves if not each.bonus]
        assert sum(scores[leaf].maximum or 0 for leaf in scored) == RUBRIC.item(self.stage.item).points["district"]

    @invariant()
    def the_explanation_says_what_the_columns_say(self) -> None:
        sheet = self.stage.sheet
        approved = [each for each in sheet.adjustments.values() if each.state == "approved"]
        grounds = Grounds(
            verified_figures(sheet, self.stage.rules),
            sheet.sources,
            {
                leaf: [Adjustment(a.delta, a.text, a.id) for a in approved if a.leaf == leaf]
                for leaf in self.stage.rules
            },
        )
        node, points = explain_item(RUBRIC, self.stage.item, "district", grounds)
        scores = self.stage.scores()
        assert {leaf.id: leaf.points for leaf in node.leaves} == {
            leaf: show(each.final) for leaf, each in scores.items()
        }
        assert points == {leaf: each.final for leaf, each in scores.items()}

    @invariant()
    def what_was_claimed_is_what_the_unit_last_filed_and_did_not_take_back(self) -> None:
        model: dict[str, Any] = {}
        gone = {fact.submission for fact, _ in self.stage.recorded if isinstance(fact, facts.SubmissionWithdrawn)}
        for fact, _ in self.stage.recorded:
            if isinstance(fact, facts.FiguresSubmitted) and fact.submission not in gone:
                model.update({leaf: (fact.submission, figures) for leaf, figures in fact.figures.items()})
        assert self.stage.sheet.claimed == model

    @invariant()
    def every_key_stands_under_one_bonus_at_most(self) -> None:
        held = [
            (each.leaf, each.key.casefold().replace("ａ１", "a1"))
            for each in self.stage.sheet.bonuses.values()
            if each.state in filing.OPEN_STATES
        ]
        assert len(held) == len(set(held))

    @invariant()
    def the_facts_alone_give_the_same_sheet(self) -> None:
        assert plain(replayed(self.stage)) == plain(self.stage.sheet)
        assert self.stage.sheet.people() == {by for _, by in self.stage.recorded}

    def teardown(self) -> None:
        if hasattr(self, "stage"):
            assert plain(replayed(self.stage, through_bytes=True)) == plain(self.stage.sheet)


LifeOfASheet.TestCase.settings = settings(max_examples=30, stateful_step_count=40)
TestLifeOfASheet = LifeOfASheet.TestCase

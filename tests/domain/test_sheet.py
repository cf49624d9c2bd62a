"""The fold of a sheet, and a whole life of one against a plain model of what must hold whatever people try."""

import copy
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

import msgspec
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain import facts
from domain.acts import adjustments, bonuses, filing, review
from domain.columns import STILL, clamp, verified_figures
from domain.explanation import Adjustment, Grounds, explain_item
from domain.phases import PHASES
from domain.points import show
from domain.refusals import Refused
from domain.rubric.rules import Award, OverTarget, Tally
from domain.sheet import Sheet
from events.codec import to_event, to_fact
from events.entry import Actor, Context, Head, build, decode
from tests.domain.guesses import figures_for
from tests.domain.stage import APPROVER, BOTH, CLERK, DEPARTMENTS, REVIEWER, RUBRIC, SECOND, Stage, bonus, file, person

OTHER_CLERK = person("other clerk", ("unit", "zhongshan"))
ALL_ROLES = (("approver", "*"), *(("reviewer", each) for each in DEPARTMENTS))
WRONG = (
    person("insider", ("unit", "zhongshan"), *ALL_ROLES),
    person("torn", *ALL_ROLES, conflicts=("zhongshan",)),
)
# Mostly people who may, so that much happens; among them always some who may not.
FILERS = st.sampled_from([CLERK, OTHER_CLERK, CLERK, OTHER_CLERK, WRONG[0], REVIEWER])
REVIEWERS = st.sampled_from([REVIEWER, SECOND, BOTH, REVIEWER, SECOND, BOTH, *WRONG, CLERK, APPROVER])
APPROVERS = st.sampled_from([APPROVER, BOTH, APPROVER, BOTH, person("turncoat", *ALL_ROLES), *WRONG, SECOND])
UNIT_FACTS = (
    facts.FiguresSubmitted, facts.SubmissionWithdrawn, facts.EvidenceAttached, facts.EvidenceWithdrawn,
    facts.BonusClaimed,
)  # fmt: skip
SECONDED = {
    facts.AdjustmentApproved: (facts.AdjustmentProposed, "adjustment"),
    facts.AdjustmentDeclined: (facts.AdjustmentProposed, "adjustment"),
    facts.AdjustmentRevoked: (facts.AdjustmentProposed, "adjustment"),
    facts.BonusGranted: (facts.BonusProposed, "bonus"),
    facts.BonusRevoked: (facts.BonusProposed, "bonus"),
}
LEGAL = {
    "adjustment": {("", "proposed"), ("proposed", "approved"), ("proposed", "declined"), ("approved", "revoked")},
    "bonus": {("", "claimed"), ("", "proposed"), ("claimed", "proposed"), ("claimed", "declined"),
              ("proposed", "granted"), ("proposed", "declined"), ("granted", "revoked")},
    "evidence": {("", "uploaded"), ("uploaded", "accepted"), ("uploaded", "returned"), ("uploaded", "rejected"),
                 ("uploaded", "withdrawn"), ("returned", "superseded"), ("superseded", "returned")},
}  # fmt: skip


def replayed(stage: Stage, through_bytes: bool = False) -> Sheet:
    sheet = stage.empty()
    for number, (fact, by) in enumerate(stage.recorded, 1):
        sheet.evolve(reread(fact) if through_bytes else fact, by, f"event {number}")
    return sheet


def reread(fact: facts.Fact) -> Any:
    entry = build("sheet/x", Head(), to_event(fact), Context("test", Actor("x"), "2026-01-01T00:00:00.000000Z"))
    return to_fact(decode(entry))


def some(things: Iterable[str]) -> st.SearchStrategy[str]:
    return st.sampled_from([*things])


def plain(sheet: Sheet) -> dict[str, Any]:
    return asdict(sheet)


class LifeOfASheet(RuleBasedStateMachine):
    """People of every kind try everything at any time; the model is the list of facts and what follows from it."""

    @initialize(data=st.data(), item=st.sampled_from(["1", "2", "6", "7", "10", "23", "27", "7", "27"]))
    def begin(self, data: st.DataObject, item: str) -> None:
        self.stage = Stage(item)
        self.number = 0
        self.states: dict[tuple[str, str], str] = {}
        self.somebody_files(data, CLERK)

    def key(self) -> str:
        self.number += 1
        return f"k{self.number}"

    def attempt(self, who: Any, act: Callable[..., Any], *details: Any) -> None:
        before, scores = plain(copy.deepcopy(self.stage.sheet)), self.stage.scores()
        try:
            decided = self.stage.do(who, act, *details)
        except Refused:
            assert plain(self.stage.sheet) == before, "a refused act changes nothing"
            return
        assert decided.grant in who.grants
        assert (decided.grant.role == "unit") == isinstance(decided.facts[0], UNIT_FACTS)
        if type(decided.facts[0]) in STILL:
            assert self.stage.scores() == scores
        self.transitions()

    def transitions(self) -> None:
        sheet = self.stage.sheet
        for sort, things in (("adjustment", sheet.adjustments), ("bonus", sheet.bonuses), ("evidence", sheet.evidence)):
            for key, thing in things.items():
                known = self.states.get((sort, key), "")
                if known != thing.state:
                    assert (known, thing.state) in LEGAL[sort]
                    self.states[sort, key] = thing.state

    def leaf(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(list(self.stage.rules)))

    def figures(self, data: st.DataObject, leaf: str) -> Any:
        return data.draw(figures_for(self.stage.rules[leaf]))

    @rule(data=st.data(), who=FILERS)
    def somebody_files(self, data: st.DataObject, who: Any) -> None:
        fileable = [leaf for leaf, rule in self.stage.rules.items() if not isinstance(rule, Tally | Award | OverTarget)]
        leaves = data.draw(st.lists(st.sampled_from(fileable), min_size=1, unique=True)) if fileable else ["7a"]
        self.attempt(who, filing.submit, self.key(), {leaf: self.figures(data, leaf) for leaf in leaves if fileable})

    @precondition(lambda self: self.stage.sheet.submissions)
    @rule(data=st.data(), who=FILERS)
    def somebody_withdraws(self, data: st.DataObject, who: Any) -> None:
        self.attempt(who, filing.withdraw, data.draw(some(self.stage.sheet.submissions)), "mistyped")

    @rule(data=st.data(), who=FILERS)
    def somebody_attaches(self, data: st.DataObject, who: Any) -> None:
        self.attempt(who, filing.attach, file(self.key(), self.leaf(data)))

    @precondition(lambda self: self.stage.sheet.evidence)
    @rule(data=st.data(), who=FILERS)
    def somebody_takes_a_file_back(self, data: st.DataObject, who: Any) -> None:
        self.attempt(who, filing.withdraw_evidence, data.draw(some(self.stage.sheet.evidence)), "wrong page")

    @precondition(lambda self: self.stage.sheet.evidence)
    @rule(data=st.data(), who=REVIEWERS, outcome=st.sampled_from([*review.OUTCOMES, "odd"]))
    def somebody_reviews_a_file(self, data: st.DataObject, who: Any, outcome: str) -> None:
        self.attempt(who, review.review_evidence, data.draw(some(self.stage.sheet.evidence)), outcome, "seen")

    @precondition(lambda self: self.stage.sheet.claimed)
    @rule(data=st.data(), who=REVIEWERS, corrects=st.booleans())
    def somebody_verifies(self, data: st.DataObject, who: Any, corrects: bool) -> None:
        leaf = data.draw(some(self.stage.sheet.claimed))
        corrected = self.figures(data, leaf) if corrects else None
        submission = self.stage.sheet.claimed[leaf][0]
        self.attempt(who, review.verify, leaf, submission, corrected, "counted")

    @precondition(lambda self: self.stage.item in {"2", "6", "10"})
    @rule(data=st.data(), who=REVIEWERS, points=st.sampled_from([0, 50, 100, 25, 333]))
    def somebody_judges(self, data: st.DataObject, who: Any, points: int) -> None:
        self.attempt(who, review.judge, self.leaf(data), show(points), "seen")

    @rule(data=st.data(), who=REVIEWERS)
    def somebody_confirms_that_a_leaf_does_not_apply(self, data: st.DataObject, who: Any) -> None:
        self.attempt(who, review.confirm_not_applicable, self.leaf(data), "none here")

    @rule(data=st.data(), who=REVIEWERS, delta=st.integers(-300, 300))
    def somebody_proposes_an_adjustment(self, data: st.DataObject, who: Any, delta: int) -> None:
        leaf = self.leaf(data)
        room = self.stage.room(leaf)
        self.attempt(who, adjustments.propose, self.key(), leaf, show(delta), "other", "because", room)

    @precondition(lambda self: self.stage.sheet.adjustments)
    @rule(data=st.data(), who=APPROVERS, act=st.sampled_from(["approve", "approve", "decline", "revoke"]))
    def somebody_decides_an_adjustment(self, data: st.DataObject, who: Any, act: str) -> None:
        key = data.draw(some(self.stage.sheet.adjustments))
        room = (self.stage.room(self.stage.sheet.adjustments[key].leaf),) if act == "approve" else ()
        self.attempt(who, getattr(adjustments, act), key, "because", *room)

    @precondition(lambda self: self.stage.item in {"7", "27"})
    @rule(data=st.data(), who=FILERS, number=st.sampled_from(["A1", "ａ１", "B2", ""]))
    def somebody_claims(self, data: st.DataObject, who: Any, number: str) -> None:
        self.attempt(who, filing.claim, self.key(), self.leaf(data), number, "title")

    @precondition(lambda self: self.stage.item in {"7", "27"})
    @rule(data=st.data(), who=REVIEWERS, number=st.sampled_from(["A1", "a1", "B2"]))
    def somebody_proposes_a_bonus(self, data: st.DataObject, who: Any, number: str) -> None:
        open_claims = [each for each in self.stage.sheet.bonuses.values() if each.state == "claimed"]
        claim = data.draw(st.sampled_from([None, *open_claims]))
        key, leaf = (claim.id, claim.leaf) if claim else (self.key(), self.leaf(data))
        level = data.draw(st.sampled_from(["city", "nation"] if leaf == "27b" else ["", "", "city"]))
        self.attempt(who, bonuses.propose, bonus(key, leaf, claim.key if claim else number, level))

    @precondition(lambda self: self.stage.sheet.bonuses)
    @rule(data=st.data(), who=APPROVERS, act=st.sampled_from([bonuses.grant, bonuses.decline, bonuses.revoke]))
    def somebody_decides_a_bonus(self, data: st.DataObject, who: Any, act: Any) -> None:
        self.attempt(who, act, data.draw(some(self.stage.sheet.bonuses)), "because")

    @precondition(lambda self: self.stage.phase != "archived")
    @rule(far=st.integers(0, 29))
    def the_year_goes_on(self, far: int) -> None:
        if far == 23:  # rare: an even draw would end the year before anything happened
            self.stage.phase = PHASES[PHASES.index(self.stage.phase) + 1]

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

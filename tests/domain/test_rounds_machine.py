"""Whatever people try on a drawn leaf, in whatever order: the rules of double marking hold at every step."""

import contextlib
import itertools
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from domain import facts
from domain.acts import review
from domain.people import Person
from domain.points import parse, show
from domain.refusals import Refused
from tests.domain.rounds import LIMIT, OUTSIDER, Rounds, reviewer
from tests.domain.stage import APPROVER, BOTH, REVIEWER, SECOND

LEAF = "6b"
STEPS = [show(50 * step) for step in range(9)]
PEOPLE = st.sampled_from([REVIEWER, SECOND, BOTH, APPROVER, OUTSIDER, reviewer("torn", conflicts=("zhongshan",))])
POINTS = st.sampled_from([*STEPS, "0.25", "4.50"])


class DoubleMarking(RuleBasedStateMachine):
    """``judged`` is who judged in the round that began last, kept beside the sheet as a plain list."""

    def __init__(self) -> None:
        super().__init__()
        self.stage, self.judged, self.filed = Rounds("6"), [""], 0

    def attempt(self, act: Any, who: Person, *details: Any) -> bool:
        before = (len(self.stage.recorded), self.stage.scores())
        with contextlib.suppress(Refused):
            act(who, LEAF, *details)
            return True
        assert before == (len(self.stage.recorded), self.stage.scores())
        return False

    @rule()
    def file(self) -> None:
        self.filed += 1
        self.stage.file(f"s{self.filed}", LEAF)

    @rule(who=PEOPLE, points=POINTS)
    def judge_a_drawn_leaf(self, who: Person, points: str) -> None:
        if self.attempt(self.stage.seal, who, points):
            self.judged = [who.id]

    @rule(who=PEOPLE, points=POINTS)
    def judge_without_a_draw(self, who: Person, points: str) -> None:
        def judge(whom: Person, leaf: str, given: str) -> None:
            self.stage.do(whom, review.judge, leaf, given, "once")

        if self.attempt(judge, who, points):
            assert self.stage.sheet.unsettled(LEAF) is None

    @rule(who=PEOPLE, points=POINTS)
    def judge_a_second_time(self, who: Person, points: str) -> None:
        if self.attempt(self.stage.second, who, points):
            assert who.id not in self.judged
            self.judged.append(who.id)

    @rule(who=PEOPLE, points=POINTS)
    def moderate(self, who: Person, points: str) -> None:
        found = self.stage.sheet.rounds.get(LEAF)
        apart = abs(found.points - found.second_points) if found else 0
        if self.attempt(self.stage.moderate, who, points):
            assert apart > parse(LIMIT)
            assert who.id not in self.judged
            self.judged.append(who.id)

    @rule(who=PEOPLE, others=st.lists(PEOPLE, max_size=2))
    def waive(self, who: Person, others: list[Person]) -> None:
        if self.attempt(self.stage.waive, who, *others):
            assert who.id not in self.judged

    @invariant()
    def points_are_always_a_step_and_come_from_a_round_that_is_over(self) -> None:
        score = self.stage.scores()[LEAF]
        assert show(score.verified) in STEPS
        if self.stage.sheet.unsettled(LEAF):
            assert score.status == "pending"

    @precondition(lambda self: LEAF in self.stage.sheet.rounds)
    @invariant()
    def a_sealed_judgement_is_nowhere_on_the_sheet(self) -> None:
        found = self.stage.sheet.rounds[LEAF]
        if found.state == "sealed":
            assert not found.known
            assert found.reason == ""

    @invariant()
    def nothing_is_opened_but_by_a_second_judgement_or_a_waiver(self) -> None:
        told = [fact for fact, _ in self.stage.recorded]
        for before, fact in itertools.pairwise(told):
            if isinstance(fact, facts.JudgementOpened):
                assert isinstance(before, facts.SecondJudgementGiven | facts.SecondJudgementWaived)


TestDoubleMarking = DoubleMarking.TestCase

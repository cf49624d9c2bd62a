"""People of every kind at one sheet, who try everything at any time."""

import copy
from collections.abc import Callable, Iterable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from domain import facts
from domain.acts import adjustments, bonuses, filing, review
from domain.columns import STILL
from domain.phases import PHASES
from domain.points import show
from domain.refusals import Refused
from domain.rubric.rules import Award, OverTarget, Tally
from tests.domain.guesses import figures_for
from tests.domain.replays import plain
from tests.domain.stage import APPROVER, BOTH, CLERK, DEPARTMENTS, REVIEWER, SECOND, Stage, bonus, file, person

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
LEGAL = {
    "adjustment": {("", "proposed"), ("proposed", "approved"), ("proposed", "declined"), ("approved", "revoked")},
    "bonus": {("", "claimed"), ("", "proposed"), ("claimed", "proposed"), ("claimed", "declined"),
              ("proposed", "granted"), ("proposed", "declined"), ("granted", "revoked")},
    "evidence": {("", "uploaded"), ("uploaded", "accepted"), ("uploaded", "returned"), ("uploaded", "rejected"),
                 ("uploaded", "withdrawn"), ("returned", "superseded"), ("superseded", "returned")},
}  # fmt: skip


def some(things: Iterable[str]) -> st.SearchStrategy[str]:
    return st.sampled_from([*things])


class Attempts(RuleBasedStateMachine):
    """A sheet at which people of every kind try everything at any time; a refused act must change nothing."""

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

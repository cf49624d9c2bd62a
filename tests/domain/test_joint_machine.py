"""Whatever units and departments try on shared keys in whatever order: the parts never exceed the whole."""

from collections.abc import Callable
from typing import Any

from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from domain import facts
from domain.acts import bonuses, filing, joint
from domain.acts.case import Case, Decided
from domain.awarded import worth
from domain.columns import columns
from domain.keys import normal, stream
from domain.refusals import Refused
from domain.scoring import compile_item
from tests.domain.partners import CLERKS, UNITS, Partners
from tests.domain.stage import APPROVER, BOTH, REVIEWER, RUBRIC, SECOND, bonus

UNIT = st.sampled_from(UNITS)
KEY = st.sampled_from(["DL-1", "dl-1 ", "DL-2"])
BONUS = st.sampled_from([f"b{number}" for number in range(6)])
STAFF = st.sampled_from([REVIEWER, SECOND, APPROVER, BOTH])
SHARES = st.sampled_from(
    [
        {"xigang": "1.50", "zhongshan": "1.50"},
        {"xigang": "0.01", "zhongshan": "2.99"},
        {"ganjingzi": "1.00", "xigang": "1.00", "zhongshan": "1.00"},
        {"ganjingzi": "2.00", "zhongshan": "1.00"},
        {"xigang": "3.00"},
        {"xigang": "2.00", "zhongshan": "2.00"},
    ]
)
WHY = "按规定办理"
LEAF, SMALLER = "7a", "7c"
ANY = st.sampled_from([LEAF, SMALLER])


class SharedKeys(RuleBasedStateMachine):
    """Three units, two keys in several spellings on two leaves of one register, everybody tries everything."""

    def __init__(self) -> None:
        super().__init__()
        self.made = Partners()

    def attempt(self, unit: str, who: Any, decide: Callable[[Case], Decided]) -> None:
        before = [repr(sheet) for sheet in self.made.sheets.values()], dict(self.made.keys)
        try:
            self.made.do(unit, who, decide)
        except Refused:
            assert ([repr(sheet) for sheet in self.made.sheets.values()], self.made.keys) == before

    @rule(unit=UNIT, key=KEY, own=BONUS, leaf=ANY)
    def claims_alone(self, unit: str, key: str, own: str, leaf: str) -> None:
        self.attempt(unit, CLERKS[unit], lambda case: filing.claim(case, own, leaf, key, "title"))

    @rule(unit=UNIT, key=KEY, own=BONUS, shares=SHARES)
    def claims_jointly(self, unit: str, key: str, own: str, shares: dict[str, str]) -> None:
        wanted = facts.JointClaimed(own, LEAF, key, "title", "", unit, "7", shares, WHY)
        self.attempt(unit, CLERKS[unit], lambda case: joint.claim(case, wanted))

    @rule(unit=UNIT, key=KEY, own=BONUS, yes=st.booleans())
    def a_partner_answers(self, unit: str, key: str, own: str, yes: bool) -> None:
        def decide(case: Case) -> Decided:
            found = self.made.joint(LEAF, key, own, unit)
            return joint.agree(case, found) if yes else joint.dispute(case, found, WHY)

        self.attempt(unit, CLERKS[unit], decide)

    @rule(unit=UNIT, who=STAFF, key=KEY, own=BONUS, shares=SHARES)
    def a_split_is_proposed(self, unit: str, who: Any, key: str, own: str, shares: dict[str, str]) -> None:
        self.attempt(
            unit, who, lambda case: joint.propose_split(case, self.made.joint(LEAF, key, own, unit), shares, WHY)
        )

    @rule(unit=UNIT, who=STAFF, key=KEY, own=BONUS)
    def a_split_is_decided(self, unit: str, who: Any, key: str, own: str) -> None:
        self.attempt(unit, who, lambda case: joint.decide_split(case, self.made.joint(LEAF, key, own, unit), WHY))

    @rule(unit=UNIT, who=STAFF, key=KEY, own=BONUS, leaf=ANY)
    def a_bonus_is_proposed(self, unit: str, who: Any, key: str, own: str, leaf: str) -> None:
        self.attempt(unit, who, lambda case: bonuses.propose(case, bonus(own, leaf, key)))

    @rule(unit=UNIT, who=STAFF, own=BONUS, act=st.sampled_from([bonuses.grant, bonuses.decline, bonuses.revoke]))
    def a_bonus_is_decided(self, unit: str, who: Any, own: str, act: Callable[..., Decided]) -> None:
        self.attempt(unit, who, lambda case: act(case, own, WHY))

    @invariant()
    def a_key_is_never_worth_more_than_its_points(self) -> None:
        paid: dict[str, int] = {}
        for unit, sheet in self.made.sheets.items():
            for each in sheet.bonuses.values():
                if each.state == "granted":
                    key = normal(each.key)
                    paid[key] = paid.get(key, 0) + worth(each, self.made.rules[each.leaf], unit)
        assert set(paid.values()) <= {300, 50}
        assert sum(paid.values()) == sum(sum(self.made.final(leaf).values()) for leaf in (LEAF, SMALLER))

    @invariant()
    def a_granted_key_is_held_by_exactly_those_it_was_granted_to(self) -> None:
        for unit, sheet in self.made.sheets.items():
            for each in sheet.bonuses.values():
                if each.state in {"proposed", "granted"}:
                    holders = self.made.keys[stream("2026", "7", each.key)].holders
                    assert (unit, each.id) in {(holder.unit, holder.bonus) for holder in holders}

    @invariant()
    def the_partners_of_a_key_agree_on_its_shares_and_state(self) -> None:
        found: dict[tuple[str, str], set[tuple[str, str]]] = {}
        for sheet in self.made.sheets.values():
            for each in sheet.bonuses.values():
                if each.shares and sheet.unit in each.shares and each.state in {"proposed", "granted", "revoked"}:
                    told = found.setdefault((each.id, normal(each.key)), set())
                    told.add((each.state, repr(sorted(each.shares.items()))))
        assert all(len(told) == 1 for told in found.values())

    @invariant()
    def a_replay_gives_the_same_scores(self) -> None:
        again = self.made.empty()
        for unit, fact, by in self.made.recorded:
            again[unit].evolve(fact, by)
        scorer = compile_item(RUBRIC, "7", "district")
        for unit in UNITS:
            assert columns(again[unit], scorer, self.made.rules) == self.made.scores(unit)


TestSharedKeys = SharedKeys.TestCase
TestSharedKeys.settings = settings(stateful_step_count=40)

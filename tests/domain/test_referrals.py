"""An objection that leads to an appeal: filed with its answer, decided by an outsider, and it alone may cost points."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from domain import facts, notices, objections
from domain.acts import adjustments, appeals, filing, review
from domain.acts.case import Case, Decided
from domain.contents import Appeal
from domain.cycle import Cycle
from domain.cycle_contents import Publication
from domain.notices import Place
from domain.people import Person
from domain.punctuality import Punctuality
from domain.recheck import Recheck
from domain.referrals import appeal_of, filed_by, may_cost
from domain.told.table import REFERRED as TOLD_TO_THE_UNIT
from tests.domain.stage import CLERK, MOMENTS, REVIEWER, Stage, cycle, person, refused

OFFICE = person("office", ("administrator", "*"))
OTHER_OFFICE = person("other office", ("administrator", "*"))
RIVAL = person("rival", ("unit", "xigang"))
JUDGE = person("judge", ("approver", "*"))
SHEET = "sheet/2026/zhongshan/1"
OBJECTED = facts.ObjectionFiled("o1", 1, "xigang", "zhongshan", "第一项数据与公开材料不符")
REFERRED = facts.ObjectionAnswered("o1", "", "", "referred", "须由未办理该表的人裁决", "1", "1a", "p1")
ANSWERED = replace(REFERRED, unit="xigang", about="zhongshan")
FILED = facts.AppealFiled("p1", "1a", OBJECTED.text, [], "o1")
LOWER = facts.AppealDecided("p1", "", "partly", "-0.16", "a9", "one team was counted twice")
TABLE = facts.ResultsProposed(1, "provisional", "ab" * 32, "cd" * 32, {}, "kaohe", 1, "r")


def year(phase: str = "appeal", said: facts.ObjectionFiled = OBJECTED, by: str = "rival") -> Cycle:
    """A year whose provisional results are out, with an objection to them."""
    made = replace(cycle(phase), publications={1: Publication(TABLE, 1, "one", 1, True, "two")})
    return made.evolve(said, by)


class Court(Stage):
    """Leaf 1a verified at 1.28 of 1.60, and an objection to it in the year."""

    def __init__(self, said: facts.ObjectionFiled = OBJECTED, by: str = "rival") -> None:
        super().__init__("1")
        self.year = year(said=said, by=by)
        self.do(CLERK, filing.submit, "s1", {"1a": {"actual": 80, "target": 100}})
        self.do(REVIEWER, review.verify, "1a", "s1", None, "true")
        self.phase = "appeal"

    def case(self, who: Person) -> Case:
        found = super().case(who)
        kept = getattr(self, "year", None)
        return replace(found, cycle=replace(found.cycle, objections=kept.objections)) if kept else found

    def refer(self, who: Person = OFFICE, said: facts.ObjectionAnswered = REFERRED) -> None:
        [answer] = objections.answer(self.year, said, who)
        self.year = self.year.evolve(answer, who.id)
        found = appeal_of("2026", self.year.objections["o1"])
        assert found is not None
        self.do(who, appeals.refer, found[1])

    def assigned(self) -> "Court":
        self.refer()
        self.do(OFFICE, appeals.assign, "p1", JUDGE, "no part in it")
        return self


def test_a_referral_files_the_appeal_it_names_on_the_grounds_of_the_objection() -> None:
    made = Court()
    made.refer()
    assert made.recorded[-1] == (FILED, "office")
    assert made.sheet.appeals["p1"] == Appeal("p1", "1a", OBJECTED.text, [], "office", objection="o1")
    assert "office" not in made.sheet.filers  # he acted for no unit
    assert "office" in made.sheet.handlers
    assert filed_by(made.year.objections["o1"], SHEET, FILED, "office")


@pytest.mark.parametrize(
    "said",
    [
        replace(REFERRED, leaf=""),
        replace(REFERRED, item=""),
        replace(REFERRED, appeal=""),
        replace(REFERRED, outcome="upheld"),
        replace(REFERRED, outcome="dismissed", item="", appeal=""),
        replace(REFERRED, outcome="ignored", item="", leaf="", appeal=""),
    ],
)
def test_a_referral_names_where_the_appeal_goes_and_no_other_answer_does(said: facts.ObjectionAnswered) -> None:
    with refused("bad-outcome", "outcome"):
        objections.answer(year(), said, OFFICE)


@pytest.mark.parametrize("phase", ["notice", "appeal"])
def test_an_objection_is_referred_also_where_the_units_own_time_for_appeals_is_over(phase: str) -> None:
    made = Court()
    made.phase = phase
    made.now = datetime.fromisoformat(MOMENTS["appeal"]).replace(year=2027)
    with refused("too-late"):
        made.do(CLERK, appeals.file, facts.AppealFiled("p2", "1b", "one more"))
    made.refer()
    assert appeals.waiting(made.sheet) == [made.sheet.appeals["p1"]]


@pytest.mark.parametrize(
    "who",
    [
        RIVAL,
        person("office", ("administrator", "*"), conflicts=("xigang",)),
        person("office", ("administrator", "*"), conflicts=("zhongshan",)),
    ],
)
def test_no_party_refers_an_objection(who: Person) -> None:
    with refused("own-act" if who is RIVAL else "conflict-of-interest"):
        objections.answer(year(), REFERRED, who)


def test_only_an_administrator_files_an_appeal_for_an_objection_and_one_a_leaf_at_a_time() -> None:
    made = Court()
    for who in (CLERK, REVIEWER, JUDGE):
        with refused("not-permitted"):
            made.do(who, appeals.refer, FILED)
    with refused("unknown-leaf"):
        made.do(OFFICE, appeals.refer, replace(FILED, leaf="99"))
    made.do(CLERK, appeals.file, facts.AppealFiled("p0", "1a", "one more"))
    with refused("already-exists"):
        made.do(OFFICE, appeals.refer, FILED)


def test_it_may_be_decided_with_points_down_and_up_inside_the_leafs_bounds() -> None:
    made = Court().assigned()
    for delta, outcome, code in (
        ("-1.29", "upheld", "over-cap"), ("0.33", "upheld", "over-cap"),
        ("0.00", "upheld", "bad-points"), ("-0.16", "dismissed", "bad-points"),
    ):  # fmt: skip
        with refused(code):
            made.do(JUDGE, appeals.decide, replace(LOWER, delta=delta, outcome=outcome), made.room("1a"))
    made.do(JUDGE, appeals.decide, LOWER, made.room("1a"))
    assert made.scores()["1a"].final == 112
    adjustment = made.sheet.adjustments["a9"]
    assert (adjustment.proposer, adjustment.decider, adjustment.delta) == ("office", "judge", -16)
    with refused("already-decided"):
        made.do(person("chief", ("approver", "*")), adjustments.revoke, "a9", "changed our minds")
    higher = Court().assigned()
    higher.do(JUDGE, appeals.decide, replace(LOWER, delta="0.16"), higher.room("1a"))
    assert higher.scores()["1a"].final == 144


def test_what_a_unit_asks_for_itself_never_costs_it_also_where_it_objected_to_its_own_score() -> None:
    own = Court(replace(OBJECTED, unit="zhongshan"), "clerk").assigned()
    with refused("bad-points", "delta"):
        own.do(JUDGE, appeals.decide, LOWER, own.room("1a"))
    own.do(JUDGE, appeals.decide, replace(LOWER, delta="0.16"), own.room("1a"))
    asked = Court()
    asked.do(CLERK, appeals.file, facts.AppealFiled("p1", "1a", "one more"))
    asked.do(OFFICE, appeals.assign, "p1", JUDGE, "no part in it")
    with refused("bad-points", "delta"):
        asked.do(JUDGE, appeals.decide, LOWER, asked.room("1a"))


PARTIES = [
    person("rival", ("approver", "*")),  # wrote it, and has changed sides since
    person("office", ("approver", "*"), ("administrator", "*")),  # answered it
    person("x", ("approver", "*"), ("unit", "xigang")),
    person("x", ("approver", "*"), conflicts=("xigang",)),
    REVIEWER,
    person("x", ("approver", "*"), conflicts=("zhongshan",)),
    person("x", ("approver", "legal")),
]


@pytest.mark.parametrize("who", PARTIES)
def test_it_is_laid_before_and_decided_by_nobody_who_has_to_do_with_objection_or_sheet(who: Person) -> None:
    made = Court().assigned()
    code = "bad-assignee" if PARTIES.index(who) > 3 else "not-impartial"
    with refused(code):
        made.do(OTHER_OFFICE, appeals.assign, "p1", who, "convenient")
    if code == "not-impartial":
        made.sheet.appeals["p1"].assignee = who.id
        with refused(code):
            made.do(who, appeals.decide, LOWER, made.room("1a"))


@pytest.mark.parametrize("unit", ["zhongshan", "xigang"])
def test_nobody_in_conflict_with_either_unit_says_who_decides_it(unit: str) -> None:
    made = Court()
    made.refer()
    with refused("conflict-of-interest"):
        made.do(person("relative", ("administrator", "*"), conflicts=(unit,)), appeals.assign, "p1", JUDGE, "no part")


def told_to(fact: facts.Fact) -> set[tuple[str, str]]:
    where = Place(frozenset({"zhongshan"}), frozenset({"organisation"}))
    found = notices.told(fact, SHEET, "office", where, [CLERK, RIVAL, OFFICE, OTHER_OFFICE, JUDGE])
    return {(each.person, each.kind) for each in found}


def test_the_unit_is_told_of_an_appeal_it_did_not_file_and_the_office_that_it_waits() -> None:
    assert told_to(FILED) == {("other office", "second"), ("clerk", TOLD_TO_THE_UNIT.kind)}
    assert told_to(replace(FILED, objection="")) == {("other office", "second")}


def test_a_referral_is_no_late_act_of_the_unit() -> None:
    late = "2027-01-01T00:00:00.000000Z"
    for fact, expected in ((FILED, 0), (replace(FILED, objection=""), 1)):
        found = Punctuality(year())
        found.take(1, SHEET, "office", late, fact)
        assert sum(len(each.extended) for each in found.units.values()) == expected


STORY: tuple[tuple[str, str, facts.Fact], ...] = (
    ("cycle/2026", "rival", OBJECTED),
    ("cycle/2026", "office", ANSWERED),
    (SHEET, "office", FILED),
    (SHEET, "office", facts.AppealAssigned("p1", "1a", "judge", "no part")),
    (SHEET, "judge", replace(LOWER, leaf="1a")),
)


def breaches(*told: tuple[str, str, facts.Fact]) -> list[tuple[int, str]]:
    found = Recheck("2026")
    for position, (stream, actor, fact) in enumerate(told, 1):
        found.take(position, stream, actor, fact)
    return [(each.position, each.rule) for each in found.breaches]


def changed(place: int, **members: Any) -> tuple[tuple[str, str, facts.Fact], ...]:
    """The story with one fact told otherwise."""
    stream, actor, fact = STORY[place]
    return (*STORY[:place], (stream, actor, replace(fact, **members)), *STORY[place + 1 :])


def test_the_history_gone_through_again_holds_a_referral_to_its_rules() -> None:
    assert breaches(*STORY) == []
    by_another = (*STORY[:2], (SHEET, "judge", FILED), *STORY[3:])
    assert (3, "referral") in breaches(*by_another)
    assert breaches(*STORY[:1], *STORY[2:])[0] == (2, "referral")  # nobody answered
    for place, members in ((2, {"leaf": "1b"}), (2, {"text": "other grounds"}), (1, {"outcome": "dismissed"})):
        assert breaches(*changed(place, **members)) == [(3, "referral")]
    assert breaches(*changed(2, objection="")) == [(5, "referral")]  # the unit's own appeal cost it
    own = changed(0, unit="zhongshan")
    assert breaches(*own[:1], ("cycle/2026", "office", replace(ANSWERED, unit="zhongshan")), *own[2:]) == [
        (5, "referral")
    ]


@pytest.mark.parametrize("party", ["rival", "relative"])
def test_a_referred_appeal_that_a_party_decided_is_found(party: str) -> None:
    related = ("person/relative", "office", facts.ConflictDeclared("xigang", "a relative"))
    decided = (SHEET, party, replace(LOWER, leaf="1a"))
    assert breaches(related, *STORY[:4], decided) == [(6, "referral")]


def test_only_another_units_objection_may_cost_points() -> None:
    assert not may_cost(None)
    for unit, costs in (("xigang", True), ("zhongshan", False)):
        assert may_cost(year(said=replace(OBJECTED, unit=unit)).objections["o1"]) is costs


def test_an_act_on_an_appeal_keeps_its_shape() -> None:
    decided: Decided = Court().assigned().do(JUDGE, appeals.decide, LOWER, (128, 160))
    assert decided.facts == [replace(LOWER, leaf="1a")]

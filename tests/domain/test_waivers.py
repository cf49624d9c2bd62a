"""A sole reviewer's conflict is waived by somebody outside his department, for one unit, and never for his own."""

from dataclasses import replace

import pytest

from domain import facts, waivers
from domain.acts import filing, review
from domain.acts.case import Case
from domain.people import Person
from domain.recheck import Recheck
from tests.domain.stage import CLERK, EARLY, RUBRIC, Stage, cycle, person, refused

SOLE = person("sole", ("reviewer", "organisation"), conflicts=("zhongshan",))
SIGNER = person("signer", ("approver", "legal"))
OTHER = person("other", ("reviewer", "organisation"))
WAIVER = facts.WaiverSigned("sole", "zhongshan", "organisation", "nobody else can")


def verify(who: Person, *signed: facts.Fact, people: tuple[Person, ...] = (SOLE, SIGNER)) -> facts.Fact:
    made = Stage("1")
    made.do(CLERK, filing.submit, "s1", {"1a": {"actual": 80, "target": 100}})
    year = cycle()
    for fact in signed:
        year = year.evolve(fact)
    case = Case(made.sheet, year, RUBRIC.item("1"), "district", who, EARLY, lambda: people)
    return review.verify(case, "1a", "s1", None, "true").facts[0]


def test_a_waived_conflict_lets_the_sole_reviewer_review_that_unit() -> None:
    with refused("conflict-of-interest"):
        verify(SOLE)
    assert isinstance(verify(SOLE, *waivers.sign(cycle(), WAIVER, SIGNER, [SOLE, SIGNER])), facts.FiguresVerified)
    with refused("conflict-of-interest"):
        verify(SOLE, replace(WAIVER, unit="xigang"))
    with refused("conflict-of-interest"):
        verify(SOLE, replace(WAIVER, department="legal"))


def test_no_waiver_lets_anybody_judge_the_unit_he_acts_for() -> None:
    both = person("sole", ("reviewer", "organisation"), ("unit", "zhongshan"), conflicts=("zhongshan",))
    with refused("nothing-to-waive"):
        waivers.sign(cycle(), WAIVER, SIGNER, [both])
    with refused("conflict-of-interest"):
        verify(both, WAIVER)


@pytest.mark.parametrize(
    ("signer", "code"),
    [
        (person("sole", ("approver", "legal")), "own-act"),
        (person("x", ("approver", "organisation")), "own-act"),
        (person("y", ("reviewer", "organisation")), "own-act"),
        (person("z", ("approver", "legal"), conflicts=("zhongshan",)), "conflict-of-interest"),
    ],
)
def test_a_waiver_is_signed_outside_the_department_by_somebody_without_a_conflict(signer: Person, code: str) -> None:
    with refused(code):
        waivers.sign(cycle(), WAIVER, signer, [SOLE])


def test_nothing_is_waived_where_another_reviewer_can_act() -> None:
    with refused("not-sole"):
        waivers.sign(cycle(), WAIVER, SIGNER, [SOLE, OTHER])
    assert waivers.sign(cycle(), WAIVER, SIGNER, [SOLE, replace(OTHER, conflicts=frozenset({"zhongshan"}))])


def test_only_a_reviewer_with_a_conflict_has_something_to_waive_once() -> None:
    for nobody in (OTHER, person("sole", ("reviewer", "organisation")), SIGNER):
        with refused("nothing-to-waive"):
            waivers.sign(cycle(), WAIVER, SIGNER, [nobody])
    with refused("already-exists"):
        waivers.sign(cycle().evolve(WAIVER), WAIVER, SIGNER, [SOLE])
    with refused("no-reason"):
        waivers.sign(cycle(), replace(WAIVER, reason=" "), SIGNER, [SOLE])


def test_the_report_on_duties_knows_of_waivers_and_of_who_signed_his_own() -> None:
    filed = facts.FiguresSubmitted("s1", {"1a": {"actual": 80, "target": 100}})
    verified = facts.FiguresVerified("1a", "s1", {"actual": 80, "target": 100}, False, "true")
    declared = facts.ConflictDeclared("zhongshan", "a relative")
    for signer, rules in (("signer", []), ("sole", ["waiver"])):
        recheck = Recheck("2026")
        recheck.take(1, "person/sole", "sole", declared)
        recheck.take(2, "cycle/2026", signer, WAIVER)
        recheck.take(3, "sheet/2026/zhongshan/1", "clerk", filed)
        recheck.take(4, "sheet/2026/zhongshan/1", "sole", verified)
        assert [each.rule for each in recheck.breaches] == rules


def test_a_waiver_holds_while_nobody_else_could_review_the_unit_and_again_once_nobody_can() -> None:
    partial = replace(OTHER, conflicts=frozenset({"zhongshan"}))
    with refused("conflict-of-interest"):
        verify(SOLE, WAIVER, people=(SOLE, OTHER))
    assert verify(SOLE, WAIVER, people=(SOLE, partial))
    assert verify(SOLE, WAIVER, people=(SOLE, replace(OTHER, grants=frozenset())))


def test_the_report_on_duties_finds_who_acted_under_a_waiver_that_had_lost_its_ground() -> None:
    verified = facts.FiguresVerified("1a", "s1", {"actual": 80, "target": 100}, False, "true")
    role = facts.RoleGranted("reviewer", "organisation", "appointed")
    recheck = Recheck("2026")
    told = (
        ("person/sole", "office", role),
        ("person/sole", "sole", facts.ConflictDeclared("zhongshan", "a relative")),
        ("cycle/2026", "signer", WAIVER),
        ("sheet/2026/zhongshan/1", "clerk", facts.FiguresSubmitted("s1", {"1a": {"actual": 80, "target": 100}})),
        ("sheet/2026/zhongshan/1", "sole", verified),
        ("person/other", "office", role),
        ("sheet/2026/zhongshan/1", "sole", verified),
        ("person/other", "office", facts.RoleRevoked("reviewer", "organisation", "moved on")),
        ("sheet/2026/zhongshan/1", "sole", verified),
    )
    for position, (stream, actor, fact) in enumerate(told, 1):
        recheck.take(position, stream, actor, fact)
    assert [(each.position, each.rule) for each in recheck.breaches] == [(7, "conflict")]

"""The history gone through again finds every act that one person did where two must, and every conflict."""

from typing import Any

import pytest

from domain import facts
from domain.recheck import Breach, Recheck

SHEET = "sheet/2026/zhongshan/1"
FILED = facts.FiguresSubmitted("s1", {"1a": {"actual": 80, "target": 100}})
VERIFIED = facts.FiguresVerified("1a", "s1", {"actual": 80, "target": 100}, False, "true")
PROPOSED = facts.AdjustmentProposed("a1", "1a", "-0.10", "other", "late")
STATEMENT = (1, "a" * 64, "b" * 64, {"Q6": "on-top"}, "kaohe", 7, "done")
Told = tuple[str, str, facts.Fact]


def found(*told: Told) -> Recheck:
    recheck = Recheck("2026")
    for position, (stream, actor, fact) in enumerate(told, 1):
        recheck.take(position, stream, actor, fact)
    return recheck


def on_sheet(*told: tuple[str, facts.Fact]) -> tuple[Told, ...]:
    return tuple((SHEET, actor, fact) for actor, fact in told)


def test_a_year_in_which_two_people_always_acted_has_no_breach() -> None:
    recheck = found(
        ("person/two", "office", facts.ConflictDeclared("xigang", "a relative")),
        *on_sheet(
            ("clerk", FILED),
            ("one", VERIFIED),
            ("one", PROPOSED),
            ("two", facts.AdjustmentApproved("a1", "1a", "true")),
        ),
    )
    assert recheck.breaches == []
    assert recheck.checked == {"conflict": 3, "own-unit": 3, "adjustment": 1}


@pytest.mark.parametrize(
    "end",
    [
        facts.AdjustmentApproved("a1", "1a", "true"),
        facts.AdjustmentDeclined("a1", "1a", "true"),
        facts.AdjustmentRevoked("a1", "1a", "true"),
    ],
)
def test_an_adjustment_decided_by_its_proposer_is_found_where_it_stands(end: facts.Fact) -> None:
    recheck = found(*on_sheet(("one", PROPOSED), ("one", end)))
    assert recheck.breaches == [Breach(2, SHEET, "one", type(end).__name__, "adjustment")]


@pytest.mark.parametrize("by", ["one", "clerk"])
def test_a_bonus_granted_by_who_brought_it_forward_is_found(by: str) -> None:
    recheck = found(
        *on_sheet(
            ("clerk", facts.BonusClaimed("b1", "7a", "A1", "title")),
            ("one", facts.BonusProposed("b1", "7a", "A1", "title", "", "registered")),
            (by, facts.BonusGranted("b1", "7a", "true")),
        )
    )
    assert "bonus" in {each.rule for each in recheck.breaches}


def test_who_filed_for_a_unit_and_judges_it_later_is_found() -> None:
    recheck = found(*on_sheet(("one", FILED), ("one", VERIFIED)))
    assert [each.rule for each in recheck.breaches] == ["own-unit"]


@pytest.mark.parametrize(
    "known", [facts.ConflictDeclared("zhongshan", "a relative"), facts.RoleGranted("unit", "zhongshan", "moved")]
)
def test_a_judgement_in_a_conflict_that_was_known_is_found(known: facts.Fact) -> None:
    recheck = found(("person/one", "office", known), *on_sheet(("clerk", FILED), ("one", VERIFIED)))
    assert [each.rule for each in recheck.breaches] == ["conflict"]


def test_an_act_that_is_not_asked_about_is_known_to_the_others_and_not_checked_itself() -> None:
    recheck = Recheck("2026")
    approved = facts.AdjustmentApproved("a1", "1a", "true")
    for position, (fact, counts) in enumerate([(FILED, False), (PROPOSED, False), (approved, True)], 1):
        recheck.take(position, SHEET, "one", fact, counts=counts)
    assert [each.position for each in recheck.breaches] == [3, 3]
    assert recheck.checked == {"conflict": 1, "own-unit": 1, "adjustment": 1}


def test_who_alone_lets_in_anew_somebody_who_decides_is_found() -> None:
    issued = facts.CredentialIssued("t", "a" * 64, "2030-01-01T00:00:00.000000Z")
    office: list[Told] = [
        ("person/one", "office", facts.PersonRegistered("a" * 64)),
        ("person/one", "office", facts.RoleGranted("reviewer", "legal", "appointed")),
        ("person/one", "office", issued),  # the first one
        ("person/one", "office", facts.ReadmissionProposed("x", "lost")),
        ("person/one", "second", issued),
        ("person/one", "one", issued),
    ]
    assert found(*office).breaches == []
    assert found(*office).checked == {"readmission": 1}
    again = found(*office, ("person/one", "office", facts.IdentityLinked("i", "a" * 64)))
    assert again.breaches == [Breach(7, "person/one", "office", "IdentityLinked", "readmission")]


def test_a_conflict_declared_afterwards_makes_no_earlier_act_wrong() -> None:
    declared: Told = ("person/one", "office", facts.ConflictDeclared("zhongshan", "a relative"))
    assert found(*on_sheet(("clerk", FILED), ("one", VERIFIED)), declared).breaches == []


def test_an_appeal_decided_by_who_had_acted_on_the_sheet_is_found() -> None:
    recheck = found(
        *on_sheet(
            ("clerk", FILED),
            ("one", VERIFIED),
            ("clerk", facts.AppealFiled("p1", "1a", "more")),
            ("office", facts.AppealAssigned("p1", "1a", "one", "convenient")),
            ("one", facts.AppealDecided("p1", "1a", "dismissed", "0.00", "", "no")),
        )
    )
    assert [each.rule for each in recheck.breaches] == ["appeal"]


@pytest.mark.parametrize(
    ("stream", "begin", "end", "rule"),
    [
        ("rubric/r", facts.RubricDrafted("a", "t"), facts.RubricPublished("a"), "rubric"),
        ("rubric/r", facts.InterpretationDecided("Q3", "zero", "a", "b", "", ""), facts.RubricPublished("b"), "rubric"),
        (
            "cycle/2026",
            facts.ResultsProposed(1, "provisional", *STATEMENT[1:]),
            facts.ResultsPublished(*STATEMENT),
            "publication",
        ),
        (
            "cycle/2026",
            facts.ResultsProposed(1, "final", *STATEMENT[1:]),
            facts.CycleFinalised(*STATEMENT),
            "publication",
        ),
        (
            "cycle/2026",
            facts.ExtensionProposed("x1", "zhongshan", "open", "m", "r"),
            facts.ExtensionGranted("x1", "zhongshan", "open", "m", "r"),
            "extension",
        ),
        ("cycle/2026", facts.ReopeningProposed("r1", {}, "r"), facts.CycleReopened("r1", 2, {}, "r"), "reopening"),
        (
            "recomputation/r1",
            facts.RecomputationRequested("r1", "r"),
            facts.RecomputationApproved("r1", "r"),
            "recomputation",
        ),
        ("erasure/e1", facts.ErasureRequested("e1", "law"), facts.ErasureApproved("e1", "r", [], []), "erasure"),
    ],
)  # fmt: skip
def test_whatever_takes_two_people_is_found_where_one_did_both(
    stream: str, begin: facts.Fact, end: facts.Fact, rule: str
) -> None:
    assert found((stream, "one", begin), (stream, "two", end)).breaches == []
    one = found((stream, "one", begin), (stream, "one", end))
    assert [(each.position, each.rule) for each in one.breaches] == [(2, rule)]
    assert one.checked[rule] == 1


def test_what_a_program_asked_for_and_one_person_approved_is_found() -> None:
    asked: Told = ("recomputation/r1", "", facts.RecomputationRequested("r1", "r"))
    lone = found(asked, ("recomputation/r1", "one", facts.RecomputationApproved("r1", "r")))
    assert [(each.position, each.rule) for each in lone.breaches] == [(2, "recomputation")]
    assert lone.checked == {"recomputation": 1}


def test_an_objection_answered_by_its_author_or_in_a_conflict_with_one_of_its_units_is_found() -> None:
    filed: Told = ("cycle/2026", "one", facts.ObjectionFiled("o1", 1, "xigang", "zhongshan", "r"))
    answer = facts.ObjectionAnswered("o1", "xigang", "zhongshan", "dismissed", "r")
    fair = found(filed, ("cycle/2026", "two", answer))
    assert (fair.breaches, fair.checked, fair.reliances) == ([], {"objection": 1}, [])
    declared: Told = ("person/two", "two", facts.ConflictDeclared("zhongshan", "r"))
    for told in ((filed, ("cycle/2026", "one", answer)), (filed, declared, ("cycle/2026", "two", answer))):
        [breach] = found(*told).breaches
        assert (breach.rule, breach.act) == ("objection", "ObjectionAnswered")


ASKED = facts.TargetChangeProposed("c", "zhongshan", "1a", 100, 150, "", "d", 1, 0, "kaohe", 7, "r")
CONFIRMED, WANTED = facts.TargetChangeConfirmed("c", "d", "kaohe", "r"), facts.TargetIssued("zhongshan", "1a", 150, "r")
OPEN: Told = ("cycle/2026", "one", facts.PhaseAdvanced("draft", "open", "r"))


@pytest.mark.parametrize(
    ("before", "rules"),
    [
        ((), []),  # a draft, or nobody has said otherwise
        ((OPEN,), []),
        ((OPEN, (SHEET, "clerk", FILED)), ["target-change"]),
        ((OPEN, ("cycle/2026", "one", facts.TargetIssued("zhongshan", "1a", 100, "r"))), ["target-change"]),
        ((OPEN, (SHEET.replace("zhongshan", "xigang"), "clerk", FILED)), []),
        (((SHEET, "clerk", FILED), OPEN, ("cycle/2026", "one", ASKED), ("cycle/2026", "two", CONFIRMED)), []),
        (((SHEET, "clerk", FILED), OPEN, ("cycle/2026", "two", ASKED), ("cycle/2026", "two", CONFIRMED)),
         ["target-change"]),
    ],
)  # fmt: skip
def test_a_target_that_could_move_a_score_and_was_one_persons_is_found(before: tuple[Told, ...], rules: Any) -> None:
    recheck = found(
        ("cycle/2026", "one", facts.CycleCreated("t", "t", "r", "h", {})), *before, ("cycle/2026", "two", WANTED)
    )
    assert [each.rule for each in recheck.breaches] == rules


def test_another_cycle_is_another_report() -> None:
    elsewhere = SHEET.replace("2026", "2025")
    recheck = found((elsewhere, "one", FILED), (elsewhere, "one", VERIFIED))
    assert (recheck.checked, recheck.breaches) == ({}, [])


EXTENDED = facts.ExtensionProposed("x1", "zhongshan", "open", "2027-01-01T00:00:00Z", "floods")
CONFLICT = ("person/one", "one", facts.ConflictDeclared("zhongshan", "a relative"))


@pytest.mark.parametrize(
    ("stream", "fact"),
    [
        ("cycle/2026", EXTENDED),
        ("cycle/2026", facts.ExtensionGranted("x1", "zhongshan", "open", "2027-01-01T00:00:00Z", "true")),
        ("cycle/2026", facts.TargetIssued("zhongshan", "1a", 10, "easy")),
        ("cycle/2026", facts.TargetChangeProposed("c", "zhongshan", "1a", 9, 8, "", "", 0, 0, "kaohe", 7, "easy")),
        (SHEET, facts.AppealAssigned("p1", "1a", "judge", "a friend")),
    ],
)
def test_what_was_done_for_a_unit_by_somebody_in_conflict_with_it_is_found(stream: str, fact: facts.Fact) -> None:
    def broken(*before: Told) -> list[str]:
        told = (*before, *on_sheet(("clerk", facts.AppealFiled("p1", "1a", "why", []))), (stream, "one", fact))
        rules = [each.rule for each in found(*told).breaches if each.act == type(fact).__name__]
        return [each for each in rules if each != "target-change"]  # which one person proposed, or issued alone

    assert broken(CONFLICT) == ["conflict"]
    assert broken(("person/one", "one", facts.ConflictDeclared("xigang", "a relative"))) == []


def test_a_waiver_signed_in_the_department_or_beside_another_reviewer_is_found() -> None:
    def reviews(who: str, *also: facts.Fact) -> tuple[Told, ...]:
        role = facts.RoleGranted("reviewer", "women", "appointed")
        return tuple((f"person/{who}", "office", each) for each in (role, *also))

    waiver = facts.WaiverSigned("sole", "zhongshan", "women", "alone")
    partial = facts.ConflictDeclared("zhongshan", "a relative")
    for others, signer, wrong in (
        ((), "office", False),
        ((), "sole", True),
        (reviews("other"), "office", True),
        (reviews("other", partial), "office", False),
        (reviews("other", partial), "other", True),
        ((("person/office", "office", partial),), "office", True),
    ):
        recheck = found(*reviews("sole", partial), *others, ("cycle/2026", signer, waiver))
        assert ("waiver" in {each.rule for each in recheck.breaches}) == wrong

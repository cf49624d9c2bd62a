"""What only an office may do is named when another did it, though the log is signed; and no kind of fact is left."""

from dataclasses import fields, is_dataclass
from typing import Any, get_args

import pytest

from domain import facts
from service.verify import offices, permits
from tests.service.test_verify_proposals import CYCLE, HASH, MARKING, REASON, SET, SHEET, Written, written

__all__ = ["written"]
RUBRIC, PERSON, NONE = "rubric/six-actions", "person/new", "0" * 64
MOMENT = "2026-07-01T00:00:00.000000Z"
ADMINISTRATORS: dict[str, tuple[str, Any]] = {
    "CycleCreated": ("cycle/2027", facts.CycleCreated("t", "t", "six-actions", HASH, {})),
    "PeriodBegun": (CYCLE, facts.PeriodBegun("2026-01-01T00:00:00Z")),
    "UnitEnrolled": (CYCLE, facts.UnitEnrolled("xigang", "district", "西岗", "Xigang")),
    "PhaseAdvanced": (CYCLE, facts.PhaseAdvanced("open", "closed", REASON)),
    "DeadlineMoved": (CYCLE, facts.DeadlineMoved("open", "", MOMENT, REASON)),
    "ResultsProposed": (CYCLE, facts.ResultsProposed(1, "provisional", NONE, HASH, {}, "kaohe", 1, REASON)),
    "RubricDrafted": (RUBRIC, facts.RubricDrafted(HASH, "t")),
    "InterpretationDecided": (RUBRIC, facts.InterpretationDecided("Q3", "zero", HASH, NONE, "", REASON)),
    "PersonRegistered": (PERSON, facts.PersonRegistered(NONE)),
    "RoleGranted": ("person/two", facts.RoleGranted("reviewer", "legal", REASON)),
    "RoleRevoked": ("person/two", facts.RoleRevoked("administrator", "*", REASON)),
    "ConflictDeclared": ("person/two", facts.ConflictDeclared("zhongshan", REASON)),
    "CredentialIssued": (PERSON, facts.CredentialIssued("c", NONE, MOMENT)),
    "CredentialRevoked": ("person/two", facts.CredentialRevoked("c", REASON)),
}
OTHERS: dict[str, tuple[str, Any]] = {
    "MarkingRevealed": (CYCLE, facts.MarkingRevealed("m", "seed", "00")),
    "RecomputationRequested": ("recomputation/r", facts.RecomputationRequested("r", REASON)),
    "WaiverSigned": (CYCLE, facts.WaiverSigned("two", "zhongshan", "legal", REASON)),
    "ObjectionFiled": (CYCLE, facts.ObjectionFiled("o", 1, "xigang", "zhongshan", "数据不符")),
    "ErasureRequested": ("erasure/two", facts.ErasureRequested("two", REASON)),
    "KeyReserved": ("claim/2026/7a/0", facts.KeyReserved("zhongshan", "7", "b")),
    "RecomputationApplied": ("recomputation/r", facts.RecomputationApplied("r", 1, NONE)),
}


def joined(made: Written) -> None:
    """A reviewer and a viewer."""
    for who, role in (("judge", facts.RoleGranted("reviewer", "organisation", REASON)),
                      ("guest", facts.RoleGranted("viewer", "*", REASON))):  # fmt: skip
        made.add("one", f"person/{who}", facts.PersonRegistered(NONE), role)


def named(made: Written, position: int) -> list[str]:
    return [each.en for each in made.audit.findings if each.place == f"position {position}"]


@pytest.mark.parametrize("kind", [*ADMINISTRATORS, *OTHERS])
@pytest.mark.parametrize("who", ["guest", ""])
def test_an_act_of_an_office_by_a_viewer_or_by_nobody_is_named(written: Written, kind: str, who: str) -> None:
    joined(written)
    stream, fact = (ADMINISTRATORS | OTHERS)[kind]
    position = written.forge(who, "viewer" if who else "", "*" if who else "", stream, fact)
    assert "this role does not permit this act here" in named(written, position)


@pytest.mark.parametrize("kind", ADMINISTRATORS)
def test_the_same_by_an_administrator_holds(written: Written, kind: str) -> None:
    written.add("one", *ADMINISTRATORS[kind])
    assert [each for each in written.found() if "position" in each[0]] == []
    assert "this role does not permit this act here" not in [each.en for each in written.audit.findings]


@pytest.mark.parametrize("kind", ["ConflictDeclared", "CredentialRevoked"])
def test_what_everybody_does_for_himself_holds(written: Written, kind: str) -> None:
    written.forge("two", "", "", *ADMINISTRATORS[kind])
    assert written.found() == []


def test_a_role_that_somebody_gave_himself_is_named(written: Written) -> None:
    position = written.add("one", "person/one", facts.RoleGranted("viewer", "*", REASON))
    assert named(written, position) == ["approved their own act"]


def test_a_bootstrap_may_make_a_person_and_nothing_else(written: Written) -> None:
    position = written.add("", CYCLE, facts.PhaseAdvanced("open", "closed", REASON), role="bootstrap")
    assert "this role does not permit this act here" in named(written, position)


def test_a_revealed_seed_counts_from_an_auditor_or_an_administrator_alone(written: Written) -> None:
    written.add("one", CYCLE, MARKING)
    written.add("two", CYCLE, SET)
    position = written.add("clerk", CYCLE, facts.MarkingRevealed("m", "seed", "00"), role="unit")
    assert "this role does not permit this act here" in named(written, position)


def sole(made: Written, *conflicts: str) -> None:
    """A department's only reviewer, who declared a conflict; and figures that wait for him."""
    joined(made)
    made.add("one", "person/judge", *(facts.ConflictDeclared(unit, REASON) for unit in conflicts))
    made.add("clerk", SHEET, facts.FiguresSubmitted("s", {"1a": {"actual": 80, "target": 100}}), role="unit")
    made.wait()


def verified(made: Written) -> int:
    figures = {"actual": 80, "target": 100}
    return made.forge(
        "judge", "reviewer", "organisation", SHEET, facts.FiguresVerified("1a", "s", figures, False, REASON)
    )


def test_who_judges_in_a_conflict_is_named_unless_somebody_outside_the_department_let_him(written: Written) -> None:
    sole(written, "zhongshan")
    assert named(written, verified(written)) == ["decided in a conflict of interest"]
    written.add("two", CYCLE, facts.WaiverSigned("judge", "zhongshan", "organisation", REASON))
    assert named(written, verified(written)) == []


@pytest.mark.parametrize(
    "waiver",
    [
        facts.WaiverSigned("judge", "xigang", "organisation", REASON),
        facts.WaiverSigned("judge", "zhongshan", "legal", REASON),
        facts.WaiverSigned("clerk", "zhongshan", "organisation", REASON),
    ],
)
def test_a_waiver_lets_one_person_act_on_one_unit_for_one_department(written: Written, waiver: Any) -> None:
    sole(written, "zhongshan")
    written.add("two", CYCLE, waiver)
    assert named(written, verified(written)) == ["decided in a conflict of interest"]


def test_a_waiver_signed_by_its_holder_his_department_or_somebody_partial_is_named(written: Written) -> None:
    sole(written, "zhongshan")
    waiver = facts.WaiverSigned("judge", "zhongshan", "organisation", REASON)
    own = written.forge("judge", "reviewer", "organisation", CYCLE, waiver)
    assert "a waiver signed by its holder or of his department" in named(written, own)
    written.add("one", "person/chief", facts.PersonRegistered(NONE), facts.RoleGranted("approver", "organisation", "x"))
    colleague = written.forge("chief", "approver", "organisation", CYCLE, waiver)
    assert named(written, colleague) == ["a waiver signed by its holder or of his department"]
    written.add("one", "person/two", facts.ConflictDeclared("zhongshan", REASON))
    assert named(written, written.add("two", CYCLE, waiver)) == ["a waiver signed in a conflict of interest"]


ANYBODY = {facts.ActRefused, facts.ExportMade}
# Own acts of people and their notices, and what opens a seal, are held by modules of their own.
ELSEWHERE = {
    facts.CredentialRotated, facts.InvitationIssued, facts.InvitationAccepted, facts.ReadmissionProposed,
    facts.IdentityLinked, facts.IdentityUnlinked, facts.SignedIn,
    facts.NoticeChannelSet, facts.NoticeSecretSet, facts.NoticeChannelClosed, facts.NoticeCheckRequested,
    facts.NoticeCodeMissed, facts.JudgementOpened,
}  # fmt: skip


def test_every_kind_of_fact_is_held_to_a_role_or_named_as_one_that_takes_any() -> None:
    every = {kind for kind in get_args(facts.Fact) if is_dataclass(kind) and fields(kind)}
    held = set(permits.ACT_OF) | set(offices.held())
    assert every - held == ANYBODY | ELSEWHERE

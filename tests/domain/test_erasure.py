"""An erasure is asked for on a legal basis and decided by two people; only then may something be missing."""

from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from domain import erasure, facts
from domain.erasure import Erased, Erasure, Target, erased_commitments
from domain.people import Person
from domain.refusals import Refused

SUBJECT, FIRST, SECOND = "subject", "first", "second"
TARGET = Target(("aa", "bb"), ("cc",))
ASKED = Erasure(SUBJECT).evolve(facts.ErasureRequested(SUBJECT, "第四十七条"), FIRST)
APPROVED = ASKED.evolve(facts.ErasureApproved(SUBJECT, "已核实", ["aa", "bb"], ["cc"]), SECOND)


def code(act: object, *given: object) -> str:
    with pytest.raises(Refused) as refused:
        act(*given)  # type: ignore[operator]
    return refused.value.code


def test_what_is_asked_for_and_approved_by_a_second_person_is_carried_out_once() -> None:
    assert erasure.request(Erasure(SUBJECT), "第四十七条", TARGET) == [facts.ErasureRequested(SUBJECT, "第四十七条")]
    assert erasure.approve(ASKED, Person(SECOND), "已核实", TARGET) == [
        facts.ErasureApproved(SUBJECT, "已核实", ["aa", "bb"], ["cc"])
    ]
    done = erasure.carry_out(APPROVED)
    assert done == [facts.ErasureCarriedOut(SUBJECT, ["aa", "bb"], ["cc"])]
    assert erasure.carry_out(APPROVED.evolve(done[0], SECOND)) == []


def test_nobody_approves_what_he_asked_for_nor_the_erasure_of_himself() -> None:
    assert code(erasure.approve, ASKED, Person(FIRST), "reason", TARGET) == "own-act"
    assert code(erasure.approve, ASKED, Person(SUBJECT), "reason", TARGET) == "own-act"


def test_without_a_basis_a_reason_or_anything_to_erase_nothing_is_recorded() -> None:
    assert code(erasure.request, Erasure(SUBJECT), " ", TARGET) == "no-reason"
    assert code(erasure.request, Erasure(SUBJECT), "basis", Target()) == "unknown-subject"
    assert code(erasure.approve, ASKED, Person(SECOND), " ", TARGET) == "no-reason"


def test_an_erasure_is_asked_for_and_decided_once() -> None:
    assert code(erasure.request, ASKED, "basis", TARGET) == "already-exists"
    assert code(erasure.approve, APPROVED, Person("third"), "reason", TARGET) == "already-decided"
    assert code(erasure.approve, Erasure(SUBJECT), Person(SECOND), "reason", TARGET) == "unknown-erasure"


@pytest.mark.parametrize("life", [Erasure(SUBJECT), ASKED, replace(APPROVED, approved_by=FIRST)])
def test_nothing_is_carried_out_that_two_people_did_not_decide(life: Erasure) -> None:
    assert code(erasure.carry_out, life) == "unknown-erasure"


STREAM = f"erasure/{SUBJECT}"
EVENTS = [
    (4, STREAM, FIRST, facts.ErasureRequested(SUBJECT, "basis")),
    (7, STREAM, SECOND, facts.ErasureApproved(SUBJECT, "reason", ["aa"], ["cc"])),
    (9, STREAM, SECOND, facts.ErasureCarriedOut(SUBJECT, ["aa"], ["cc"])),
]


def test_an_erased_commitment_is_excused_from_its_approval_on_and_named_by_its_completion() -> None:
    assert erased_commitments(EVENTS[:1]) == {}
    assert erased_commitments(EVENTS[:2]) == {"aa": 7}
    assert erased_commitments(EVENTS) == {"aa": 9}
    erased = Erased()
    for event in EVENTS:
        erased.take(*event)
    assert erased.files == {"cc": 9}


@given(st.permutations(EVENTS), st.sampled_from([FIRST, SECOND, "third"]), st.sampled_from([STREAM, "sheet/x"]))
def test_only_a_request_and_then_anothers_approval_excuse_what_is_missing(
    events: list[tuple[int, str, str, facts.Fact]], approver: str, stream: str
) -> None:
    changed: list[tuple[int, str, str, facts.Fact]] = [
        (position, stream, approver if isinstance(fact, facts.ErasureApproved) else by, fact)
        for position, _, by, fact in events
    ]
    kinds = [type(fact) for *_, fact in changed]
    ordered = kinds.index(facts.ErasureRequested) < kinds.index(facts.ErasureApproved)
    lawful = stream == STREAM and approver != FIRST and ordered
    assert bool(erased_commitments(changed)) == lawful


def test_what_a_completion_names_beyond_its_approval_is_not_excused() -> None:
    more = (9, STREAM, SECOND, facts.ErasureCarriedOut(SUBJECT, ["aa", "dd"], []))
    assert erased_commitments([*EVENTS[:2], more]) == {"aa": 9}

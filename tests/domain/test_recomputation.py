"""A difference never goes live by itself: two people, and exactly what was compared."""

import pytest

from domain import facts, recomputation
from domain.recomputation import Recomputation
from tests.domain.stage import person, refused

AUDITOR, OTHER = person("auditor", ("auditor", "*")), person("other", ("administrator", "*"))
ASKED = Recomputation("r1").evolve(facts.RecomputationRequested("r1", "a doubt"), "auditor")


def compared(differences: int) -> Recomputation:
    fact = facts.RecomputationFinished("r1", 9, "ab" * 32, 100, differences, "1", "[]")
    assert recomputation.finish(ASKED, fact) == [fact]
    return ASKED.evolve(fact, "worker")


def approved() -> Recomputation:
    [fact] = recomputation.approve(compared(3), OTHER, "the rule was read wrongly", "1")
    return compared(3).evolve(fact, "other")


def test_a_recomputation_is_asked_for_once_with_a_reason() -> None:
    assert recomputation.request(Recomputation("r1"), "a doubt") == [facts.RecomputationRequested("r1", "a doubt")]
    with refused("no-reason"):
        recomputation.request(Recomputation("r1"), " ")
    with refused("already-exists"):
        recomputation.request(ASKED, "again")


def test_a_comparison_is_recorded_once() -> None:
    done = compared(0)
    with refused("already-decided"):
        recomputation.finish(done, facts.RecomputationFinished("r1", 9, "cd" * 32, 100, 1, "1", "[]"))


def test_nobody_approves_the_recomputation_he_asked_for() -> None:
    with refused("own-act"):
        recomputation.approve(compared(3), AUDITOR, "it is mine", "1")


def test_a_second_person_approves_a_difference_once_with_a_reason() -> None:
    with refused("no-reason"):
        recomputation.approve(compared(3), OTHER, "", "1")
    with refused("already-decided"):
        recomputation.approve(approved(), OTHER, "again", "1")


def test_nobody_approves_what_another_program_has_compared() -> None:
    with refused("other-program"):
        recomputation.approve(compared(3), OTHER, "the rule was read wrongly", "2")


@pytest.mark.parametrize("found", [ASKED, compared(0)])
def test_there_is_nothing_to_approve_without_a_difference(found: Recomputation) -> None:
    with refused("not-comparable"):
        recomputation.approve(found, OTHER, "why not", "1")


def test_only_what_was_approved_goes_live_as_it_was_compared_and_once() -> None:
    with refused("not-comparable"):
        recomputation.apply(compared(3), 9, "ab" * 32)
    with refused("not-comparable"):
        recomputation.apply(approved(), 9, "cd" * 32)
    [fact] = recomputation.apply(approved(), 9, "ab" * 32)
    assert fact == facts.RecomputationApplied("r1", 9, "ab" * 32)
    with refused("already-decided"):
        recomputation.apply(approved().evolve(fact, "worker"), 9, "ab" * 32)


def test_a_recomputation_nobody_asked_for_is_unknown() -> None:
    none = Recomputation("r9")
    with refused("unknown-recomputation"):
        recomputation.approve(none, OTHER, "why not", "1")
    with refused("unknown-recomputation"):
        recomputation.apply(none, 9, "ab" * 32)
    with refused("unknown-recomputation"):
        recomputation.finish(none, facts.RecomputationFinished("r9", 9, "cd" * 32, 100, 1, "1", "[]"))

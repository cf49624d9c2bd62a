"""Which rubric a cycle may go on under, who decides it, and what may no longer move in between."""

from dataclasses import replace
from typing import Any

import pytest

from domain import adoption, facts, fit
from domain.changes import Effect, effect_of
from domain.cycle import Cycle
from domain.interpretations import apply
from domain.people import Person
from domain.refusals import Refused
from domain.rubric.identity import identity
from domain.rubric.model import Leaf, Rubric
from domain.rubric.rules import Award, Checklist, Judged
from domain.sheet import Sheet
from tests.domain.stage import RUBRIC, cycle as a_cycle

STRICTER = apply(RUBRIC, {"Q3": "zero"})
OLD, NEW = "0" * 64, identity(STRICTER)
REASON = "口径已定 decided"
EFFECT = Effect("ab" * 32, 2, 1)
FIRST, SECOND = Person("first"), Person("second")
WANTED = facts.RubricChangeProposed("c", "", NEW, "", 0, 0, "kaohe", 7, REASON)


def proposed(cycle: Cycle, wanted: facts.RubricChangeProposed = WANTED) -> Cycle:
    [fact] = adoption.propose(cycle, wanted, (OLD, NEW), EFFECT)
    return cycle.evolve(fact, FIRST.id)


def code(act: Any, *given: Any) -> str:
    with pytest.raises(Refused) as refused:
        act(*given)
    return refused.value.code


def test_a_cycle_goes_on_under_what_two_people_adopted_and_units_enrolled_then_start_under_it() -> None:
    cycle = proposed(a_cycle("review"))
    assert cycle.hash == OLD
    [fact] = adoption.adopt(cycle, "c", EFFECT, SECOND, ("kaohe", REASON))
    after = cycle.evolve(fact, SECOND.id).evolve(facts.UnitEnrolled("later", "district", "后", "later"), FIRST.id)
    assert (after.hash, after.rubric_changes["c"].state, after.rubric_changes["c"].decider) == (
        NEW,
        "adopted",
        "second",
    )
    assert after.unit("later").rubric == NEW


def test_whoever_proposed_does_not_adopt_and_nothing_is_decided_twice() -> None:
    cycle = proposed(a_cycle("review"))
    assert code(adoption.adopt, cycle, "c", EFFECT, FIRST, ("kaohe", REASON)) == "own-act"
    [fact] = adoption.withdraw(cycle, "c", REASON)
    for who, state in ((FIRST, "withdrawn"), (SECOND, "declined")):
        done = cycle.evolve(fact, who.id)
        assert done.rubric_changes["c"].state == state
        assert code(adoption.adopt, done, "c", EFFECT, SECOND, ("kaohe", REASON)) == "already-decided"
        assert code(adoption.withdraw, done, "c", REASON) == "already-decided"
    assert code(adoption.withdraw, cycle, "d", REASON) == "unknown-rubric-change"


def test_only_what_was_shown_is_adopted() -> None:
    cycle = proposed(a_cycle("review"))
    other = replace(EFFECT, digest="cd" * 32)
    assert code(adoption.adopt, cycle, "c", other, SECOND, ("kaohe", REASON)) == "difference-changed"
    moved_on = replace(cycle, hash="1" * 64)  # another change was adopted meanwhile
    assert code(adoption.adopt, moved_on, "c", EFFECT, SECOND, ("kaohe", REASON)) == "difference-changed"


def test_a_change_is_of_a_published_rubric_that_is_not_in_force_and_has_a_reason() -> None:
    cycle = a_cycle("review")
    assert code(adoption.propose, cycle, replace(WANTED, hash="2" * 64), (OLD, NEW), EFFECT) == "unknown-rubric"
    assert code(adoption.propose, cycle, replace(WANTED, hash=OLD), (OLD, NEW), EFFECT) == "rubric-in-force"
    assert code(adoption.propose, cycle, replace(WANTED, reason=" "), (OLD, NEW), EFFECT) == "no-reason"
    assert code(adoption.propose, Cycle("2027"), WANTED, (OLD, NEW), EFFECT) == "unknown-cycle"


def test_the_effect_counts_units_and_places() -> None:
    rows = [{"unit": "a", "place": "rank"}, {"unit": "a", "place": "total/final"}, {"unit": "b", "place": "base/final"}]
    assert effect_of("ab", rows) == Effect("ab", 2, 1)


def test_the_same_leaves_under_other_answers_fit() -> None:
    for cohort in ("district", "industry"):
        fit.same_leaves(RUBRIC, apply(RUBRIC, {"Q3": "zero", "Q6": "limited", "Q7": "full"}), cohort)


def changed(leaf: str, change: Any) -> Rubric:
    """The rubric with one leaf changed, or left out when ``change`` answers None."""

    def leaves(of: tuple[Leaf, ...]) -> tuple[Leaf, ...]:
        return tuple(new for each in of if (new := change(each) if each.id == leaf else each) is not None)

    groups = tuple(
        replace(group, items=tuple(replace(item, leaves=leaves(item.leaves)) for item in group.items))
        for group in RUBRIC.groups
    )
    return replace(RUBRIC, groups=groups)


def with_rule(leaf: Leaf, rule: Any) -> Leaf:
    return replace(leaf, faces={cohort: replace(face, rule=rule) for cohort, face in leaf.faces.items()})


OTHER = {
    "left out": changed("1b", lambda _: None),
    "another department": changed("1b", lambda leaf: replace(leaf, department="legal")),
    "another kind": changed("1b", lambda leaf: with_rule(leaf, Judged((0, 80, 160)))),
    "another name": changed("1b", lambda leaf: replace(leaf, id="1z")),
    "not asked": changed("1b", lambda leaf: replace(leaf, faces={})),
}


@pytest.mark.parametrize("after", OTHER.values(), ids=OTHER.keys())
def test_other_leaves_are_refused_by_name(after: Rubric) -> None:
    with pytest.raises(Refused) as refused:
        fit.same_leaves(RUBRIC, after, "district")
    assert (refused.value.code, refused.value.place) == ("rubric-unfit", "leaves.1b")
    assert code(fit.same_leaves, RUBRIC, after, "village") == "bad-cohort"


def test_figures_that_the_rubric_no_longer_takes_are_refused_by_unit_and_leaf() -> None:
    leaf = next(each for each in RUBRIC.leaves if isinstance(rule_of(each), Checklist))
    rule = rule_of(leaf)
    fewer = changed(leaf.id, lambda each: with_rule(each, replace(rule, entries=rule.entries[1:])))
    sheet = Sheet("2026", "zhongshan", RUBRIC.item_of(leaf.id).id)
    sheet.evolve(facts.FiguresSubmitted("s1", {leaf.id: {"yes": [rule.entries[0].id]}}), "unit")
    sheet.evolve(facts.FiguresSubmitted("s2", {leaf.id: {"yes": [rule.entries[1].id]}}), "unit")
    with pytest.raises(Refused) as refused:  # s1 is in force again once s2 is withdrawn
        fit.readable(fewer, "district", sheet)
    assert (refused.value.code, refused.value.place) == ("rubric-unfit", f"leaves.{leaf.id}")
    assert "zhongshan" in refused.value.detail_en
    sheet.evolve(facts.SubmissionWithdrawn("s1", REASON), "unit")
    fit.readable(fewer, "district", sheet)


def test_an_award_at_a_level_that_is_gone_is_refused() -> None:
    leaf = next(each for each in RUBRIC.leaves if isinstance(rule_of(each), Award) and rule_of(each).levels)
    rule = rule_of(leaf)
    fewer = changed(leaf.id, lambda each: with_rule(each, replace(rule, levels=rule.levels[1:])))
    sheet = Sheet("2026", "zhongshan", RUBRIC.item_of(leaf.id).id)
    sheet.evolve(facts.BonusProposed("b", leaf.id, "k", "t", rule.levels[0].id, REASON, []), "reviewer")
    fit.readable(RUBRIC, "district", sheet)
    with pytest.raises(Refused) as refused:
        fit.readable(fewer, "district", sheet)
    assert refused.value.place == f"leaves.{leaf.id}"


def rule_of(leaf: Leaf) -> Any:
    face = leaf.faces.get("district")
    return face.rule if face else None

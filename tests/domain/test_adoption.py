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
from domain.rubric import successor
from domain.rubric.identity import identity
from domain.rubric.leaves import Leaf
from domain.rubric.model import Item, Rubric
from domain.rubric.rules import Award, Checklist, Judged, Share
from domain.rubric.successor import changes, keeps
from domain.sheet import Sheet
from tests.domain.registers import bare
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


def changed(leaf: str, change: Any) -> Rubric:
    """The rubric with one leaf changed, or left out when ``change`` answers None."""

    def leaves(of: tuple[Leaf, ...]) -> tuple[Leaf, ...]:
        return tuple(new for each in of if (new := change(each) if each.id == leaf else each) is not None)

    groups = tuple(
        replace(group, items=tuple(replace(item, leaves=leaves(item.leaves)) for item in group.items))
        for group in RUBRIC.groups
    )
    return replace(RUBRIC, groups=groups)


def rule_of(leaf: Leaf) -> Any:
    face = leaf.faces.get("district")
    return face.rule if face else None


def with_rule(leaf: Leaf, rule: Any) -> Leaf:
    return replace(leaf, faces={cohort: replace(face, rule=rule) for cohort, face in leaf.faces.items()})


def with_leaf(leaf: Leaf, item: str) -> Rubric:
    """The rubric with one more leaf on an item."""

    def more(of: Item) -> Item:
        return replace(of, leaves=(*of.leaves, leaf)) if of.id == item else of

    groups = tuple(replace(group, items=tuple(map(more, group.items))) for group in RUBRIC.groups)
    return replace(RUBRIC, groups=groups)


def on_another_item() -> Rubric:
    first, *others = with_leaf(RUBRIC.leaf("1b"), "2").groups
    return replace(RUBRIC, groups=(replace(first, items=first.items[1:]), *others))


GONE = {
    "left out": changed("1b", lambda _: None),
    "on another item": on_another_item(),
    "another name": changed("1b", lambda leaf: replace(leaf, id="1z")),
    "not asked": changed("1b", lambda leaf: replace(leaf, faces={})),
}


@pytest.mark.parametrize("after", GONE.values(), ids=GONE.keys())
def test_a_leaf_that_goes_or_moves_is_refused_by_name(after: Rubric) -> None:
    with pytest.raises(Refused) as refused:
        keeps(RUBRIC, after, "district")
    assert (refused.value.code, refused.value.place.split(".")[0]) == ("rubric-unfit", "leaves")
    assert refused.value.detail_zh != refused.value.detail_en
    assert code(keeps, RUBRIC, after, "village") == "bad-cohort"


OTHER = {
    "nothing but answers": (apply(RUBRIC, {"Q3": "zero", "Q6": "limited", "Q7": "full"}), [], []),
    "a leaf more": (with_leaf(replace(RUBRIC.leaf("1b"), id="1z"), "1"), [("1z", "added", "", "1")], ["1z"]),
    "another department": (
        changed("1b", lambda leaf: replace(leaf, department="legal")),
        [("1b", "department", "organisation", "legal")], [],
    ),
    "another register": (
        changed("7a", lambda leaf: replace(leaf, register=None)), [("7a", "register", "7", "7a")], [],
    ),
    "another kind": (
        changed("1b", lambda leaf: with_rule(leaf, Judged((0, 80, 160)))), [("1b", "kind", "ratio", "judged")], ["1b"],
    ),
    "workers in place of a target": (
        changed("1a", lambda leaf: with_rule(leaf, replace(rule_of(leaf), derived=Share(4, 10_000)))), [], ["1a"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("after", "told", "anew"), OTHER.values(), ids=OTHER.keys())
def test_what_comes_or_is_answered_for_by_others_is_told_and_what_no_old_rule_reads_is_anew(
    after: Rubric, told: list[tuple[str, ...]], anew: list[str]
) -> None:
    keeps(RUBRIC, after, "district")
    assert [(each.leaf, each.change, each.before, each.after) for each in changes(RUBRIC, after, "district")] == told
    assert successor.anew(RUBRIC, after, "1", "district") == anew
    fit.readable(RUBRIC, after, "district", Sheet("2026", "zhongshan", "1"))


RATIO = {"1b": {"numerator": 9, "denominator": 10}}
STANDING: dict[str, facts.Fact] = {
    "figures": facts.FiguresSubmitted("s", RATIO),
    "verified figures": facts.FiguresVerified("1b", "s", RATIO["1b"], False, REASON),
    "what does not apply": facts.NotApplicableConfirmed("1b", REASON),
    "an adjustment": facts.AdjustmentProposed("a", "1b", "-0.10", "other", REASON),
    "a target": facts.TargetApplied("1b", 9, REASON),
    "a claim": facts.BonusClaimed("b", "1b", "K", "t"),
}


@pytest.mark.parametrize("fact", STANDING.values(), ids=STANDING.keys())
def test_another_kind_of_rule_is_taken_only_where_nothing_stands(fact: facts.Fact) -> None:
    after, _, _ = OTHER["another kind"]
    sheet = Sheet("2026", "zhongshan", "1")
    sheet.evolve(fact, "somebody")
    with pytest.raises(Refused) as refused:
        fit.readable(RUBRIC, after, "district", sheet)
    assert (refused.value.place, "zhongshan 1b" in refused.value.detail_en) == ("leaves.1b", True)


def test_figures_whose_target_was_issued_fit() -> None:
    sheet = Sheet("2026", "zhongshan", "1")
    sheet.evolve(facts.TargetApplied("1a", 9, REASON), "administrator")
    sheet.evolve(facts.FiguresSubmitted("s", {"1a": {"actual": 8}}), "unit")
    fit.readable(RUBRIC, STRICTER, "district", sheet)


def test_points_of_a_leaf_judged_alone_are_refused_where_a_leaf_that_comes_would_take_them() -> None:
    [leaf] = RUBRIC.item("10").leaves
    sheet = Sheet("2026", "zhongshan", "10")
    sheet.evolve(facts.NotApplicableConfirmed(leaf.id, REASON), "reviewer")
    sheet.evolve(facts.LeafJudged(leaf.id, "0.50", REASON, alone=True), "reviewer")
    fit.readable(RUBRIC, RUBRIC, "district", sheet)
    with pytest.raises(Refused) as refused:
        fit.readable(RUBRIC, with_leaf(replace(leaf, id="10z"), "10"), "district", sheet)
    assert refused.value.place == f"leaves.{leaf.id}"


@pytest.mark.parametrize(
    ("steps", "fits"), [((0, 50, 100), True), ((0, 25, 50, 100), True), ((0, 100), False), ((0, 25, 100), False)]
)
def test_a_sealed_judgement_that_may_be_no_step_is_settled_first(steps: tuple[int, ...], fits: bool) -> None:
    before = changed("1b", lambda leaf: with_rule(leaf, Judged((0, 50, 100))))
    after = changed("1b", lambda leaf: with_rule(leaf, Judged(steps)))
    sheet = Sheet("2026", "zhongshan", "1")
    sheet.evolve(facts.JudgementSealed("1b", "m", "0.50", "seal"), "reviewer")
    assert fitting(before, after, sheet) == fits
    sheet.evolve(facts.SecondJudgementGiven("1b", "0.00", REASON), "second")
    sheet.evolve(facts.JudgementOpened("1b", "0.50", REASON, "salt"), "second")  # known, and counts: it must be a step
    assert fitting(before, after, sheet) == (50 in steps)


def fitting(before: Rubric, after: Rubric, sheet: Sheet) -> bool:
    try:
        fit.readable(before, after, "district", sheet)
    except Refused as refused:
        return refused.code != "rubric-unfit"
    return True


def test_figures_that_the_rubric_no_longer_takes_are_refused_by_unit_and_leaf() -> None:
    leaf = next(each for each in RUBRIC.leaves if isinstance(rule_of(each), Checklist))
    rule = rule_of(leaf)
    fewer = changed(leaf.id, lambda each: with_rule(each, replace(rule, entries=rule.entries[1:])))
    sheet = Sheet("2026", "zhongshan", RUBRIC.item_of(leaf.id).id)
    sheet.evolve(facts.FiguresSubmitted("s1", {leaf.id: {"yes": [rule.entries[0].id]}}), "unit")
    sheet.evolve(facts.FiguresSubmitted("s2", {leaf.id: {"yes": [rule.entries[1].id]}}), "unit")
    with pytest.raises(Refused) as refused:  # s1 is in force again once s2 is withdrawn
        fit.readable(RUBRIC, fewer, "district", sheet)
    assert (refused.value.code, refused.value.place) == ("rubric-unfit", f"leaves.{leaf.id}")
    assert "zhongshan" in refused.value.detail_en
    sheet.evolve(facts.SubmissionWithdrawn("s1", REASON), "unit")
    fit.readable(RUBRIC, fewer, "district", sheet)


def test_an_award_at_a_level_that_is_gone_is_refused() -> None:
    leaf = next(each for each in RUBRIC.leaves if isinstance(rule_of(each), Award) and rule_of(each).levels)
    rule = rule_of(leaf)
    fewer = changed(leaf.id, lambda each: with_rule(each, replace(rule, levels=rule.levels[1:])))
    sheet = Sheet("2026", "zhongshan", RUBRIC.item_of(leaf.id).id)
    sheet.evolve(facts.BonusProposed("b", leaf.id, "k", "t", rule.levels[0].id, REASON, []), "reviewer")
    fit.readable(RUBRIC, RUBRIC, "district", sheet)
    with pytest.raises(Refused) as refused:
        fit.readable(RUBRIC, fewer, "district", sheet)
    assert refused.value.place == f"leaves.{leaf.id}"


@pytest.mark.parametrize("ended", [False, True])
def test_a_leaf_goes_into_another_register_only_while_no_key_is_held_on_it(ended: bool) -> None:
    sheet = Sheet("2026", "zhongshan", "7")
    sheet.evolve(facts.BonusClaimed("b", "7c", "DL-12", "contract"), "clerk")
    if ended:
        sheet.evolve(facts.BonusDeclined("b", "7c", REASON), "approver")
        fit.readable(bare(RUBRIC), RUBRIC, "district", sheet)
        return
    with pytest.raises(Refused) as refused:
        fit.readable(bare(RUBRIC), RUBRIC, "district", sheet)
    assert (refused.value.code, refused.value.place) == ("rubric-unfit", "leaves.7c")
    fit.readable(RUBRIC, RUBRIC, "district", sheet)

"""A rubric under another answer to one of its questions."""

from dataclasses import replace
from typing import Any

from domain.rubric import effects, rules
from domain.rubric.effects import Effect
from domain.rubric.leaves import Face, Leaf
from domain.rubric.model import Item, Rubric
from domain.rubric.questions import Option, Question

Touched = frozenset[tuple[str, str, str]]
_REACHING = (rules.Ratio, rules.Task, rules.Count)
_STEPPED = (rules.Increment, rules.OverTarget)
_CAPPED = (rules.Increment, rules.OverTarget, rules.Tally, rules.Award)


def changed(rubric: Rubric, question: Question, option: Option) -> Rubric:
    """The rubric with the option's effects, one after another; the register itself stays as it is."""
    for effect in option.effects:
        rubric = _under(rubric, question, effect)
    return rubric


def touched(rubric: Rubric, question: Question, option: Option) -> Touched:
    """What the option sets, as (sort of effect, leaf or convention, cohort)."""
    return frozenset(each for effect in option.effects for each in effect_touches(rubric, question, effect))


def effect_touches(rubric: Rubric, question: Question, effect: Effect) -> Touched:
    """What one effect sets; empty when it fits nothing."""
    sort = type(effect).__name__
    match effect:
        case effects.SetConvention(name=name):
            return frozenset({(sort, name, "")})
        case effects.SetRole():
            return frozenset({(sort, "", "")})
    return frozenset(
        (sort, leaf.id, cohort)
        for leaf in rubric.leaves
        for cohort, face in leaf.faces.items()
        if _face(face, effect, question, leaf.id, cohort) is not None
    )


def _under(rubric: Rubric, question: Question, effect: Effect) -> Rubric:
    match effect:
        case effects.SetConvention(name=name, value=value):
            chosen: dict[str, Any] = {name: value}  # the reading lets in only what the convention takes
            return replace(rubric, conventions=replace(rubric.conventions, **chosen))
        case effects.SetRole(role=role):
            return replace(rubric, departments=tuple(replace(each, role=role) for each in rubric.departments))

    def leaf_under(leaf: Leaf) -> Leaf:
        found = {cohort: _face(face, effect, question, leaf.id, cohort) for cohort, face in leaf.faces.items()}
        if not any(found.values()):
            return leaf
        return replace(leaf, faces={cohort: found[cohort] or face for cohort, face in leaf.faces.items()})

    def item_under(item: Item) -> Item:
        return replace(item, leaves=tuple(map(leaf_under, item.leaves)))

    return replace(
        rubric, groups=tuple(replace(group, items=tuple(map(item_under, group.items))) for group in rubric.groups)
    )


def _face(face: Face, effect: Effect, question: Question, leaf: str, cohort: str) -> Face | None:
    """The face under the effect; None where the effect does not fit it."""
    rule, asked = face.rule, leaf in question.leaves
    match effect:
        case effects.SetPoints(points=points, cohorts=cohorts):
            fits = leaf in points and (not cohorts or cohort in cohorts)
            return replace(face, points=points[leaf]) if fits else None
        case effects.SetCaps(caps=caps) if leaf in caps and isinstance(rule, _CAPPED):
            return replace(face, rule=replace(rule, cap=caps[leaf]))
        case effects.SetBelow(below=below) if asked and isinstance(rule, _REACHING):
            return replace(face, rule=replace(rule, below=below))
        case effects.SetSteps(steps=steps) if asked and isinstance(rule, _STEPPED):
            return replace(face, rule=replace(rule, steps=steps))
        case effects.SetBasis(basis=basis) if asked and isinstance(rule, rules.Increment):
            return replace(face, rule=replace(rule, basis=basis))
    return None

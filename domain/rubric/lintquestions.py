"""What makes an interpretation register unsound: above all effects that do not fit, clash or cannot be taken back."""

from collections import Counter
from collections.abc import Callable, Iterator

from domain.rubric.changes import Touched, changed, effect_touches, touched
from domain.rubric.effects import SetCaps, SetPoints
from domain.rubric.model import Rubric
from domain.rubric.questions import Option, Question
from domain.rubric.refused import RubricRefused

Check = Callable[[Rubric], Iterator[RubricRefused]]


def register_problems(rubric: Rubric, check: Check) -> Iterator[RubricRefused]:
    """Every problem of the questions; ``check`` finds those of a rubric changed by an option."""
    owner: dict[tuple[str, str, str], str] = {}
    for question in rubric.questions:
        place = f"rubric.questions.{question.id}"
        named = list(_names(rubric, question, place))
        yield from named
        if not named:
            yield from _effects(rubric, question, place, check)
            for each in sorted(_sets(rubric, question)):
                if owner.setdefault(each, question.id) != question.id:
                    zh, en = f"与{owner[each]}改动同一处：{each}", f"sets the same as {owner[each]}: {each}"
                    yield RubricRefused(f"{place}.options", zh, en)


def _names(rubric: Rubric, question: Question, place: str) -> Iterator[RubricRefused]:
    options = Counter(option.id for option in question.options)
    for option in (each for each, times in options.items() if times > 1):
        yield RubricRefused(f"{place}.options.{option}", "编号重复", "the id repeats")
    if question.default not in options:
        yield RubricRefused(f"{place}.default", "不在选项中", "is not among the options")
    if question.decided is not None and question.decided.option not in options:
        yield RubricRefused(f"{place}.decided.option", "不在选项中", "is not among the options")
    known = {leaf.id for leaf in rubric.leaves}
    for leaf in question.leaves:
        if leaf not in known:
            yield RubricRefused(f"{place}.leaves.{leaf}", "没有这个评分点", "unknown leaf")


def _effects(rubric: Rubric, question: Question, place: str, check: Check) -> Iterator[RubricRefused]:
    common = _sets(rubric, question)
    for option in question.options:
        at = f"{place}.options.{option.id}.effects"
        yield from _fits(rubric, question, option, at)
        if option.needs is None and touched(rubric, question, option) != common:
            yield RubricRefused(at, "各选项须设定相同的内容", "the options must all set the same things")
        elif option.effects:
            yield from _outcome(rubric, question, option, at, check)


def _fits(rubric: Rubric, question: Question, option: Option, at: str) -> Iterator[RubricRefused]:
    if option.needs is not None and option.effects:
        yield RubricRefused(at, "无法计算的选项不应有计分效果", "an option that needs other figures has no effects")
    for effect in option.effects:
        found = {leaf for _, leaf, _ in effect_touches(rubric, question, effect)}
        named = effect.caps if isinstance(effect, SetCaps) else effect.points if isinstance(effect, SetPoints) else {}
        if not found or named.keys() - found:
            yield RubricRefused(at, "与评分点的规则不符", "fits no rule of the leaves it names")


def _outcome(rubric: Rubric, question: Question, option: Option, at: str, check: Check) -> Iterator[RubricRefused]:
    outcome = changed(rubric, question, option)
    if option.id == question.answer:
        if outcome != rubric:
            yield RubricRefused(at, "评分表与其现行口径不符", "the rubric is not as its own answer says")
        return
    for problem in check(outcome):
        yield RubricRefused(at, f"{problem.place}：{problem.zh}", str(problem))


def _sets(rubric: Rubric, question: Question) -> Touched:
    return frozenset(each for option in question.options for each in touched(rubric, question, option))

"""Every unit's total under every set of answers to the open questions, exactly and without scoring each set anew.

An item's points depend only on the answers that touch it, so each item is scored once for every combination of those
(item 6 for 3 below policies, not for 4,096 sets), and a set's total is a sum of table entries. Integers only.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from operator import add

from domain.interpretations import apply
from domain.item_readings import Assessed, ItemReadings
from domain.rubric.changes import touched
from domain.rubric.model import Rubric
from domain.rubric.rules import Judged
from domain.scoring import compile_item
from domain.standings import worth

Choices = Mapping[str, Sequence[str]]
Questions = tuple[str, ...]
RANKING = {("SetConvention", name, "") for name in ("bonus", "cohorts", "ties")}
_EMPTY = ("SetConvention", "empty", "")


@dataclass(frozen=True, slots=True)
class Values:
    """What a unit is ranked by, one number a set of answers; ``low`` and ``high``: as ``Readings.values`` says."""

    now: list[int]
    low: list[int]
    high: list[int]


class Readings:
    """All sets of answers of ``choices`` (question -> options), in the order of their product."""

    def __init__(self, rubric: Rubric, choices: Choices) -> None:
        self.rubric = rubric
        self.choices = {question: tuple(options) for question, options in choices.items()}
        self.sets = list(product(*self.choices.values()))
        self._rubrics: dict[tuple[Questions, tuple[str, ...]], Rubric] = {}
        self._touched = {question: _touches(rubric, question) for question in choices}
        ranking = tuple(question for question, touches in self._touched.items() if touches & RANKING)
        self.conventions = [self._under(ranking, combination).conventions for combination in self._product(ranking)]
        self.convention_of = self._columns(ranking)
        self._cohorts = {cohort.id: self._parts(cohort.id) for cohort in rubric.cohorts}
        self._worth = {cohort.id: self._worths(ranking, cohort.id) for cohort in rubric.cohorts}

    def values(self, unit: Assessed) -> Values:
        """The unit's totals as ranked; ``low`` and ``high`` with every judged leaf of it one step lower and higher."""
        return Values(*(self._summed(unit, move) for move in (0, -1, 1)))

    def _summed(self, unit: Assessed, move: int) -> list[int]:
        base, bonus = [0] * len(self.sets), [0] * len(self.sets)
        for columns, parts in self._cohorts[unit.cohort]:
            table = [(0, 0)] * len(parts[0].scorers)
            for part in parts:
                table = [tuple(map(add, one, two)) for one, two in zip(table, part.points(unit, move), strict=True)]
            base = [so_far + table[column][0] for so_far, column in zip(base, columns, strict=True)]
            bonus = [so_far + table[column][1] for so_far, column in zip(bonus, columns, strict=True)]
        worths = self._worth[unit.cohort]
        return [worths[of](*both) for of, *both in zip(self.convention_of, base, bonus, strict=True)]

    def _parts(self, cohort: str) -> list[tuple[list[int], list[ItemReadings]]]:
        """The items of a cohort by the questions that touch them."""
        by_questions: dict[Questions, list[ItemReadings]] = {}
        for item in self.rubric.items:
            if cohort in item.points:
                leaves = {leaf.id for leaf in item.leaves}
                questions = tuple(each for each, of in self._touched.items() if _matters(of, leaves, cohort))
                under = [self._under(questions, combination) for combination in self._product(questions)]
                scorers = [compile_item(rubric, item.id, cohort) for rubric in under]
                rules = {leaf.id: leaf.faces[cohort].rule for leaf in item.leaves if cohort in leaf.faces}
                bonus = frozenset(leaf.id for leaf in item.leaves if leaf.bonus)
                steps = {leaf: rule.steps for leaf, rule in rules.items() if isinstance(rule, Judged)}
                by_questions.setdefault(questions, []).append(ItemReadings(tuple(rules), scorers, bonus, steps))
        return [(self._columns(questions), parts) for questions, parts in by_questions.items()]

    def _worths(self, ranking: Questions, cohort: str) -> list[Callable[[int, int], int]]:
        return [worth(self._under(ranking, combination), cohort) for combination in self._product(ranking)]

    def _product(self, questions: Questions) -> list[tuple[str, ...]]:
        return list(product(*(self.choices[question] for question in questions)))

    def _under(self, questions: Questions, combination: tuple[str, ...]) -> Rubric:
        """The rubric under these answers; items that the same questions touch share it."""
        key = (questions, combination)
        if key not in self._rubrics:
            self._rubrics[key] = apply(self.rubric, dict(zip(questions, combination, strict=True)))
        return self._rubrics[key]

    def _columns(self, questions: Questions) -> list[int]:
        """For every set the place of its answers to ``questions`` in their product."""
        place = {combination: index for index, combination in enumerate(self._product(questions))}
        picked = [list(self.choices).index(question) for question in questions]
        return [place[tuple(answers[index] for index in picked)] for answers in self.sets]


def _touches(rubric: Rubric, question_id: str) -> frozenset[tuple[str, str, str]]:
    question = rubric.question(question_id)
    return frozenset(each for option in question.options for each in touched(rubric, question, option))


def _matters(touches: frozenset[tuple[str, str, str]], leaves: set[str], cohort: str) -> bool:
    return _EMPTY in touches or any(leaf in leaves and of == cohort for _, leaf, of in touches)

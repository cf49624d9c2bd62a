"""How fragile a ranking is: every unit's interval of ranks, and which decision would move most of them.

Over all sets of answers to the undecided questions, and with the unit's own judged leaves each up to one step lower
or higher while the others stay as they are. Exact: the same as scoring every set and every judgement one by one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import prod

from domain.interpretations import undecided
from domain.item_readings import Assessed
from domain.ranks import Ranks, ranks_under
from domain.readings import Readings
from domain.rubric.effects import SetRole
from domain.rubric.model import Rubric

MOST_SETS = 1 << 14


class TooManySets(ValueError):
    """More sets of answers than are worth waiting for; ``zh`` and ``en`` say how many."""

    def __init__(self, sets: int) -> None:
        self.zh = f"未定口径的组合有{sets}种，上限{MOST_SETS}种；请先确定或固定部分口径"
        self.en = f"{sets} sets of answers are open, at most {MOST_SETS} are computed; decide or hold some questions"
        super().__init__(self.en)


@dataclass(frozen=True, slots=True)
class Interval:
    """The best and the worst rank."""

    best: int
    worst: int


@dataclass(frozen=True, slots=True)
class Fragility:
    """A unit's rank under the answers in force, and its intervals: by answers, by judgements, by both at once."""

    rank: int
    answers: Interval
    judgements: Interval
    both: Interval


@dataclass(frozen=True, slots=True)
class OptionMoves:
    """What one other answer alone would do: places moved, summed over all units, and units that move at all."""

    option: str
    ranks: int
    units: int


@dataclass(frozen=True, slots=True)
class QuestionMoves:
    """An undecided question with the answer in force and its other options, the one that moves most first."""

    question: str
    answer: str
    options: tuple[OptionMoves, ...]


@dataclass(frozen=True, slots=True)
class Robustness:
    """``sets`` of answers were compared; ``questions`` in the order of the ranks they move."""

    sets: int
    units: Mapping[str, Fragility]
    questions: tuple[QuestionMoves, ...]


def robustness(rubric: Rubric, units: Mapping[str, Assessed], held: Collection[str] = ()) -> Robustness:
    """The intervals of all units; questions ``held`` stay as answered. Raises TooManySets."""
    choices = {question: of for question, of in open_choices(rubric).items() if question not in held}
    sets = prod(map(len, choices.values()))
    if sets > MOST_SETS:
        raise TooManySets(sets)
    readings = Readings(rubric, choices)
    values = {unit: readings.values(each) for unit, each in units.items()}
    cohorts = {unit: each.cohort for unit, each in units.items()}
    ranks = [ranks_under(readings, cohorts, values, number) for number in range(sets)]
    fragile = {unit: _fragility([of[unit] for of in ranks]) for unit in units}
    return Robustness(sets, fragile, _questions(readings, ranks))


def open_choices(rubric: Rubric) -> dict[str, tuple[str, ...]]:
    """The undecided questions whose answers can move a unit: all but those on the role of departments."""
    return {
        question: options
        for question, options in undecided(rubric).items()
        if not all(isinstance(effect, SetRole) for each in rubric.question(question).options for effect in each.effects)
    }


def _fragility(ranks: Sequence[Ranks]) -> Fragility:
    now, best, worst = zip(*ranks, strict=True)
    return Fragility(
        now[0],
        Interval(min(now), max(now)),
        Interval(best[0], worst[0]),
        Interval(min(best), max(worst)),
    )


def _questions(readings: Readings, ranks: Sequence[Mapping[str, Ranks]]) -> tuple[QuestionMoves, ...]:
    """The sets that differ from the answers in force (the first set) in one question, the most moving first."""
    number_of = {answers: number for number, answers in enumerate(readings.sets)}
    found = []
    for place, (question, options) in enumerate(readings.choices.items()):
        moves = []
        for option in options[1:]:
            answers = (*readings.sets[0][:place], option, *readings.sets[0][place + 1 :])
            changed = ranks[number_of[answers]]
            places = [abs(changed[unit][0] - before[0]) for unit, before in ranks[0].items()]
            moves.append(OptionMoves(option, sum(places), sum(map(bool, places))))
        moves.sort(key=lambda each: -each.ranks)
        found.append(QuestionMoves(question, options[0], tuple(moves)))
    return tuple(sorted(found, key=lambda each: -each.options[0].ranks))

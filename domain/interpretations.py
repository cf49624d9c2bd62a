"""Other answers to a rubric's open questions (口径), and the rubric each of them makes.

What an answer does stands in the rubric as data (``domain.rubric.effects``); an option that would take figures the
sheet does not collect says so and is never computed. Answers come in any order and can be taken back: both are laws
that ``domain.rubric.lintquestions`` holds every register to.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import NoReturn

from domain.figures import quote
from domain.rubric.changes import changed, touched
from domain.rubric.model import Rubric
from domain.rubric.questions import Decision, Option, Question


class BadInterpretation(ValueError):
    """No such question or option, or one that cannot be computed; ``place`` names it, ``zh`` and ``en`` say why."""

    def __init__(self, place: str, zh: str, en: str) -> None:
        super().__init__(f"{place}: {en}")
        self.place = place
        self.zh = zh
        self.en = en


def apply(rubric: Rubric, answers: Mapping[str, str]) -> Rubric:
    """The rubric with these options (by question) in force; its identity differs unless they already were.

    Raises BadInterpretation for an unknown question or option and for one that needs other figures.
    """
    for question_id, option_id in answers.items():
        question, option = find(rubric, question_id, option_id)
        if option.needs is not None:
            _refuse(
                f"{question_id}.{option_id}",
                f"无法由本表数据计算，需要：{option.needs.zh}",
                f"cannot be computed from the sheet's figures; it needs {option.needs.en}",
            )
        if option_id != question.answer:
            outcome = changed(rubric, question, option)
            rubric = _registered(outcome, replace(question, default=option_id, decided=None))
    return rubric


def decide(rubric: Rubric, question_id: str, decision: Decision) -> Rubric:
    """The rubric with the question decided, its rules as the chosen option says; raises BadInterpretation.

    An option that needs other figures may be decided too: it changes what is counted from then on, no rule.
    """
    question, option = find(rubric, question_id, decision.option)
    return _registered(changed(rubric, question, option), replace(question, decided=decision))


def find(rubric: Rubric, question_id: str, option_id: str) -> tuple[Question, Option]:
    """The question and the option; raises BadInterpretation."""
    questions = {question.id: question for question in rubric.questions}
    if question_id not in questions:
        known = ", ".join(questions)
        _refuse(quote(question_id), f"没有这个口径问题；可用：{known}", f"unknown question; one of {known}")
    options = {option.id: option for option in questions[question_id].options}
    if option_id not in options:
        known = ", ".join(options)
        _refuse(f"{question_id}.{quote(option_id)}", f"没有这个选项；可用：{known}", f"unknown option; one of {known}")
    return questions[question_id], options[option_id]


def computable(rubric: Rubric, question: Question) -> tuple[str, ...]:
    """The options whose scores follow from the sheet's figures, the answer in force first; empty when none differ."""
    found = [option.id for option in question.options if touched(rubric, question, option)]
    if len(found) < 2 or question.answer not in found:  # noqa: PLR2004 - one option is no choice
        return ()
    return (question.answer, *(option for option in found if option != question.answer))


def undecided(rubric: Rubric) -> dict[str, tuple[str, ...]]:
    """The computable options of every question that nobody has decided, in the register's order."""
    options = {each.id: computable(rubric, each) for each in rubric.questions if each.decided is None}
    return {question: of for question, of in options.items() if of}


def _registered(rubric: Rubric, question: Question) -> Rubric:
    return replace(rubric, questions=tuple(question if each.id == question.id else each for each in rubric.questions))


def _refuse(place: str, zh: str, en: str) -> NoReturn:
    raise BadInterpretation(place, zh, en)

"""The rubric as values: who is assessed, by whom, for what, and what is still open.

Points are hundredths. Everything that differs between cohorts stands in a mapping by cohort id; the absence
of a cohort there means "does not apply to it". Build rubrics with ``reading.read``: it refuses unsound ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from domain.rubric.leaves import Leaf
from domain.rubric.questions import Question
from domain.rubric.texts import Text


@dataclass(frozen=True, slots=True)
class Cohort:
    """Units compared with each other; ``points`` is the base total the sheet gives them."""

    id: str
    name: Text
    points: int


@dataclass(frozen=True, slots=True)
class Department:
    """A department; "responsible" reviews its leaves, "assessed" is itself an object of assessment (Q1)."""

    id: str
    name: Text
    role: Literal["assessed", "responsible"]


@dataclass(frozen=True, slots=True)
class Item:
    """A numbered line of the sheet: verbatim ``text``, ``objects`` (考核对象), points by cohort.

    ``objects_en`` says the same objects in English, one by one, or nothing.
    """

    id: str
    text: Text
    objects: tuple[str, ...]
    objects_en: tuple[str, ...]
    points: Mapping[str, int]
    leaves: tuple[Leaf, ...]

    def assessed(self, lang: str) -> tuple[str, ...]:
        """The objects in a language: in Chinese where a rubric does not say them in English."""
        return self.objects_en if lang == "en" and self.objects_en else self.objects


@dataclass(frozen=True, slots=True)
class Group:
    """A named part of the sheet with its points by cohort."""

    id: str
    name: Text
    points: Mapping[str, int]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A glossary term; ``assumed`` when the sheet does not say what it means."""

    id: str
    name: Text
    meaning: Text
    assumed: bool


@dataclass(frozen=True, slots=True)
class Conventions:
    """What holds for the whole sheet rather than for a leaf; the first of each is what a sheet says by itself.

    ``bonus``: on top of the cohort's points, or the total limited to them (Q6). ``empty``: what a leaf without
    anything to count earns once confirmed (Q7). ``cohorts``: ranked apart, or together, scaled to the largest
    cohort's points (Q15). ``ties``: 1-2-2-4 or 1-2-2-3 (Q16).
    """

    bonus: Literal["on-top", "limited"] = "on-top"
    empty: Literal["redistribute", "full", "zero"] = "redistribute"
    cohorts: Literal["apart", "scaled"] = "apart"
    ties: Literal["share", "dense"] = "share"


@dataclass(frozen=True, slots=True)
class Rubric:
    """A whole sheet."""

    id: str
    title: Text
    cohorts: tuple[Cohort, ...]
    departments: tuple[Department, ...]
    groups: tuple[Group, ...]
    glossary: tuple[Term, ...]
    questions: tuple[Question, ...]
    conventions: Conventions = Conventions()

    @property
    def items(self) -> tuple[Item, ...]:
        """All items in sheet order."""
        return tuple(item for group in self.groups for item in group.items)

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """All leaves in sheet order."""
        return tuple(leaf for item in self.items for leaf in item.leaves)

    @property
    def answers(self) -> dict[str, str]:
        """The answer in force to each question of the register."""
        return {question.id: question.answer for question in self.questions}

    def item(self, item_id: str) -> Item:
        """The item of that id; raises KeyError."""
        return {item.id: item for item in self.items}[item_id]

    def leaf(self, leaf_id: str) -> Leaf:
        """The leaf of that id; raises KeyError."""
        return {leaf.id: leaf for leaf in self.leaves}[leaf_id]

    def item_of(self, leaf_id: str) -> Item:
        """The item that holds the leaf; raises KeyError."""
        return {leaf.id: item for item in self.items for leaf in item.leaves}[leaf_id]

    def register_of(self, leaf_id: str) -> str:
        """The register of a leaf's keys; of a leaf that is none of this sheet's, its own."""
        return next((leaf.key_register for leaf in self.leaves if leaf.id == leaf_id), leaf_id)

    def cohort(self, cohort_id: str) -> Cohort:
        """The cohort of that id; raises KeyError."""
        return {cohort.id: cohort for cohort in self.cohorts}[cohort_id]

    def question(self, question_id: str) -> Question:
        """The question of that id; raises KeyError."""
        return {question.id: question for question in self.questions}[question_id]

"""The interpretation register (口径): what the sheet leaves open, the possible answers, and the decided one."""

from dataclasses import dataclass

from domain.rubric.effects import Effect
from domain.rubric.texts import Text


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to an open question: what it does to the rubric.

    ``needs`` says which figures it would take where the sheet does not collect them: such an option has no effects.
    """

    id: str
    name: Text
    effects: tuple[Effect, ...] = ()
    needs: Text | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """Which option was chosen, by whom (a pseudonymous person id) and why."""

    option: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Question:
    """An entry of the interpretation register (口径)."""

    id: str
    text: Text
    options: tuple[Option, ...]
    default: str
    leaves: tuple[str, ...]
    decided: Decision | None

    @property
    def answer(self) -> str:
        """The option in force: the decided one, else the default."""
        return self.decided.option if self.decided else self.default

    def option(self, option_id: str) -> Option:
        """The option of that id; raises KeyError."""
        return {option.id: option for option in self.options}[option_id]

"""What a derivation says: the formula with its numbers, and whether it rounds to nothing, half up or by remainder."""

from dataclasses import dataclass

from domain.rubric.texts import Text

EXACT = Text("无需舍入", "exact, nothing to round")
HALF_UP = Text("四舍五入至两位小数，仅此一次", "rounded once, half up, to two decimals")
LARGEST_REMAINDER = Text(
    "各方合计须等于全分，余数按最大余数法分配至百分位",
    "the parts add up to the whole: what is left over goes by largest remainder, to the hundredth",
)


@dataclass(frozen=True, slots=True)
class Derivation:
    """The formula with its numbers, and what was rounded."""

    formula: Text
    rounding: Text


def exact(zh: str, en: str) -> Derivation:
    """A derivation in which nothing is rounded."""
    return Derivation(Text(zh, en), EXACT)


def half_up(zh: str, en: str, rest: int) -> Derivation:
    """A derivation that is rounded where the division leaves a ``rest``."""
    return Derivation(Text(zh, en), HALF_UP if rest else EXACT)

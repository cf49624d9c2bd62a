"""Register numbers and experience keys: their one spelling, and the stream that each has in its register."""

import hashlib
import re
import unicodedata

from domain import facts
from domain.refusals import Refused
from domain.rubric.lintkeys import COUNTS
from domain.rubric.model import Rubric
from domain.sheet import Sheet

# Letters nobody sees that have no category of their own: joiners, Hangul fillers, variation selectors.
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u3164\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})


def normal(key: str) -> str:
    """The one spelling of a key: NFKC, case folded, invisible letters dropped, blanks single and none at the ends.

    So "ＤＬ－１２ " and "dl-12" are one number, and a zero-width letter makes no second one.
    """
    if key.isascii() and key.isprintable():  # as most keys are: none of the rest can change them
        return " ".join(key.lower().split())
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", key).casefold())
    words = ("".join(letter for letter in word if _seen(letter)) for word in folded.split())
    return " ".join(word for word in words if word)


def stream(cycle: str, register: str, key: str) -> str:
    """The stream of a key of a register; refuses a key in which nothing can be seen."""
    return f"claim/{cycle}/{register}/{hashlib.sha256(_visible(key).encode()).hexdigest()[:32]}"


def stream_of(sheet: Sheet, fact: facts.Fact, rubric: Rubric) -> str | None:
    """The stream of the key that a fact of ``sheet`` takes, frees or shares; None for a fact that does neither.

    ``rubric``: the one the sheet stands under, which says what register the leaf's keys are in.
    """
    match fact:
        case facts.BonusClaimed() | facts.BonusProposed() | facts.JointClaimed() | facts.JointClaimAgreed():
            return stream(sheet.cycle, rubric.register_of(fact.leaf), fact.key)
        case facts.JointClaimDisputed() | facts.JointSplitProposed() | facts.JointSplitDecided():
            return stream(sheet.cycle, rubric.register_of(fact.leaf), fact.key)
        case facts.BonusDeclined() | facts.BonusRevoked():
            return stream(sheet.cycle, rubric.register_of(fact.leaf), sheet.bonuses[fact.bonus].key)
    return None


def counts_for_each(rubric: Rubric, leaf: str) -> bool:
    """Whether the register answers that a key of this leaf counts for each unit that brings it forward (Q12)."""
    return any(
        question.answer == "each" and leaf in question.leaves and {each.id for each in question.options} == COUNTS
        for question in rubric.questions
    )


def _visible(key: str) -> str:
    found = normal(key)
    if not found:
        raise Refused("bad-key", "登记号为空", "the key is empty", place="key")
    return found


def _seen(letter: str) -> bool:
    return unicodedata.category(letter) not in _INVISIBLE and not _UNSEEN.match(letter)

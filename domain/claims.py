"""Register numbers (item 7) and experience keys (item 27): each counts once a cycle, over all units.

One stream a key, ``claim/{cycle}/{leaf}/{32 hexadecimal digits}``, so that two units that bring the same key forward
at the same moment meet there and one is refused. The same commit that claims, declines or revokes a bonus takes or
frees its key.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass

from domain import facts
from domain.refusals import Refused
from domain.sheet import Sheet

# Letters nobody sees that have no category of their own: joiners, Hangul fillers, variation selectors.
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u3164\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})


@dataclass(frozen=True, slots=True)
class Claim:
    """Who holds a key: unit, item and bonus; all empty while it is free."""

    unit: str = ""
    item: str = ""
    bonus: str = ""

    def evolve(self, fact: facts.Fact) -> "Claim":
        """This claim after ``fact``; facts of other streams, and a release by another bonus, change nothing."""
        match fact:
            case facts.KeyReserved():
                return Claim(fact.unit, fact.item, fact.bonus)
            case facts.KeyReleased(bonus=self.bonus):
                return Claim()
        return self


def normal(key: str) -> str:
    """The one spelling of a key: NFKC, case folded, invisible letters dropped, blanks single and none at the ends.

    So "ＤＬ－１２ " and "dl-12" are one number, and a zero-width letter makes no second one.
    """
    if key.isascii() and key.isprintable():  # as most keys are: none of the rest can change them
        return " ".join(key.lower().split())
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", key).casefold())
    words = ("".join(letter for letter in word if _seen(letter)) for word in folded.split())
    return " ".join(word for word in words if word)


def stream(cycle: str, leaf: str, key: str) -> str:
    """The stream of a key of a leaf; refuses a key in which nothing can be seen."""
    return f"claim/{cycle}/{leaf}/{hashlib.sha256(_visible(key).encode()).hexdigest()[:32]}"


def stream_of(sheet: Sheet, fact: facts.Fact) -> str | None:
    """The stream of the key that a fact of ``sheet`` takes or frees; None for a fact that does neither."""
    match fact:
        case facts.BonusClaimed() | facts.BonusProposed():
            return stream(sheet.cycle, fact.leaf, fact.key)
        case facts.BonusDeclined() | facts.BonusRevoked():
            return stream(sheet.cycle, fact.leaf, sheet.bonuses[fact.bonus].key)
    return None


def follow(claim: Claim, sheet: Sheet, fact: facts.Fact) -> list[facts.Fact]:
    """What a fact of ``sheet`` means for its key: taken, freed, or nothing. Refuses a key that another bonus holds."""
    match fact:
        case facts.BonusClaimed() | facts.BonusProposed():
            return reserve(claim, sheet.unit, sheet.item, fact.bonus, fact.key)
        case facts.BonusDeclined() | facts.BonusRevoked():
            return release(claim, fact.bonus)
    return []


def reserve(claim: Claim, unit: str, item: str, bonus: str, key: str) -> list[facts.Fact]:
    """Takes the key for a bonus; nothing when that bonus holds it already. The refusal does not say who holds it."""
    if claim == Claim(unit, item, bonus):
        return []
    if claim != Claim():
        raise Refused("key-taken", key, key, place="key")
    return [facts.KeyReserved(unit, item, bonus)]


def release(claim: Claim, bonus: str) -> list[facts.Fact]:
    """Frees the key if this bonus holds it, else nothing."""
    return [facts.KeyReleased(bonus)] if claim.bonus == bonus and claim != Claim() else []


def _visible(key: str) -> str:
    found = normal(key)
    if not found:
        raise Refused("bad-key", "登记号为空", "the key is empty", place="key")
    return found


def _seen(letter: str) -> bool:
    return unicodedata.category(letter) not in _INVISIBLE and not _UNSEEN.match(letter)

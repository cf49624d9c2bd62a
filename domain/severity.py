"""Were all judged alike: how severe each reviewer is, how far two agree, and what was given; exact, never a float.

Weighted kappa with quadratic weights: J. Cohen, Weighted kappa, Psychological Bulletin 70 (1968) 213-220; the weight of
a disagreement is the square of the points between two judgements, so unequal steps weigh what they are worth.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from domain.judgements import Given, Judgements, Pair
from domain.points import half_up

FEW = 5
"""Below so many judgements a number says little, and is marked so."""


@dataclass(frozen=True, slots=True)
class Severity:
    """How a reviewer's judgements lie: against the other one of the same leaf, and against the mean of the leaf.

    ``apart`` sums own minus other over ``pairs``, ``off`` own minus mean over ``judged``; in hundredths.
    """

    judged: int
    pairs: int
    apart: int
    off: Fraction
    exact: int
    near: int


def severity(found: Judgements, steps: Mapping[tuple[str, str], Sequence[int]]) -> dict[str, Severity]:
    """By reviewer. ``steps``: (unit, leaf) -> the points that could be given."""
    means = {leaf: mean(each.points for each in of) for leaf, of in _by_leaf(found.given).items()}
    own: dict[str, list[Given]] = defaultdict(list)
    for each in found.given:
        own[each.person].append(each)
    return {
        person: _of(judged, [pair for pair in found.pairs if person in {pair.first.person, pair.second.person}],
                    person, means, steps)
        for person, judged in sorted(own.items())
    }  # fmt: skip


def _of(
    judged: Sequence[Given],
    pairs: Sequence[Pair],
    person: str,
    means: Mapping[str, Fraction],
    steps: Mapping[tuple[str, str], Sequence[int]],
) -> Severity:
    apart = sum(pair.apart if pair.first.person == person else -pair.apart for pair in pairs)
    off = sum((each.points - means[each.leaf] for each in judged), Fraction(0))
    exact, near = agreement(pairs, steps)
    return Severity(len(judged), len(pairs), apart, off, exact, near)


def agreement(pairs: Iterable[Pair], steps: Mapping[tuple[str, str], Sequence[int]]) -> tuple[int, int]:
    """How many pairs gave the same points, and how many at most one step apart (the same counts too)."""
    every = list(pairs)
    exact = sum(not pair.apart for pair in every)
    return exact, sum(not pair.apart or _neighbours(pair, steps) for pair in every)


def _neighbours(pair: Pair, steps: Mapping[tuple[str, str], Sequence[int]]) -> bool:
    known = steps.get((pair.first.unit, pair.first.leaf), ())
    both = (pair.first.points, pair.second.points)
    return all(each in known for each in both) and abs(known.index(both[0]) - known.index(both[1])) == 1


def kappa(pairs: Sequence[Pair]) -> Fraction | None:
    """Agreement beyond chance of one leaf's pairs: 1 is all, 0 is chance; None where chance alone would agree."""
    firsts, seconds = (Counter(getattr(pair, which).points for pair in pairs) for which in ("first", "second"))
    observed = Fraction(sum(pair.apart**2 for pair in pairs) * len(pairs))
    expected = sum(m * n * (one - two) ** 2 for one, m in firsts.items() for two, n in seconds.items())
    return 1 - observed / expected if expected else None


def mean(points: Iterable[int]) -> Fraction:
    """The exact mean of at least one number."""
    every = list(points)
    return Fraction(sum(every), len(every))


def rounded(value: Fraction, places: int) -> str:
    """A fraction as text with so many decimals, a half going up."""
    whole = half_up(value.numerator * 10**places, value.denominator)
    digits, rest = divmod(abs(whole), 10**places)
    return f"{'-' if whole < 0 else ''}{digits}.{rest:0{places}d}"


def _by_leaf(given: Iterable[Given]) -> dict[str, list[Given]]:
    found: dict[str, list[Given]] = defaultdict(list)
    for each in given:
        found[each.leaf].append(each)
    return found

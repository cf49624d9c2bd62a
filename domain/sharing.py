"""Points shared out exactly: the parts are whole hundredths and their sum is what is shared."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.points import parse


def split(points: int, parts: Sequence[int]) -> list[int]:
    """``points`` in proportion to ``parts`` (not all 0): largest remainder, ties by their order."""
    whole = sum(parts)
    shared = [points * part // whole for part in parts]
    left = points - sum(shared)
    by_remainder = sorted(range(len(parts)), key=lambda place: -(points * parts[place] % whole))
    for place in by_remainder[:left]:
        shared[place] += 1
    return shared


def joint(points: int, part: Mapping[str, Any]) -> int:
    """What a unit has of a joint claim worth ``points``: its part, to the hundredth, all parts adding up."""
    own: int = part["own"]
    return split(points, part["parts"])[own]


def share(unit: str, shares: Mapping[str, str], points: int) -> int:
    """What ``unit`` has of ``points`` under these shares; 0 for who has none. Units in order of their names."""
    units = sorted(shares)
    if unit not in shares:
        return 0
    return split(points, parts(shares))[units.index(unit)]


def sound(shares: Mapping[str, str]) -> dict[str, str]:
    """The shares themselves; raises ValueError when nothing could be split by them."""
    given = parts(shares)
    if not any(given) or min(given) < 0:
        raise ValueError(f"no shares: {shares}")
    return dict(shares)


def parts(shares: Mapping[str, str]) -> list[int]:
    """The shares in hundredths, by unit in order of their names."""
    return [parse(shares[unit]) for unit in sorted(shares)]

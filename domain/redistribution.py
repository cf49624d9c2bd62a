"""Where the points of a leaf go that does not apply (rubric.md, "Zero denominator")."""

from collections.abc import Mapping, Set as AbstractSet

from domain.rubric.leaves import Face


def redistribute(points: Mapping[str, int], absent: AbstractSet[str]) -> dict[str, int]:
    """New points by leaf, in the same order and with the same sum.

    The points of the ``absent`` leaves move to the others in proportion to theirs: largest remainder, in
    hundredths, ties by leaf order. Where no other is left, every leaf keeps its own.
    """
    kept = {leaf: own for leaf, own in points.items() if leaf not in absent}
    whole, moving = sum(kept.values()), sum(points.values()) - sum(kept.values())
    if not kept or not moving:
        return dict(points)
    grown = {leaf: own + moving * own // whole for leaf, own in kept.items()}
    left = sum(points.values()) - sum(grown.values())
    by_remainder = sorted(kept, key=lambda leaf: -(moving * kept[leaf] % whole))
    for leaf in by_remainder[:left]:
        grown[leaf] += 1
    return {leaf: grown.get(leaf, 0) for leaf in points}


def maximum(faces: Mapping[str, Face], absent: AbstractSet[str]) -> dict[str, int | None]:
    """The most each leaf can earn in hundredths; for a bonus its cap, None where there is none."""
    scored = {leaf: face.points for leaf, face in faces.items() if not face.bonus}
    points = redistribute(scored, absent)
    return {leaf: getattr(face.rule, "cap", None) if face.bonus else points[leaf] for leaf, face in faces.items()}

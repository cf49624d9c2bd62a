"""Targets of task leaves: issued by one person, or changed by two with all that moves; ``cycle/{id}``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TargetIssued:
    """A unit's target for a task leaf, the first or a revised one."""

    unit: str
    leaf: str
    target: int
    reason: str


@dataclass(frozen=True, slots=True)
class TargetChangeProposed:
    """An administrator proposes another target, or a first one for a leaf that the unit has filed figures for.

    ``before`` is the target in force, 0 for none; ``effective`` from when on the new one would hold (UTC), "" for from
    its confirmation on. ``difference`` is the digest of the document that lists everything that would move, as of
    ``position``; ``units`` says how many units it moves, ``ranks`` how many of them to another place.
    """

    change: str
    unit: str
    leaf: str
    before: int
    target: int
    effective: str
    difference: str
    units: int
    ranks: int
    engine: str
    position: int
    reason: str


@dataclass(frozen=True, slots=True)
class TargetChangeConfirmed:
    """A second administrator confirms exactly the difference that was shown; TargetIssued follows with it."""

    change: str
    difference: str
    engine: str
    reason: str


@dataclass(frozen=True, slots=True)
class TargetChangeWithdrawn:
    """A proposal is taken back by who made it, or declined by another administrator."""

    change: str
    reason: str

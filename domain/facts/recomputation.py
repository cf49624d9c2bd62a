"""Replays from zero; ``recomputation/{id}``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RecomputationRequested:
    """Somebody asks for a replay of everything from zero."""

    recomputation: str
    reason: str


@dataclass(frozen=True, slots=True)
class RecomputationFinished:
    """A replay was compared with the live tables at one position; ``differences`` counts rows that disagree."""

    recomputation: str
    position: int
    digest: str
    rows: int
    differences: int
    engine: str
    report: str


@dataclass(frozen=True, slots=True)
class RecomputationApproved:
    """A second person approves that the replayed tables replace the live ones."""

    recomputation: str
    reason: str


@dataclass(frozen=True, slots=True)
class RecomputationApplied:
    """The replayed tables are live from here."""

    recomputation: str
    position: int
    digest: str

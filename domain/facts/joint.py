"""A key brought forward by several units together; on each unit's sheet and, in the same commit, on the key's stream.

``shares`` give each partner's part of the leaf's points by unit, adding up to them; granted at another level they
keep their proportion.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JointClaimed:
    """A unit claims a bonus together with others; nothing of it counts until each of them agreed."""

    bonus: str
    leaf: str
    key: str
    title: str
    level: str
    unit: str
    item: str
    shares: dict[str, str]
    statement: str


@dataclass(frozen=True, slots=True)
class JointClaimAgreed:
    """A partner agrees to the joint claim and to his share, by his own act."""

    bonus: str
    leaf: str
    key: str
    title: str
    level: str
    unit: str
    shares: dict[str, str]


@dataclass(frozen=True, slots=True)
class JointClaimDisputed:
    """A partner does not agree; his statement stands beside that of who claimed, and the claim stays held."""

    bonus: str
    leaf: str
    key: str
    title: str
    level: str
    unit: str
    shares: dict[str, str]
    statement: str


@dataclass(frozen=True, slots=True)
class JointSplitProposed:
    """A reviewer proposes how a held claim is split, or who alone has it."""

    bonus: str
    leaf: str
    key: str
    shares: dict[str, str]
    reason: str


@dataclass(frozen=True, slots=True)
class JointSplitDecided:
    """A second person decides the split; ``unit`` is whose sheet this stands on, empty on the key's stream."""

    bonus: str
    leaf: str
    key: str
    title: str
    level: str
    unit: str
    shares: dict[str, str]
    reason: str

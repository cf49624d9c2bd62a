"""Points moved on a sheet by two people: adjustments, bonuses, appeals; ``sheet/{cycle}/{unit}/{item}``."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class AdjustmentProposed:
    """A change of a leaf's points by ``delta``, proposed with a reason code and text."""

    adjustment: str
    leaf: str
    delta: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class AdjustmentApproved:
    """A second person approves an adjustment; it counts from here."""

    adjustment: str
    leaf: str
    reason: str


@dataclass(frozen=True, slots=True)
class AdjustmentDeclined:
    """A second person declines an adjustment."""

    adjustment: str
    leaf: str
    reason: str


@dataclass(frozen=True, slots=True)
class AdjustmentRevoked:
    """An approved adjustment counts no longer."""

    adjustment: str
    leaf: str
    reason: str


@dataclass(frozen=True, slots=True)
class BonusClaimed:
    """A unit claims a bonus under a register number (item 7) or an experience key (item 27)."""

    bonus: str
    leaf: str
    key: str
    title: str


@dataclass(frozen=True, slots=True)
class BonusProposed:
    """A reviewer proposes a bonus with a written justification, on a claim or of his own."""

    bonus: str
    leaf: str
    key: str
    title: str
    level: str
    justification: str
    evidence: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class BonusGranted:
    """A second person grants a proposed bonus."""

    bonus: str
    leaf: str
    reason: str


@dataclass(frozen=True, slots=True)
class BonusDeclined:
    """A second person declines a bonus."""

    bonus: str
    leaf: str
    reason: str


@dataclass(frozen=True, slots=True)
class BonusRevoked:
    """A granted bonus counts no longer."""

    bonus: str
    leaf: str
    reason: str


@dataclass(frozen=True, slots=True)
class AppealFiled:
    """A unit appeals against the points of a leaf, on evidence of its sheet.

    ``objection``: the one that led to it, whose answer filed it in the same commit; "" for the unit's own appeal.
    """

    appeal: str
    leaf: str
    text: str
    evidence: list[str] = field(default_factory=list)
    objection: str = ""


@dataclass(frozen=True, slots=True)
class AppealAssigned:
    """An appeal is laid before a person who never acted on the sheet."""

    appeal: str
    leaf: str
    person: str
    reason: str


@dataclass(frozen=True, slots=True)
class AppealDecided:
    """The appeal is upheld, upheld partly or dismissed; points go down only where another unit's objection led to it.

    ``delta`` counts from here as an approved adjustment of id ``adjustment``; a dismissal has "0.00" and none.
    """

    appeal: str
    leaf: str
    outcome: str
    delta: str
    adjustment: str
    reason: str

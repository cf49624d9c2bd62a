"""What stands on a sheet: submissions, evidence, adjustments, bonuses, rounds of marking, each with its state.

They are changed in place by the sheet's fold, and by nothing else.
"""

from dataclasses import dataclass, field

from domain.facts import Figures


@dataclass(slots=True)
class Submission:
    """Figures by leaf, who filed them, and whether they were withdrawn."""

    id: str
    figures: dict[str, Figures]
    by: str
    withdrawn: bool = False


@dataclass(slots=True)
class Evidence:
    """A file and its state: uploaded, accepted, returned, rejected, withdrawn, or superseded once returned.

    ``supersedes`` names the returned file that this one answers.
    """

    id: str
    leaf: str
    digest: str
    media_type: str
    size: int
    name: str
    by: str
    state: str = "uploaded"
    reason: str = ""
    supersedes: str = ""


@dataclass(slots=True)
class Adjustment:
    """A change of points: proposed, approved, declined or revoked. ``delta`` in hundredths."""

    id: str
    leaf: str
    delta: int
    code: str
    text: str
    proposer: str
    state: str = "proposed"
    decider: str = ""
    reason: str = ""


@dataclass(slots=True)
class Bonus:
    """A bonus: claimed, proposed, granted, declined or revoked; of a joint claim also disputed.

    ``shares``: of a joint claim each unit's part of the points, by unit.
    """

    id: str
    leaf: str
    key: str
    title: str
    state: str
    claimant: str = ""
    proposer: str = ""
    level: str = ""
    justification: str = ""
    decider: str = ""
    reason: str = ""
    evidence: list[str] = field(default_factory=list)
    shares: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Appeal:
    """An appeal: filed, assigned, then upheld, partly upheld or dismissed. ``delta`` in hundredths.

    ``objection``: the one that led to it; "" for the unit's own.
    """

    id: str
    leaf: str
    text: str
    evidence: list[str]
    by: str
    state: str = "filed"
    assignee: str = ""
    decider: str = ""
    delta: int = 0
    adjustment: str = ""
    reason: str = ""
    objection: str = ""


@dataclass(slots=True)
class Round:
    """A leaf judged twice: sealed, then agreed, waived or differing, and differing ones moderated.

    Points and ``limit`` in hundredths; ``seen`` is the submission that stood when ``first`` judged ("" for none).
    A round that the unit or a reviewer overtook by other figures is over, and says nothing.
    """

    leaf: str
    marking: str
    limit: int
    seal: str
    first: str
    seen: str
    alone: bool
    state: str = "sealed"
    known: bool = False
    points: int = 0
    reason: str = ""
    second: str = ""
    second_points: int = 0
    second_reason: str = ""
    signer: str = ""
    waiver: str = ""
    moderator: str = ""
    moderated_points: int = 0
    moderation: str = ""

    @property
    def open(self) -> bool:
        """Whether somebody has still to judge before the leaf counts."""
        return self.state in {"sealed", "differing"}

    @property
    def counts(self) -> int:
        """The points of a round that is over: the moderated ones, else the first (ADR "Double marking")."""
        return self.moderated_points if self.state == "moderated" else self.points

    def unseal(self, points: int, reason: str) -> None:
        """The first judgement becomes known; whether it stands follows from the second one and the limit."""
        self.known, self.points, self.reason = True, points, reason
        if self.signer:
            self.state = "waived"
        else:
            self.state = "differing" if abs(points - self.second_points) > self.limit else "agreed"

"""What stands on a sheet: submissions, evidence, adjustments, bonuses, each with its state.

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
    """A bonus: claimed, proposed, granted, declined or revoked."""

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


@dataclass(slots=True)
class Appeal:
    """An appeal: filed, assigned, then upheld, partly upheld or dismissed. ``delta`` in hundredths."""

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

"""How far a joint claim is, as all its partners may know: as it stands, or stood at a moment."""

from typing import Any

from domain import facts
from domain.joint import Joint
from domain.moments import Moment
from domain.sheet import Bonus
from service.commands.claims import read
from service.queries.bonuses import told


def jointly(stream: str) -> dict[str, Any] | None:
    """How far a joint claim is, with both sides' statements; None once its key is free again."""
    found = read(stream)[0].joint
    return None if found is None else _joint_shown(found)


def jointly_then(cycle: str, item: str, bonus: Bonus, moment: Moment) -> dict[str, Any] | None:
    """The same as it stood at a moment, by what stands on the sheets of the partners."""
    found: Joint | None = None
    rows = told((f"sheet/{cycle}/{unit}/{item}" for unit in bonus.shares), moment)
    for _, _, fact, _ in sorted(rows, key=lambda row: row[3] or 0):
        if fact.bonus != bonus.id:
            continue
        if isinstance(fact, facts.JointClaimed):
            found = Joint.of(fact)
        elif isinstance(fact, facts.BonusDeclined | facts.BonusRevoked):
            found = None
        elif found is not None:
            found = found.evolve(fact)
    return None if found is None else _joint_shown(found)


def _joint_shown(found: Joint) -> dict[str, Any]:
    return {
        "bonus": found.bonus,
        "state": found.state,
        "lead": found.claim.unit,
        "statement": found.claim.statement,
        "shares": dict(found.shares),
        "agreed": sorted(found.agreed),
        "disputed": dict(found.disputed),
        "proposal": found.proposal and {"shares": found.proposal.shares, "reason": found.proposal.reason},
    }

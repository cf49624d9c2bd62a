"""A leaf judged twice, once both judgements stand: it is decided, or it waits for a third person."""

from domain import facts
from domain.points import parse
from domain.told.row import Earlier, Past, Row

_FILED = (
    facts.FiguresSubmitted, facts.SubmissionWithdrawn, facts.EvidenceAttached, facts.EvidenceWithdrawn,
    facts.BonusClaimed, facts.AppealFiled, facts.JointClaimed, facts.JointClaimAgreed, facts.JointClaimDisputed,
)  # fmt: skip


def agreed(fact: facts.JudgementOpened, earlier: Earlier) -> Past | None:
    """Something where the first judgement stands: nobody is told of points that are not given yet."""
    return None if _judges(fact, earlier) else Past()


def differing(fact: facts.JudgementOpened, earlier: Earlier) -> Past | None:
    """Something where a third person is awaited, who is neither judge and never filed on the sheet."""
    judges = _judges(fact, earlier)
    if not judges:
        return None
    # Whoever referred another's objection as an appeal acted for no unit.
    filers = {by for each, by in earlier if isinstance(each, _FILED) and not getattr(each, "objection", "")}
    return Past(barred=judges | filers)


def _judges(fact: facts.JudgementOpened, earlier: Earlier) -> frozenset[str]:
    """Both judges of the round that is opened where they are further apart than its limit; else nobody."""
    first: tuple[facts.JudgementSealed, str] | None = None
    second: tuple[facts.SecondJudgementGiven, str] | None = None
    for each, by in earlier:
        if isinstance(each, facts.JudgementSealed) and each.leaf == fact.leaf:
            first, second = (each, by), None
        elif isinstance(each, facts.SecondJudgementGiven) and each.leaf == fact.leaf:
            second = (each, by)
    if first is None or second is None:
        return frozenset()
    apart = abs(parse(fact.points) - parse(second[0].points))
    return frozenset({first[1], second[1]}) if apart > parse(first[0].limit) else frozenset()


MODERATION = Row(
    "second", ("approve",), "有评分分歧待仲裁", "two judgements differ and await moderation", look=differing
)

"""Joint claims: brought forward by one unit for several, agreed to by each partner, or split by two people (Q12)."""

from collections.abc import Mapping, Sequence

from domain import facts, spelling
from domain.acts.bonuses import of_level
from domain.acts.case import Case, Decided
from domain.acts.filing import free
from domain.awarded import whole
from domain.duties import second_person
from domain.joint import Joint
from domain.points import BadPoints, parse, show
from domain.refusals import Refused
from domain.rubric.rules import Award, Tally
from domain.sharing import split

MOST = 20


def claim(case: Case, wanted: facts.JointClaimed) -> Decided:
    """Claims a key together with other units; ``wanted.shares`` names them all, this one among them."""
    grant = case.by_unit("file")
    case.rule(wanted.leaf, Tally, Award)
    if wanted.bonus in case.sheet.bonuses:
        raise Refused("already-exists", wanted.bonus, wanted.bonus)
    free(case, wanted.bonus, wanted.leaf, wanted.key)
    if wanted.unit not in wanted.shares or not 1 < len(wanted.shares) <= MOST:
        raise Refused("bad-shares", place="shares")
    for unit in wanted.shares:
        _may_share(case, wanted.leaf, unit)
    _add_up(case, wanted.leaf, wanted.level, wanted.shares)
    if not all(parse(each) for each in wanted.shares.values()):
        raise Refused("bad-shares", "0.00", "0.00", place="shares")
    return Decided(grant, [wanted])


def equal(case: Case, leaf: str, level: str, units: Sequence[str]) -> dict[str, str]:
    """The leaf's points split equally, to the hundredth, what is left over to the first by name."""
    named = sorted(set(units))
    points = split(_points(case, leaf, level), [1] * len(named)) if named else []
    return {unit: show(each) for unit, each in zip(named, points, strict=True)}


def agree(case: Case, joint: Joint) -> Decided:
    """A partner agrees, on his own sheet."""
    grant, said = case.by_unit("file"), joint.claim
    _another(case, joint)
    fact = facts.JointClaimAgreed(
        said.bonus, said.leaf, said.key, said.title, said.level, case.sheet.unit, dict(joint.shares)
    )
    return Decided(grant, [fact], joint.effective)


def dispute(case: Case, joint: Joint, statement: str) -> Decided:
    """A partner does not agree and says why; the claim stays held until the department decides."""
    grant, said = case.by_unit("file"), joint.claim
    _another(case, joint)
    spelling.reason(statement, "statement")
    fact = facts.JointClaimDisputed(
        said.bonus, said.leaf, said.key, said.title, said.level, case.sheet.unit, dict(joint.shares), statement
    )
    return Decided(grant, [fact], joint.effective)


def propose_split(case: Case, joint: Joint, shares: Mapping[str, str], reason: str) -> Decided:
    """A reviewer proposes a split among the partners, or one holder; on the sheet of each of them."""
    said = joint.claim
    grant = case.by_department("review", said.leaf)
    if not shares.keys() <= said.shares.keys():
        raise Refused("bad-shares", place="shares")
    _add_up(case, said.leaf, said.level, shares)
    spelling.reason(reason)
    held = {unit: points for unit, points in shares.items() if parse(points)}
    for unit in held:
        case.cycle.unit(unit)
    fact = facts.JointSplitProposed(said.bonus, said.leaf, said.key, held, reason)
    return Decided(grant, [fact], joint.effective)


def decide_split(case: Case, joint: Joint, reason: str) -> Decided:
    """A second person decides the split as proposed; it may then be proposed and granted as any bonus."""
    said, proposal = joint.claim, joint.proposal
    grant = case.by_department("approve", said.leaf)
    if proposal is None:
        raise Refused("joint-held", said.bonus, said.bonus)
    found = case.sheet.bonuses.get(said.bonus)
    second_person(case.person, *([found.proposer, found.claimant] if found else []))
    spelling.reason(reason)
    fact = facts.JointSplitDecided(
        said.bonus, said.leaf, said.key, said.title, said.level, case.sheet.unit, proposal.shares, reason
    )
    return Decided(grant, [fact], joint.effective)


def _may_share(case: Case, leaf: str, unit: str) -> None:
    """Refuses a partner who takes no part, or to whose cohort the leaf gives something else."""
    face = case.leaf(leaf).faces.get(case.cycle.unit(unit).cohort)
    if face is None or face.rule != case.rule(leaf):
        raise Refused("bad-shares", unit, unit, place="shares")


def _another(case: Case, joint: Joint) -> None:
    """Refuses a key under which something else stands on this sheet already."""
    free(case, joint.bonus, joint.claim.leaf, joint.claim.key)


def _points(case: Case, leaf: str, level: str) -> int:
    rule = case.rule(leaf, Tally, Award)
    of_level(rule, level)
    return whole(rule, level)


def _add_up(case: Case, leaf: str, level: str, shares: Mapping[str, str]) -> None:
    points = _points(case, leaf, level)
    try:
        parts = [parse(each) for each in shares.values()]
    except BadPoints as bad:
        raise Refused("bad-shares", bad.zh, bad.en, place="shares") from None
    if sum(parts) != points or min(parts) < 0:
        raise Refused("bad-shares", show(points), show(points), place="shares")

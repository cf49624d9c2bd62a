"""One unit's sheet for one item; folded from ``sheet/{cycle}/{unit}/{item}``.

``evolve`` changes the sheet it is given (a fold owns its sheet; copying made a replay twice as slow) and looks at
nothing else: no clock, no chance, no file.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from domain import facts
from domain.contents import Adjustment, Appeal, Bonus, Evidence, Round, Submission
from domain.facts import Figures
from domain.points import parse, show
from domain.sharing import sound

__all__ = ["Adjustment", "Appeal", "Bonus", "Evidence", "Round", "Sheet", "Submission"]


@dataclass(slots=True)
class Sheet:
    """The sheet as of now. ``verified`` holds figures, or {"points": …} for a judged leaf.

    ``seen`` is the submission that stood when a leaf was last reviewed ("" for none): another one since is unreviewed.
    ``targets`` are those issued, by task leaf; ``rounds`` the last of double marking, by leaf; ``rubric`` is the hash
    of the one applied last, "" for none since the unit was enrolled. ``filers`` acted for the unit, ``actors`` are
    everybody who ever acted here; ``handlers`` are those who did more than decide an appeal.
    """

    cycle: str
    unit: str
    item: str
    submissions: dict[str, Submission] = field(default_factory=dict)
    claimed: dict[str, tuple[str, Figures]] = field(default_factory=dict)
    verified: dict[str, Figures] = field(default_factory=dict)
    reviewed: dict[str, str] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    filers: set[str] = field(default_factory=set)
    actors: set[str] = field(default_factory=set)
    handlers: set[str] = field(default_factory=set)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    adjustments: dict[str, Adjustment] = field(default_factory=dict)
    bonuses: dict[str, Bonus] = field(default_factory=dict)
    appeals: dict[str, Appeal] = field(default_factory=dict)
    targets: dict[str, int] = field(default_factory=dict)
    rubric: str = ""
    sources: dict[str, list[str]] = field(default_factory=dict)
    rounds: dict[str, Round] = field(default_factory=dict)

    @classmethod
    def of(cls, stream: str) -> "Sheet":
        """The empty sheet of a stream name."""
        _, cycle, unit, item = stream.split("/")
        return cls(cycle, unit, item)

    def evolve(self, fact: Any, by: str, event: str = "") -> frozenset[str]:
        """Takes in ``fact`` of person ``by``; answers the leaves it concerns.

        ``event`` is kept as their source; a replay, which has no use for sources, gives none.
        """
        leaves = _EVOLVE[type(fact)](self, fact, by)
        if type(fact) is facts.RubricApplied:  # an act on the whole cycle makes nobody partial to this sheet
            return leaves
        self.actors.add(by)
        if type(fact) is not facts.AppealDecided:
            self.handlers.add(by)
        if event:
            for leaf in leaves:
                self.sources.setdefault(leaf, []).append(event)
        return leaves

    def approved(self, leaf: str) -> int:
        """The sum of approved adjustments of a leaf, in hundredths."""
        return sum(each.delta for each in self.adjustments.values() if each.leaf == leaf and each.state == "approved")

    def people(self) -> frozenset[str]:
        """Everybody who ever acted here, for the unit or for a department."""
        return frozenset(self.actors) - {""}

    def unseen(self, leaf: str) -> bool:
        """Whether figures stand for the leaf that no reviewer has seen."""
        filed = self.claimed.get(leaf)
        return filed is not None and filed[0] != self.seen.get(leaf)

    def unsettled(self, leaf: str) -> Round | None:
        """The round of double marking that the leaf is in, if it is in one."""
        found = self.rounds.get(leaf)
        return found if found is not None and found.open else None


@lru_cache(1_024)
def _one(leaf: str) -> frozenset[str]:
    return frozenset({leaf})


def _submitted(sheet: Sheet, fact: facts.FiguresSubmitted, by: str) -> frozenset[str]:
    sheet.submissions[fact.submission] = Submission(fact.submission, fact.figures, by)
    sheet.filers.add(by)
    for leaf, figures in fact.figures.items():
        sheet.claimed[leaf] = (fact.submission, figures)
        _overtake(sheet, leaf)
    return frozenset(fact.figures)


def _withdrawn(sheet: Sheet, fact: facts.SubmissionWithdrawn, by: str) -> frozenset[str]:
    gone = sheet.submissions[fact.submission]
    gone.withdrawn = True
    sheet.filers.add(by)
    for leaf in gone.figures:
        sheet.claimed.pop(leaf, None)
        _overtake(sheet, leaf)
        for earlier in sheet.submissions.values():
            if not earlier.withdrawn and leaf in earlier.figures:
                sheet.claimed[leaf] = (earlier.id, earlier.figures[leaf])
    return frozenset(gone.figures)


def _attached(sheet: Sheet, fact: facts.EvidenceAttached, by: str) -> frozenset[str]:
    sheet.evidence[fact.evidence] = Evidence(
        fact.evidence, fact.leaf, fact.digest, fact.media_type, fact.size, fact.name, by, supersedes=fact.supersedes
    )
    if fact.supersedes:
        sheet.evidence[fact.supersedes].state = "superseded"
    sheet.filers.add(by)
    return _one(fact.leaf)


def _evidence_withdrawn(sheet: Sheet, fact: facts.EvidenceWithdrawn, by: str) -> frozenset[str]:
    evidence = sheet.evidence[fact.evidence]
    evidence.state, evidence.reason = "withdrawn", fact.reason
    sheet.filers.add(by)
    if evidence.supersedes:
        sheet.evidence[evidence.supersedes].state = "returned"  # nothing answers it any more
    return _one(evidence.leaf)


def _evidence_reviewed(sheet: Sheet, fact: facts.EvidenceReviewed, by: str) -> frozenset[str]:
    evidence = sheet.evidence[fact.evidence]
    evidence.state, evidence.reason = fact.outcome, fact.reason
    sheet.reviewed[fact.evidence] = by
    return _one(fact.leaf)


def _overtake(sheet: Sheet, leaf: str) -> None:
    """Ends a round about figures that are no longer those in force: the leaf is judged anew."""
    if (found := sheet.unsettled(leaf)) is not None:
        found.state = "overtaken"


def _reviewed(sheet: Sheet, leaf: str, figures: Figures, by: str) -> frozenset[str]:
    _overtake(sheet, leaf)
    sheet.verified[leaf] = figures
    sheet.reviewed[leaf] = by
    sheet.seen[leaf] = sheet.claimed[leaf][0] if leaf in sheet.claimed else ""
    return _one(leaf)


def _verified(sheet: Sheet, fact: facts.FiguresVerified, by: str) -> frozenset[str]:
    return _reviewed(sheet, fact.leaf, fact.figures, by)


def _judged(sheet: Sheet, fact: facts.LeafJudged, by: str) -> frozenset[str]:
    # A leaf that stands alone and does not apply keeps that mark and takes the points beside it.
    mark = {"not_applicable": True} if fact.alone else {}
    return _reviewed(sheet, fact.leaf, {"points": fact.points, **mark}, by)


def _sealed(sheet: Sheet, fact: facts.JudgementSealed, by: str) -> frozenset[str]:
    seen = sheet.claimed[fact.leaf][0] if fact.leaf in sheet.claimed else ""
    sheet.rounds[fact.leaf] = Round(fact.leaf, fact.marking, parse(fact.limit), fact.seal, by, seen, fact.alone)
    return _one(fact.leaf)


def _second(sheet: Sheet, fact: facts.SecondJudgementGiven, by: str) -> frozenset[str]:
    found = sheet.rounds[fact.leaf]
    found.second, found.second_points, found.second_reason = by, parse(fact.points), fact.reason
    return _one(fact.leaf)


def _second_waived(sheet: Sheet, fact: facts.SecondJudgementWaived, by: str) -> frozenset[str]:
    found = sheet.rounds[fact.leaf]
    found.signer, found.waiver = by, fact.reason
    return _one(fact.leaf)


def _opened(sheet: Sheet, fact: facts.JudgementOpened, _: str) -> frozenset[str]:
    found = sheet.rounds[fact.leaf]
    found.unseal(parse(fact.points), fact.reason)
    return _settled(sheet, found, found.first)


def _moderated(sheet: Sheet, fact: facts.JudgementModerated, by: str) -> frozenset[str]:
    found = sheet.rounds[fact.leaf]
    found.state = "moderated"
    found.moderator, found.moderated_points, found.moderation = by, parse(fact.points), fact.reason
    return _settled(sheet, found, by)


def _settled(sheet: Sheet, found: Round, by: str) -> frozenset[str]:
    """The leaf counts from here, as judged on the submission that the first reviewer saw."""
    if not found.open:
        mark = {"not_applicable": True} if found.alone else {}
        sheet.verified[found.leaf] = {"points": show(found.counts), **mark}
        sheet.reviewed[found.leaf], sheet.seen[found.leaf] = by, found.seen
    return _one(found.leaf)


def _not_applicable(sheet: Sheet, fact: facts.NotApplicableConfirmed, by: str) -> frozenset[str]:
    return _reviewed(sheet, fact.leaf, {"not_applicable": True}, by)


def _proposed(sheet: Sheet, fact: facts.AdjustmentProposed, by: str) -> frozenset[str]:
    sheet.adjustments[fact.adjustment] = Adjustment(
        fact.adjustment, fact.leaf, parse(fact.delta), fact.code, fact.text, by
    )
    return _one(fact.leaf)


def _adjustment(state: str) -> Callable[[Sheet, Any, str], frozenset[str]]:
    def decided(sheet: Sheet, fact: Any, by: str) -> frozenset[str]:
        adjustment = sheet.adjustments[fact.adjustment]
        adjustment.state, adjustment.decider, adjustment.reason = state, by, fact.reason
        return _one(adjustment.leaf)

    return decided


def _claimed(sheet: Sheet, fact: facts.BonusClaimed, by: str) -> frozenset[str]:
    sheet.filers.add(by)
    sheet.bonuses[fact.bonus] = Bonus(fact.bonus, fact.leaf, fact.key, fact.title, "claimed", claimant=by)
    return _one(fact.leaf)


def _bonus_proposed(sheet: Sheet, fact: facts.BonusProposed, by: str) -> frozenset[str]:
    claim = sheet.bonuses.get(fact.bonus)
    sheet.bonuses[fact.bonus] = Bonus(
        fact.bonus,
        fact.leaf,
        fact.key,
        fact.title,
        "proposed",
        claim.claimant if claim else "",
        by,
        fact.level,
        fact.justification,
        evidence=list(fact.evidence),
        shares=claim.shares if claim else {},
    )
    return _one(fact.leaf)


def _jointly(state: str) -> Callable[[Sheet, Any, str], frozenset[str]]:
    def told(sheet: Sheet, fact: Any, by: str) -> frozenset[str]:
        sheet.filers.add(by)
        sheet.bonuses[fact.bonus] = Bonus(
            fact.bonus, fact.leaf, fact.key, fact.title, state, by, level=fact.level, shares=sound(fact.shares)
        )
        return _one(fact.leaf)

    return told


def _split_proposed(sheet: Sheet, fact: facts.JointSplitProposed, by: str) -> frozenset[str]:
    if fact.bonus in sheet.bonuses:  # a partner who has said nothing yet has none
        sheet.bonuses[fact.bonus].proposer = by
    return _one(fact.leaf)


def _split(sheet: Sheet, fact: facts.JointSplitDecided, by: str) -> frozenset[str]:
    said = sheet.bonuses.get(fact.bonus)
    held = sheet.unit in fact.shares
    sheet.bonuses[fact.bonus] = Bonus(
        fact.bonus,
        fact.leaf,
        fact.key,
        fact.title,
        "claimed" if held else "declined",
        said.claimant if said else "",
        said.proposer if said else "",
        level=fact.level,
        decider="" if held else by,
        reason=fact.reason,
        shares=sound(fact.shares),
    )
    return _one(fact.leaf)


def _bonus(state: str) -> Callable[[Sheet, Any, str], frozenset[str]]:
    def decided(sheet: Sheet, fact: Any, by: str) -> frozenset[str]:
        bonus = sheet.bonuses[fact.bonus]
        bonus.state, bonus.decider, bonus.reason = state, by, fact.reason
        return _one(bonus.leaf)

    return decided


def _appealed(sheet: Sheet, fact: facts.AppealFiled, by: str) -> frozenset[str]:
    sheet.filers.add(by)
    sheet.appeals[fact.appeal] = Appeal(fact.appeal, fact.leaf, fact.text, list(fact.evidence), by)
    return frozenset({fact.leaf})


def _appeal_assigned(sheet: Sheet, fact: facts.AppealAssigned, _: str) -> frozenset[str]:
    appeal = sheet.appeals[fact.appeal]
    appeal.state, appeal.assignee = "assigned", fact.person
    return frozenset({appeal.leaf})


def _appeal_decided(sheet: Sheet, fact: facts.AppealDecided, by: str) -> frozenset[str]:
    appeal = sheet.appeals[fact.appeal]
    appeal.state, appeal.decider, appeal.reason = fact.outcome, by, fact.reason
    appeal.delta, appeal.adjustment = parse(fact.delta), fact.adjustment
    if fact.adjustment:  # the unit asked for it, another person approved it
        sheet.adjustments[fact.adjustment] = Adjustment(
            fact.adjustment, appeal.leaf, appeal.delta, "appeal", fact.reason, appeal.by, "approved", by, fact.reason
        )
    return frozenset({appeal.leaf})


def _target(sheet: Sheet, fact: facts.TargetApplied, _: str) -> frozenset[str]:
    sheet.targets[fact.leaf] = fact.target
    return frozenset({fact.leaf})


def _applied(sheet: Sheet, fact: facts.RubricApplied, _: str) -> frozenset[str]:
    sheet.rubric = fact.hash
    return frozenset()


_EVOLVE: dict[type, Callable[[Sheet, Any, str], frozenset[str]]] = {
    facts.FiguresSubmitted: _submitted,
    facts.SubmissionWithdrawn: _withdrawn,
    facts.EvidenceAttached: _attached,
    facts.EvidenceWithdrawn: _evidence_withdrawn,
    facts.EvidenceReviewed: _evidence_reviewed,
    facts.FiguresVerified: _verified,
    facts.LeafJudged: _judged,
    facts.NotApplicableConfirmed: _not_applicable,
    facts.JudgementSealed: _sealed,
    facts.SecondJudgementGiven: _second,
    facts.SecondJudgementWaived: _second_waived,
    facts.JudgementOpened: _opened,
    facts.JudgementModerated: _moderated,
    facts.AdjustmentProposed: _proposed,
    facts.AdjustmentApproved: _adjustment("approved"),
    facts.AdjustmentDeclined: _adjustment("declined"),
    facts.AdjustmentRevoked: _adjustment("revoked"),
    facts.BonusClaimed: _claimed,
    facts.BonusProposed: _bonus_proposed,
    facts.JointClaimed: _jointly("claimed"),
    facts.JointClaimAgreed: _jointly("claimed"),
    facts.JointClaimDisputed: _jointly("disputed"),
    facts.JointSplitProposed: _split_proposed,
    facts.JointSplitDecided: _split,
    facts.BonusGranted: _bonus("granted"),
    facts.BonusDeclined: _bonus("declined"),
    facts.BonusRevoked: _bonus("revoked"),
    facts.AppealFiled: _appealed,
    facts.AppealAssigned: _appeal_assigned,
    facts.AppealDecided: _appeal_decided,
    facts.TargetApplied: _target,
    facts.RubricApplied: _applied,
}

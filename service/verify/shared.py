"""Shared keys: what a sheet says of a joint claim is what the key's own stream says, so that no part is invented."""

from typing import Any

from domain import claims, facts
from service.verify.entries import Entry
from service.verify.findings import Findings

_TOLD = (facts.JointClaimed, facts.JointClaimAgreed, facts.JointClaimDisputed, facts.JointSplitDecided)


class SharedKeys:
    """Takes entries with their facts in order; a commit's streams stand sorted, a key's before the sheets'."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._keys: dict[str, claims.Claim] = {}

    def take(self, entry: Entry, fact: Any) -> None:
        """Follows a key's stream, and checks a sheet's fact against it."""
        if entry.subject.startswith("claim/"):
            self._keys[entry.subject] = self._keys.get(entry.subject, claims.Claim()).evolve(fact)
        elif isinstance(fact, _TOLD):
            _, cycle, unit, _ = entry.subject.split("/")
            joint = self._keys.get(claims.stream(cycle, fact.leaf, fact.key), claims.Claim()).joint
            if joint is None or joint.bonus != fact.bonus or joint.shares != fact.shares or fact.unit != unit:
                self._findings.at(
                    entry.position,
                    "与该登记号的联合申报不符",
                    "does not fit the joint claim of its key",
                    f"{unit} {fact.bonus}",
                )

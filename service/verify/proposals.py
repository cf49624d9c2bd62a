"""Proposals: what a second person put into force is, member by member, what the first had laid before him."""

from dataclasses import dataclass, field
from typing import Any

from domain import facts
from service.verify.entries import Entry
from service.verify.findings import Findings

# What is put into force -> as what it was proposed, the member that names it, the members that have to be the same.
_CONFIRMS: dict[type, tuple[type, str, tuple[str, ...]]] = {
    facts.ObjectionAnswered: (facts.ObjectionFiled, "objection", ("unit", "about")),
    facts.ExtensionGranted: (facts.ExtensionProposed, "extension", ("unit", "phase", "moment")),
    facts.CycleReopened: (facts.ReopeningProposed, "reopening", ("calendar",)),
    facts.MarkingSet: (facts.MarkingProposed, "marking", ("percent", "departments", "limit")),
    facts.RubricAdopted: (facts.RubricChangeProposed, "change", ("before", "hash", "difference")),
    facts.TargetChangeConfirmed: (facts.TargetChangeProposed, "change", ("difference",)),
}
_ENDS: dict[type, tuple[type, str]] = {
    **{kind: (proposed, name) for kind, (proposed, name, _) in _CONFIRMS.items()},
    facts.RubricChangeWithdrawn: (facts.RubricChangeProposed, "change"),
    facts.TargetChangeWithdrawn: (facts.TargetChangeProposed, "change"),
}
_NAMES = dict(_ENDS.values())


_DRAFTED = (facts.RubricDrafted, facts.InterpretationDecided)


@dataclass(slots=True)
class Proposals:
    """Takes entries with their facts, in the order of their positions."""

    findings: Findings
    _open: dict[tuple[str, type, str], Any] = field(default_factory=dict)
    _drafts: dict[str, str] = field(default_factory=dict)  # rubric -> the hash that waits for a second person

    def take(self, entry: Entry, fact: Any) -> None:
        """Keeps what is proposed until it is decided, and checks what is put into force against it."""
        kind = type(fact)
        if kind in _NAMES:
            self._open[entry.subject, kind, getattr(fact, _NAMES[kind])] = fact
        elif kind in _ENDS:
            proposed, name = _ENDS[kind]
            asked = self._open.pop((entry.subject, proposed, getattr(fact, name)), None)
            if kind in _CONFIRMS:
                self._compare(entry, fact, asked)
        else:
            self._rubric(entry, fact)

    def _rubric(self, entry: Entry, fact: Any) -> None:
        if isinstance(fact, _DRAFTED):
            self._drafts[entry.subject] = fact.hash
        elif isinstance(fact, facts.RubricDraftWithdrawn | facts.RubricPublished):
            waited = self._drafts.pop(entry.subject, "")
            # what nobody of any role published, a first import, nobody drafted
            if entry.role and waited != fact.hash:
                self.findings.at(
                    entry.position, "考核表草案不是待公布的那一份", "not the draft that waited for a second person",
                    fact.hash,
                )  # fmt: skip

    def _compare(self, entry: Entry, fact: Any, asked: Any) -> None:
        if asked is None:
            self.findings.at(entry.position, "没有待确认的提请", "there was no such proposal to decide", entry.type)
            return
        *_, members = _CONFIRMS[type(fact)]
        other = [member for member in members if getattr(fact, member) != getattr(asked, member)]
        if other:
            self.findings.at(
                entry.position,
                "所确认的与所提请的不同",
                "what was confirmed is not what was proposed",
                ", ".join(other),
            )

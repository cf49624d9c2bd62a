"""The walk over all entries in order: readable, linked, permitted, and folded into scores."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from service.verify.acts import Acts
from service.verify.admission import Admission
from service.verify.adoptions import Adoptions
from service.verify.chains import Chains
from service.verify.decisions import Decisions
from service.verify.differences import differences
from service.verify.ended import Ended
from service.verify.entries import Entry, UnreadableError, fact_of, read_entry
from service.verify.findings import Findings
from service.verify.mailboxes import Mailboxes
from service.verify.proposals import Proposals
from service.verify.publications import STATEMENTS, Moments, digest_at
from service.verify.referrals import Referrals
from service.verify.rounds import Rounds
from service.verify.scores import Scores
from service.verify.shared import SharedKeys
from service.verify.targets import Targets
from service.verify.withdrawals import Withdrawals


class Audit:
    """Takes every entry once, in order.

    `scores_until`: the position the score tables stand at (0: none); `moments`: where results are stated.
    """

    def __init__(
        self, documents: Mapping[str, bytes], scores_until: int, moments: Moments | None = None, *, traced: bool = False
    ) -> None:
        self.findings = Findings()
        self.chains = Chains(self.findings)
        self.scores = Scores(documents, traced=traced)
        self.ended = Ended()
        self._shared = SharedKeys(self.findings, self.scores)
        self._referrals = Referrals(self.findings)
        self._acts = Acts(self.findings, self.scores.department_of)
        self._admission = Admission(self.findings)
        self._mailboxes = Mailboxes(self.findings)
        self._rounds = Rounds(self.findings, self.scores.department_of)
        self._proposals = Proposals(self.findings)
        self._adoptions = Adoptions(self.findings, self.scores)
        self._decisions = Decisions(self.findings, self.scores)
        self._withdrawals = Withdrawals(self.findings, self.scores)
        self._targets = Targets(self.findings, self.scores)
        self._until = scores_until
        self._moments: Moments = moments or {}
        self._digests: dict[tuple[str, int], str] = {}
        self._expected: dict[str, dict[str, Any]] = {}

    def take(self, position: int, raw: bytes) -> Entry | None:
        """Checks one entry; None when it is unreadable, which is a finding."""
        entry = self._taken(position, raw)
        self.stop(position)
        return entry

    def stop(self, position: int) -> None:
        """Computes what is stated to stand at a position; call it for a position without an entry.

        What cannot be computed is found where it is compared.
        """
        with suppress(UnreadableError):
            for cycle in self._moments.get(position, ()):
                self._digests[cycle, position] = digest_at(self.scores, cycle)
        if position == self._until:
            for cycle in self.scores.cycles:
                with suppress(UnreadableError):
                    self._expected[cycle] = self.scores.published(cycle)

    def _taken(self, position: int, raw: bytes) -> Entry | None:
        try:
            entry = read_entry(position, raw)
        except UnreadableError as reason:
            self.findings.at(position, "条目无法读取", "the entry is unreadable", str(reason))
            return None
        self.chains.take(entry)
        try:
            self._checked(entry, fact_of(entry))
        except (UnreadableError, ValueError) as reason:
            self.findings.at(position, "事件与之前的记录不符", "the event does not fit what came before", str(reason))
        return entry

    def _checked(self, entry: Entry, fact: Any) -> None:
        """Every rule sees the sheet and the year as they stood before; then the entry is folded into them."""
        sheet = self.scores.sheet(entry.subject)
        self._acts.take(entry, fact, sheet)
        self._admission.take(entry, fact)
        self._mailboxes.take(entry, fact)
        self._rounds.take(entry, fact, sheet)
        self._shared.take(entry, fact, sheet)
        self._referrals.take(entry, fact, sheet)
        self.ended.take(entry, fact)
        self._stated(entry, fact)
        self._proposals.take(entry, fact)
        self._adoptions.take(entry, fact)
        self._decisions.take(entry, fact)
        self._withdrawals.take(entry, fact)
        self._targets.take(entry, fact)
        self.scores.take(entry, fact)

    def _stated(self, entry: Entry, fact: object) -> None:
        """Finds results whose digest is not that of what the entries give at their position."""
        if isinstance(fact, STATEMENTS):
            cycle = entry.subject.removeprefix("cycle/")
            if self._digests.get((cycle, fact.position)) != fact.digest:
                self.findings.at(
                    entry.position, "公布的结果与重算不符", "the results stated are not what the entries give", cycle
                )

    def folded(self, position: int, raw: bytes) -> Entry | None:
        """Like `take`, for an excerpt of the record: linked and folded, but roles and order cannot be judged."""
        try:
            entry = read_entry(position, raw)
            self.chains.take(entry)
            self.scores.take(entry, fact_of(entry))
        except (UnreadableError, ValueError) as reason:
            self.findings.at(position, "条目无法读取", "the entry is unreadable", str(reason))
            return None
        return entry

    def compare(self, cycle: str, published: Mapping[str, object], findings: Findings | None = None) -> None:
        """Finds every published number that the entries do not give; told in ``findings`` where they are given."""
        findings = self.findings if findings is None else findings
        if cycle not in self._expected:
            findings.add(f"cycle {cycle}", "成绩无法重算", "the scores cannot be computed")
            return
        self.differ(self._expected[cycle], published, "published", findings)

    def differ(self, expected: object, shown: object, place: str, findings: Findings | None = None) -> None:
        """Finds where a shown document is not the expected one."""
        findings = self.findings if findings is None else findings
        for where in differences(expected, shown):
            findings.add(f"{place} {where}", "公布的结果与重算不符", "shown, but the entries give another")

"""Addresses of notices: each confirmed by its owner with a code that was in force, or by the program after a ping."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from domain import facts
from domain.channels import Channels
from service.verify.entries import Entry
from service.verify.findings import Findings

_WORKER = "worker"


@dataclass(slots=True)
class Mailboxes:
    """Takes entries of people, in the order of their positions."""

    findings: Findings
    _channels: dict[str, Channels] = field(default_factory=dict)

    def take(self, entry: Entry, fact: Any) -> None:
        """Checks who issued a code and who confirmed what with it."""
        if not entry.subject.startswith("person/"):
            return
        person = entry.subject.removeprefix("person/")
        state = self._channels.get(person, Channels(person))
        by_program = entry.role == _WORKER and not entry.actor
        if isinstance(fact, facts.NoticeCodeIssued) and not by_program:
            self.findings.at(entry.position, "确认码非程序发出", "a code issued by no program", entry.actor)
        if isinstance(fact, facts.NoticeAddressConfirmed):
            ours = by_program if fact.channel == "webhook" else entry.actor == person and _shown(state, fact, entry)
            if not ours:
                self.findings.at(entry.position, "通知地址未经确认", "an address that nobody confirmed", entry.actor)
        self._channels[person] = state.evolve(fact)


def _shown(state: Channels, fact: facts.NoticeAddressConfirmed, entry: Entry) -> bool:
    """Whether the code that was shown had gone to this address, and was in force."""
    now = datetime.fromisoformat(entry.time)
    return any((each.address, each.digest) == (fact.address, fact.digest) and each.live(now) for each in state.codes)

"""What the record itself says is over: keys of the log that ended, and what two people had erased."""

from contextlib import suppress

from domain import facts
from domain.erasure import Erasure
from events.log.errors import LogError
from events.log.keys import parse_vkey
from service.verify.entries import Entry


class Ended:
    """Takes entries with their facts, in the order of their positions.

    ``retired``: key -> the position up to which it counts; ``erased``: commitment or file -> by which position.
    """

    def __init__(self) -> None:
        self.retired: dict[str, int] = {}
        self.erased: dict[str, int] = {}
        self._keys: list[str] = []
        self._erasures: dict[str, Erasure] = {}

    def take(self, entry: Entry, fact: object) -> None:
        """Learns from one entry."""
        self._erase(entry, fact)
        if entry.subject == "log/keys":
            self._key(entry)

    def _key(self, entry: Entry) -> None:
        """Learns how the log's own keys changed, and up to which position one that was retired counts."""
        key = str(entry.data.get("key"))
        self._keys.append(f"#{entry.position} {entry.type}: {key}")
        with suppress(LogError):
            if entry.type == "LogKeyRetired":
                self.retired[parse_vkey(key).text] = entry.position

    def _erase(self, entry: Entry, fact: object) -> None:
        """Learns which commitments and files two people decided to erase, and at which position."""
        if entry.subject.startswith("erasure/"):
            before = self._erasures.get(entry.subject, Erasure(entry.subject))
            after = self._erasures[entry.subject] = before.evolve(fact, entry.actor)  # type: ignore[arg-type]
            if isinstance(fact, facts.ErasureApproved) and after.lawful:
                self.erased |= dict.fromkeys((*fact.commitments, *fact.files), entry.position)

    @property
    def remarks(self) -> list[str]:
        """Changes of the log's keys, and what no longer can be read, lawfully ("lawfully erased by #n")."""
        return self._keys + [
            f"{what[:16]}…: 已承诺，依法抹除 #{position} / committed, lawfully erased by #{position}"
            for what, position in self.erased.items()
        ]

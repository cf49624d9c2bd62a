"""Streams: contiguous from version 1, each event naming the leaf of the one before; times that only go on."""

from datetime import datetime, timedelta

from service.verify.entries import Entry
from service.verify.findings import Findings

PATIENCE = timedelta(minutes=10)
"""How far an event's time may lie behind an earlier position's: appends wait for locks, clocks are set."""


class Chains:
    """Takes entries in the order of their positions."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._heads: dict[str, tuple[int, str]] = {}
        self._ids: set[str] = set()
        self._latest: datetime | None = None
        self._source = ""

    def take(self, entry: Entry) -> None:
        """Checks one entry against all before it."""
        version, leaf = self._heads.get(entry.subject, (0, ""))
        if entry.version != version + 1:
            self._findings.at(
                entry.position,
                "流的版本不连续",
                "the stream's versions are not contiguous",
                f"{entry.subject}: {version} → {entry.version}",
            )
        elif entry.prevhash != leaf:
            self._findings.at(
                entry.position, "未指向流中前一条目", "does not name the stream's event before it", entry.subject
            )
        self._heads[entry.subject] = (entry.version, entry.leaf.hex())
        self._unique(entry)
        self._in_time(entry)

    def continues(self, entry: Entry) -> bool:
        """Whether an entry is its stream's next one."""
        return (entry.version - 1, entry.prevhash) == self._heads.get(entry.subject, (0, ""))

    def streams(self) -> dict[str, int]:
        """The version each stream stands at."""
        return {stream: version for stream, (version, _) in self._heads.items()}

    def _unique(self, entry: Entry) -> None:
        if entry.id in self._ids:
            self._findings.at(entry.position, "事件编号重复", "the event id was used before", entry.id)
        self._ids.add(entry.id)
        if entry.source != (self._source or entry.source):
            self._findings.at(entry.position, "来自另一个日志", "the entry is of another log", entry.source)
        self._source = self._source or entry.source

    def _in_time(self, entry: Entry) -> None:
        # lexical comparison would do, but a time that is no moment must be told as well
        try:
            moment = datetime.fromisoformat(entry.time.removesuffix("Z"))
        except ValueError:
            self._findings.at(entry.position, "时间无效", "not a moment", entry.time)
            return
        if self._latest is not None and moment < self._latest - PATIENCE:
            self._findings.at(
                entry.position, "时间早于其前的条目，疑为倒填", "back-dated: earlier than what precedes it"
            )
        self._latest = max(self._latest or moment, moment)

"""What a verification finds: named places, in two languages; and its exit codes (design, "The offline verifier")."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

HOLDS, TAMPERED, UNUSABLE, LOWER_GRADE = 0, 1, 2, 3
MOST = 1_000
GRADES = ("ordered", "signed", "witnessed", "time-stamped")

Progress: TypeAlias = Callable[[int, int], None]
"""(positions done, positions in all), called now and then."""


def silent(_done: int, _all: int) -> None:
    """Progress for nobody."""


def plain(text: str) -> str:
    """A text from a stranger's file as one line that every terminal shows as it is: no control, no false line end."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


class UnusableError(Exception):
    """The input cannot be verified at all: not what it claims to be, or beyond the limits. Exit code 2."""

    def __init__(self, zh: str, en: str, detail: str = "") -> None:
        super().__init__(plain(f"{zh} / {en}" + (f": {detail}" if detail else "")))
        self.zh, self.en, self.detail = zh, en, detail


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not hold, and where: "position 17", "tile/0/001", "published zhongshan/1a"."""

    place: str
    zh: str
    en: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.zh} / {self.en}" + (f" ({self.detail})" if self.detail else "")


@dataclass(slots=True)
class Findings:
    """Collects findings, the first thousand of them; after that only their number grows."""

    kept: list[Finding] = field(default_factory=list)
    count: int = 0

    def add(self, place: str, zh: str, en: str, detail: str = "") -> None:
        """Notes one finding."""
        self.count += 1
        if len(self.kept) < MOST:
            self.kept.append(Finding(place, zh, en, detail))

    def at(self, position: int, zh: str, en: str, detail: str = "") -> None:
        """Notes one finding at a position of the record."""
        self.add(f"position {position}", zh, en, detail)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.kept)

    def __bool__(self) -> bool:
        return bool(self.count)


@dataclass(slots=True)
class Report:
    """The outcome: what was checked, what was found, and the grade that is held.

    ``unchecked``: the scores in force are another program's, so nothing was made of it that this one gives others.
    """

    findings: Findings
    size: int = 0
    grade: str = "ordered"
    asked: str = "signed"
    notes: list[str] = field(default_factory=list)
    quorum_met: bool = False
    unchecked: bool = False

    @property
    def exit_code(self) -> int:
        """0 holds, 1 tampered, 3 holds with a lower grade than asked, or with scores that were not checked."""
        if self.findings:
            return TAMPERED
        if self.unchecked:
            return LOWER_GRADE
        return HOLDS if GRADES.index(self.grade) >= GRADES.index(self.asked) else LOWER_GRADE

    @property
    def lines(self) -> list[str]:
        """The report for people."""
        told = [str(each) for each in self.findings]
        if self.findings.count > len(told):
            told.append(f"… {self.findings.count - len(told)}")
        verdict = {
            HOLDS: "成立 holds",
            TAMPERED: f"被篡改：{self.findings.count} 处 TAMPERED: {self.findings.count} findings",
            LOWER_GRADE: "成立，但现行成绩未核对 holds, with the scores in force unchecked"
            if self.unchecked
            else "成立，但等级低于要求 holds, with a lower grade than asked",
        }[self.exit_code]
        grade = f"等级 grade: {self.grade}（要求 asked: {self.asked}）"
        return list(map(plain, [*self.notes, *told, f"条目 entries: {self.size}", grade, verdict]))

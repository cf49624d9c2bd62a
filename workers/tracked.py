"""A sheet with its scores, event by event: what each event changed of them, and what has waited since when.

Evidence is most of a year and moves no score: of it only what waits is kept, the sheets here hold no files.
"""

from dataclasses import dataclass, field
from typing import Any

from domain.columns import LeafScore, rescored
from domain.facts import RubricApplied
from domain.sheet import Sheet
from events.codec import Brief, to_fact
from workers.item_rules import ItemRules
from workers.rules import Rules, UnknownRules
from workers.waiting import FILES, Desk, FileCame, desks, to_file, waits

_NONE = LeafScore(0, 0, 0, -1, "empty")  # of a leaf that was not there; no leaf's score is that
HistoryRow = tuple[str, str, str, str, int, str, str, int, int, int]


@dataclass(slots=True)
class Tracked:
    """A sheet with its scores after ``version`` events; what changed since a batch began stands beside them.

    ``rules`` are those of the rubric its stream applied last; another one is looked up in the ``book``.

    ``changed``: leaf -> position of the event that last changed its score or status. ``waiting``: (kind, subject)
    -> (leaf, position since when it waits), or None when it waits no longer. ``handed``: leaves that another department
    answers for. ``new``: the batch holds its first event, so nothing of it has been written.
    """

    sheet: Sheet
    book: Rules
    rules: ItemRules
    scores: dict[str, LeafScore]
    version: int = 0
    batch: object = None
    new: bool = False
    changed: dict[str, int] = field(default_factory=dict)
    waiting: dict[tuple[str, str], tuple[str, int] | None] = field(default_factory=dict)
    handed: set[str] = field(default_factory=set)


def begin(rules: Rules, stream: str, first: Brief | None = None) -> Tracked:
    """The sheet of a stream before its ``first`` event; raises UnknownRules.

    A sheet of an item that came with an adopted rubric has no leaf before that rubric was applied to it.
    """
    sheet = Sheet.of(stream)
    where = (sheet.cycle, sheet.unit, sheet.item)
    try:
        how = rules.item(*where)
    except UnknownRules:
        if first is None or first.type != RubricApplied.__name__:
            raise
        return Tracked(sheet, rules, rules.item(*where, to_fact(first).hash), {})
    return Tracked(sheet, rules, how, how.empty)


def take_in(tracked: Tracked, fact: Any, event: Brief, position: int, history: list[HistoryRow]) -> None:
    """Takes one fact of the sheet in, which ``event`` records: sheet, rules, scores, history."""
    sheet = tracked.sheet
    sheet.evolve(fact, event.actor)
    if type(fact) is RubricApplied:
        before = tracked.rules.departments
        tracked.rules = tracked.book.item(sheet.cycle, sheet.unit, sheet.item, sheet.rubric)
        handed = {leaf for leaf, to in tracked.rules.departments.items() if before.get(leaf, to) != to}
        tracked.handed |= handed
        tracked.changed.update(dict.fromkeys(handed, position))
    _score(tracked, fact, event, position, history)


def step(tracked: Tracked, event: Brief, position: int, history: list[HistoryRow]) -> None:
    """Takes one event of the sheet's stream in: sheet, scores, history, what waits."""
    if event.type in FILES:
        file = to_file(event)
        _wait(tracked, ("evidence", file.evidence), (file.leaf, position) if type(file) is FileCame else None)
    else:
        fact = to_fact(event)
        asked = desks(tracked.sheet)
        take_in(tracked, fact, event, position, history)
        if asked or tracked.sheet.rounds:
            _marking(tracked, asked, position)
        for key, leaf in waits(fact):
            _wait(tracked, key, (leaf, position) if leaf else None)
    tracked.version = event.streamversion


def _score(tracked: Tracked, fact: Any, event: Brief, position: int, history: list[HistoryRow]) -> None:
    sheet, before = tracked.sheet, tracked.scores
    tracked.scores = rescored(sheet, tracked.rules.scorer, tracked.rules.rules, before, fact)
    if tracked.scores is before:
        return
    for leaf, score in tracked.scores.items():
        old = before.get(leaf, _NONE)
        if score == old:
            continue
        tracked.changed[leaf] = position
        if score.status != old.status:
            # A leaf waits from when its status becomes "pending"; what is filed again keeps its place in the queue.
            given = leaf in sheet.claimed or leaf in sheet.verified
            _wait(tracked, ("figures", leaf), (leaf, position) if score.status == "pending" and given else None)
        if score[:3] != old[:3]:
            history.append(
                (sheet.cycle, sheet.unit, sheet.item, leaf, position, event.id, event.type,
                 score.claimed, score.verified, score.final)
            )  # fmt: skip


def _marking(tracked: Tracked, before: dict[str, Desk], position: int) -> None:
    """What double marking waits for; meanwhile nobody is asked for a first judgement of the leaf."""
    now = desks(tracked.sheet)
    for leaf in before.keys() | now.keys():
        old, new = before.get(leaf), now.get(leaf)
        if old == new:
            continue
        if old:
            _wait(tracked, old, None)
        if new:
            _wait(tracked, new, (leaf, position))
        elif leaf in tracked.scores and tracked.scores[leaf].status == "pending":  # other figures stand there now
            _wait(tracked, ("figures", leaf), (leaf, position))
        if new and not old:
            _wait(tracked, ("figures", leaf), None)


def _wait(tracked: Tracked, key: tuple[str, str], since: tuple[str, int] | None) -> None:
    if since is None and tracked.new:
        tracked.waiting.pop(key, None)
    else:
        tracked.waiting[key] = since

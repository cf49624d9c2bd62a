"""Rows of enrolments, leaf_scores and review_queue, by key: two writers that meet wait, never in a ring."""

from collections.abc import Iterable

from workers.changes import Changes
from workers.tracked import Tracked

LeafRow = tuple[str, str, str, str, str, int, int, int, int | None, str, int]
QueueKey = tuple[str, str, str, str, str]
QueueRow = tuple[str, str, str, str, str, str, str, int]


def enrolment_rows(changes: Changes) -> list[tuple[str, str, int]]:
    """One row a unit that was enrolled."""
    return sorted((cycle, unit, position) for (cycle, unit), position in changes.enrolled.items())


def leaf_rows(sheets: Iterable[Tracked]) -> list[LeafRow]:
    """One row a leaf whose score or status changed."""
    rows: list[LeafRow] = []
    for tracked in sheets:
        sheet, departments = tracked.sheet, tracked.rules.departments
        for leaf, position in tracked.changed.items():
            rows.append((sheet.cycle, sheet.unit, sheet.item, leaf, departments[leaf], *tracked.scores[leaf], position))
    return sorted(rows, key=lambda row: (row[0], row[1], row[3]))


def queue_rows(sheets: Iterable[Tracked]) -> tuple[list[QueueKey], list[QueueRow]]:
    """The keys of what waits no longer, and the rows of what waits from now."""
    gone: list[QueueKey] = []
    waiting: list[QueueRow] = []
    for tracked in sheets:
        sheet, departments = tracked.sheet, tracked.rules.departments
        where = (sheet.cycle, sheet.unit, sheet.item)
        for (kind, subject), since in tracked.waiting.items():
            if since is None:
                gone.append((*where, kind, subject))
            else:
                waiting.append((*where, since[0], departments[since[0]], kind, subject, since[1]))
    return gone, waiting


def handed_rows(sheets: Iterable[Tracked]) -> list[tuple[str, str, str, str, str]]:
    """Leaves that another department answers for, and which; what waits there waits for it."""
    return sorted(
        (tracked.sheet.cycle, tracked.sheet.unit, tracked.sheet.item, leaf, tracked.rules.departments[leaf])
        for tracked in sheets
        for leaf in tracked.handed
    )

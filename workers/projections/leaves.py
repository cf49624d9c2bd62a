"""Rows of leaf_scores, score_history and review_queue."""

from collections.abc import Iterable

from domain.sheet import Sheet
from workers.fold import Tracked

LeafRow = tuple[str, str, str, str, str, int, int, int, int | None, str, int]
QueueRow = tuple[str, str, str, str, str, str, str, int]


def leaf_rows(tracked: Tracked) -> list[LeafRow]:
    """One row a leaf of the sheet, scored or not."""
    sheet, departments = tracked.sheet, tracked.rules.departments
    return [
        (sheet.cycle, sheet.unit, sheet.item, leaf, departments[leaf], score.claimed, score.verified, score.final,
         score.maximum, score.status, tracked.position)
        for leaf, score in tracked.scores.items()
    ]  # fmt: skip


def queue_rows(tracked: Tracked) -> list[QueueRow]:
    """What waits for a department on this sheet: figures, evidence, proposals of adjustments and bonuses."""
    sheet, departments = tracked.sheet, tracked.rules.departments
    return [
        (sheet.cycle, sheet.unit, sheet.item, leaf, departments[leaf], kind, subject, tracked.position)
        for leaf, kind, subject in _waiting(sheet, tracked)
    ]


def _waiting(sheet: Sheet, tracked: Tracked) -> Iterable[tuple[str, str, str]]:
    for leaf, score in tracked.scores.items():
        if score.status == "pending" and leaf in sheet.claimed:
            yield leaf, "figures", leaf
    for evidence in sheet.evidence.values():
        if evidence.state == "uploaded":
            yield evidence.leaf, "evidence", evidence.id
    for adjustment in sheet.adjustments.values():
        if adjustment.state == "proposed":
            yield adjustment.leaf, "adjustment", adjustment.id
    for bonus in sheet.bonuses.values():
        if bonus.state in {"claimed", "proposed"}:
            yield bonus.leaf, "claim" if bonus.state == "claimed" else "bonus", bonus.id

"""What several steps do to a leaf of a sheet."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from domain.facts import Figures

if TYPE_CHECKING:
    from domain.sheet import Sheet


@lru_cache(1_024)
def one(leaf: str) -> frozenset[str]:
    """The set of one leaf, made once."""
    return frozenset({leaf})


def overtake(sheet: Sheet, leaf: str) -> None:
    """Ends a round about figures that are no longer those in force: the leaf is judged anew."""
    if (found := sheet.unsettled(leaf)) is not None:
        found.state = "overtaken"


def reviewed(sheet: Sheet, leaf: str, figures: Figures, by: str) -> frozenset[str]:
    """Figures that a reviewer stands for, on the submission that stands now."""
    overtake(sheet, leaf)
    sheet.verified[leaf] = figures
    sheet.reviewed[leaf] = by
    sheet.seen[leaf] = sheet.claimed[leaf][0] if leaf in sheet.claimed else ""
    return one(leaf)

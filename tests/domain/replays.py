"""A sheet folded anew from what was recorded, and facts read back from their bytes."""

from dataclasses import asdict
from typing import Any

from domain import facts
from domain.sheet import Sheet
from events.codec import to_event, to_fact
from events.entry import Actor, Context, Head, build, decode
from tests.domain.stage import Stage


def replayed(stage: Stage, through_bytes: bool = False) -> Sheet:
    sheet = stage.empty()
    for number, (fact, by) in enumerate(stage.recorded, 1):
        sheet.evolve(reread(fact) if through_bytes else fact, by, f"event {number}")
    return sheet


def reread(fact: facts.Fact) -> Any:
    entry = build("sheet/x", Head(), to_event(fact), Context("test", Actor("x"), "2026-01-01T00:00:00.000000Z"))
    return to_fact(decode(entry))


def plain(sheet: Sheet) -> dict[str, Any]:
    return asdict(sheet)

"""The score board on a terminal: one table a cohort."""

import time
from contextlib import suppress
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from service.office import Office
from service.stack.console import say, step

_SECONDS = 60.0
_STEP = 0.1


def show_board(office: Office, cycle: str) -> None:
    """Prints the board of a cycle once the score tables stand at the end of the record."""
    with step("计算成绩", "Scoring") as report:
        end = time.monotonic() + _SECONDS
        while (waiting := behind(office)) and time.monotonic() < end:
            report(f"{waiting:,}")
            time.sleep(_STEP)
    known, _ = office.cycles.get(cycle)
    units = known.units
    names = {cohort.id: f"{cohort.name.zh} {cohort.name.en}" for cohort in office.rules.rubric(known.hash).cohorts}
    rows = office.reads.board(cycle)
    for cohort, name in names.items():
        shown = [(row, units[row["unit"]]) for row in rows if row["cohort"] == cohort]
        drawn = table(name, [(row, unit.name_zh, unit.name_en) for row, unit in shown])
        with suppress(BrokenPipeError):
            Console().print(drawn)
    if parked := office.reads.parked():
        say(f"未能计分的表 sheets that could not be scored: {len(parked):,} (/api/v1/parked)")
    if waiting:
        say(f"尚未计入的事件 events not in these scores yet: {waiting:,}")


def behind(office: Office) -> int:
    """How many events the score tables have yet to take in, ordered or not."""
    stands = office.reads.stands()
    with office.store.connection() as connection:
        row = connection.execute("SELECT count(*) FROM record.pending").fetchone()
    return stands.lag + (int(row[0]) if row else 0)


def table(name: str, rows: list[tuple[dict[str, Any], str, str]]) -> Table:
    """One cohort, best first: rank, unit, base, bonus, total."""
    drawn = Table(title=name, title_style="bold", title_justify="left", box=SIMPLE_HEAD)
    for words in ("名次\nrank", "单位\nunit", "\n", "基本分\nbase", "加分\nbonus", "总分\ntotal"):
        drawn.add_column(words, justify="left" if words in ("单位\nunit", "\n") else "right", no_wrap=True)
    for row, zh, en in rows:
        drawn.add_row(str(row["rank"]), zh, en, row["base"], row["bonus"], row["total"])
    return drawn

"""The demo as a step of `kaohe run`: played once, carried on after an interruption, and left alone otherwise."""

from contextlib import redirect_stderr
from datetime import UTC, datetime
from pathlib import Path

from service.app import create_app
from service.bootstrap import newcomer, nobody_yet
from service.demo import notes, year
from service.demo.cast import FIRST
from service.demo.notes import Holder, Notes
from service.demo.stage import OffScript, Stage
from service.office import Office
from service.stack.console import Report
from service.stack.folders import prepare
from service.stack.trouble import StackError
from workers.settings import Settings


def visit(settings: Settings, report: Report) -> None:
    """Plays the demo year into a record that nobody has used, or the rest of a year that was interrupted."""
    app = create_app(settings)
    office: Office = app.extensions["kaohe"]
    try:
        found = notes_for(settings.data, office)
        if found is None or found.finished:
            return
        # A line for every one of our own requests would bury what the person at the terminal wants to see.
        with log(settings.data).open("a", encoding="utf-8") as lines, redirect_stderr(lines):
            year.play(Stage(app, found, lambda acts: report(f"{acts:,} / {year.ACTS:,}")), office)
        found.finish()
    except OffScript as strange:
        raise off_script(settings.data, strange) from None
    finally:
        office.close()


def log(data: Path) -> Path:
    """Where the requests of the demo are logged."""
    prepare(data / "logs")
    return data / "logs" / "demo.log"


def notes_for(data: Path, office: Office) -> Notes | None:
    """The notes of the demo in this record: new ones when nobody has used it, None when it is somebody's own."""
    if nobody_yet(office):
        begun = Notes(notes.place(data), f"{datetime.now(UTC):%Y-%m-%d}")
        begun.note(FIRST.key, Holder(*newcomer()))
        return begun
    found = notes.read(data)
    return found if found and office.people.get(found.people[FIRST.key].id)[0].registered else None


def off_script(data: Path, strange: OffScript) -> StackError:
    """Says that the rest of an interrupted demo does not fit what was recorded, with the answer that showed it."""
    return StackError(
        f"数据文件夹 {data} 中的演示由另一版本开始，无法继续；请删除它，或用 KAOHE_DATA_DIR 另选一个。",
        f"The demo in the data folder {data} was begun by another version and cannot go on; "
        "remove that folder, or choose another with KAOHE_DATA_DIR.",
        lines=(str(strange),),
    )

"""What a person at the terminal reads once the doors are open: the score board, the tokens, or how to begin."""

from collections.abc import Iterator
from contextlib import contextmanager

from service.board import show_board
from service.bootstrap import nobody_yet
from service.demo.cast import SHOWN
from service.demo.notes import Notes
from service.demo.places import CYCLE
from service.demo.sights import SIGHTS
from service.demo.visit import notes_for
from service.office import Office
from service.stack.console import say
from workers.settings import Settings


def show(settings: Settings) -> None:
    """The demo's score board and tokens; a record of somebody's own shows nothing of itself on a terminal."""
    with opened(settings) as office:
        found = notes_for(settings.data, office)
        if found is not None:
            show_board(office, CYCLE)
            show_sights()
            show_tokens(found)


def show_sights() -> None:
    """What not to miss in the demo year, each with the path at which an auditor reads it."""
    say("")
    say("值得一看（审计员令牌） worth a look, with the auditor's token")
    for sight in SIGHTS:
        say(f"  {sight.zh} {sight.en}: /api/v1{sight.path}")


def show_tokens(found: Notes) -> None:
    """A token of each role, and how to have them in a shell."""
    say("")
    say(f"每种角色一个令牌，也在 tokens, one a role, also in {found.file}")
    for role, key in SHOWN.items():
        say(f"  {role:<14}{found.people[key].token}")
    say('在另一个终端 in another terminal: eval "$(.venv/bin/kaohe tokens)"')


def welcome(settings: Settings) -> None:
    """How a record of one's own begins, while there is nobody."""
    with opened(settings) as office:
        if nobody_yet(office):
            say("首任管理员 for the first administrator: .venv/bin/kaohe people bootstrap --name …")
            say("其后各步 what comes next: docs/year.md")


@contextmanager
def opened(settings: Settings) -> Iterator[Office]:
    """An office for a while."""
    office = Office(settings)
    try:
        yield office
    finally:
        office.close()

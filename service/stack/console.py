"""What a person sees while things start: a spinner on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from rich.console import Console
from rich.markup import escape

from service.stack.trouble import StackError

Report = Callable[[str], None]
QUIET = 2.0  # seconds between two plain lines of one step


def say(text: str) -> None:
    """Prints one line; a reader who has gone away is no reason to stop."""
    with suppress(BrokenPipeError):
        print(text, flush=True)  # noqa: T201 - talking to the person at the terminal is what this is for


def complain(trouble: StackError) -> None:
    """Prints a trouble where errors belong: its sentences, then the last words of whoever caused it."""
    with suppress(BrokenPipeError):
        said = [trouble.zh, trouble.en, *(f"  | {line}" for line in trouble.lines)]
        print("\n".join(said), file=sys.stderr, flush=True)  # noqa: T201 - as above


@contextmanager
def step(zh: str, en: str) -> Iterator[Report]:
    """Shows a step while it runs; what it yields shows how far the step is, e.g. "1,200 / 30,000"."""
    title = f"{zh} {en}"
    console = Console()
    if not console.is_terminal:
        say(f"{title} …")
        yield occasionally(lambda text: say(f"  {text}"))
        return
    began = time.monotonic()
    with console.status(escape(title)) as status:
        yield lambda text: status.update(escape(f"{title}  {text}"))
    console.print(f"[green]✓[/] {escape(title)} [dim]{time.monotonic() - began:.1f} s[/]", highlight=False)


def occasionally(report: Report) -> Report:
    """Passes on at most one report in QUIET seconds."""
    last = time.monotonic()

    def sometimes(text: str) -> None:
        nonlocal last
        if time.monotonic() - last >= QUIET:
            last = time.monotonic()
            report(text)

    return sometimes

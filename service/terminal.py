"""What the commands of the log have in common: the record at hand, a progress bar, troubles in both languages."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy import create_engine

from events.log.errors import LogError
from events.store import EventStore
from service.stack.attach import attached
from service.stack.trouble import StackError
from service.verify.findings import UNUSABLE, Progress as Told, UnusableError
from workers.settings import Settings, SettingsError

Parameters = ParamSpec("Parameters")
FILE = click.Path(path_type=Path, dir_okay=False)
PRESENT = click.Path(path_type=Path, dir_okay=False, exists=True)


def plain(command: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """A command whose troubles are said in a sentence of each language and end with exit code 2."""

    @wraps(command)
    def said(*args: Parameters.args, **options: Parameters.kwargs) -> None:
        try:
            command(*args, **options)
        except (SettingsError, StackError) as trouble:
            click.echo(f"{trouble.zh}\n{trouble.en}", err=True)
        except (UnusableError, LogError) as trouble:
            click.echo(str(trouble), err=True)
        except OSError as trouble:
            click.echo(f"{trouble.filename}: {trouble.strerror}", err=True)
        else:
            return
        sys.exit(UNUSABLE)

    return said


@contextmanager
def record() -> Iterator[tuple[EventStore, Settings]]:
    """The record of the environment's database, or of a running Kaohe's."""
    settings = attached(Settings.from_environment())
    engine = create_engine(settings.service_database.sqlalchemy)
    try:
        yield EventStore(engine, settings.origin), settings
    finally:
        engine.dispose()


@contextmanager
def bar(title: str) -> Iterator[Told]:
    """A progress bar on a terminal, nothing elsewhere."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as shown:
        task = shown.add_task(title, total=None)
        yield lambda done, all_: shown.update(task, completed=done, total=all_)

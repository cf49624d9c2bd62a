"""The demo year on a database of its own, interrupted once and carried on, then ordered and projected."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine

from events.codec import to_fact
from events.entry import decode
from events.order import seal
from events.store import EventStore, Recorded
from service.demo.visit import visit
from service.office import Office
from tests.servers import Database
from workers.desk import PARTITIONS
from workers.projector import Projector
from workers.settings import Settings

MIDDLE = 900


class Interrupted(BaseException):
    """What Ctrl-C raises in the middle of the year."""


@dataclass(frozen=True, slots=True)
class Year:
    office: Office
    settings: Settings
    after_interruption: int  # events
    acts: int = 0  # as the progress told at last

    def events(self, *types: str) -> list[Recorded]:
        """The record's events, of some types if any are named, in the order of their commits."""
        with self.office.store.connection() as connection:
            rows = connection.execute("SELECT entry FROM record.events ORDER BY commit_seq, ordinal", binary=True)
            found = [Recorded(bytes(entry), decode(entry)) for (entry,) in rows]
        return [event for event in found if not types or event.type in types]

    def facts(self, *types: str) -> list[object]:
        return [to_fact(event.envelope) for event in self.events(*types)]

    def facts_of(self, streams: list[str]) -> list[object]:
        return [to_fact(event.envelope) for stream in streams for event in self.office.store.read(stream)]


def settings_of(database: Database, redis: str, folder: Path) -> Settings:
    return Settings(
        host="127.0.0.1",
        port=8000,
        data=folder,
        origin="kaohe.example/test",
        max_upload=1 << 20,
        evidence=(folder / "evidence").as_uri(),
        owner=database.owner,
        service=database.service,
        worker=database.worker,
        redis=redis,
    )


@contextlib.contextmanager
def played(settings: Settings) -> Iterator[Year]:
    """Plays the year, cut off in its middle as by Ctrl-C, and lets the workers' code score it."""
    acts, half = 0, False

    def cut(told: str) -> None:
        nonlocal acts
        acts = int(told.split(" ", maxsplit=1)[0].replace(",", ""))
        if acts == MIDDLE and not half:
            raise Interrupted

    with contextlib.suppress(Interrupted):
        visit(settings, cut)
    office = Office(settings)
    try:
        count = len(Year(office, settings, 0).events())
        acts, half = 0, True
        visit(settings, cut)
        project(settings)
        yield Year(office, settings, count, acts)
    finally:
        office.close()


def project(settings: Settings) -> None:
    """Orders and projects everything, as the workers would."""
    engine = create_engine(settings.worker_database.sqlalchemy)
    try:
        seal(engine)
        store = EventStore(engine, settings.origin)
        for partition in range(PARTITIONS):
            projector = Projector(store, partition)
            while (progress := projector.advance()) is not None and progress.more:
                pass
    finally:
        engine.dispose()

"""A signed city, prepared once; every attack gets a copy of its database and its files."""

import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import create_engine

from events.log.signers import SignerKey
from events.log.storage import read_checkpoint
from events.order import seal
from events.store import EventStore
from service.evidence import Damaged, EvidenceStore
from service.receipts import receipt_note
from service.verify.database import Kept, verify_database
from service.verify.findings import Report
from tests.events.log.record import record
from tests.servers import as_owner, fresh_database, process_number, roles
from tests.service import city as cities
from tests.service.city import sheet
from tests.service.log_acts import some_acts
from tests.service.log_house import LogHouse
from workers.database_url import DatabaseUrl
from workers.log_keys import log_keys

ORIGIN = "kaohe.example/test"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass
class Prepared:
    database: str
    folder: Path
    key: SignerKey
    kept: list[bytes] = field(default_factory=list)
    receipts: list[bytes] = field(default_factory=list)
    size: int = 0


@dataclass
class Scene:
    """`sql` runs as the superuser with every trigger off; `verify` is the auditor with what he kept."""

    prepared: Prepared
    store: EventStore
    owner: psycopg.Connection[Any]
    folder: Path

    @property
    def size(self) -> int:
        return self.prepared.size

    def sql(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        cursor = self.owner.execute(statement.encode(), parameters or None)
        return cursor.fetchall() if cursor.description else []

    def at(self, position: int) -> tuple[int, int]:
        """(commit_seq, ordinal) of a position."""
        ((number, ordinal),) = self.sql(
            "SELECT commit_seq, (%s - first)::int FROM record.ledger WHERE first <= %s ORDER BY first DESC LIMIT 1",
            position, position,
        )  # fmt: skip
        return number, ordinal

    def entry(self, position: int) -> bytes:
        ((entry,),) = self.sql(
            "SELECT entry FROM record.events WHERE commit_seq = %s AND ordinal = %s", *self.at(position)
        )
        return bytes(entry)

    def position_of(self, kind: str) -> int:
        ((position,),) = self.sql(
            "SELECT l.first + e.ordinal FROM record.events e JOIN record.ledger l USING (commit_seq)"
            " WHERE e.type = %s ORDER BY 1 LIMIT 1",
            kind,
        )
        return int(position)

    def verify(self, **kept: Any) -> Report:
        return verify_database(self.store, Kept(evidence=self.readable, **kept))

    def readable(self, digest: str) -> bool:
        try:
            EvidenceStore((self.folder / "evidence").as_uri(), 1 << 20).read(digest).close()
        except Damaged:
            return False
        return True

    def places(self, **kept: Any) -> list[str]:
        report = self.verify(**kept)
        assert report.exit_code == 1, report.lines
        return [each.place for each in report.findings]


@pytest.fixture(scope="session")
def prepared(
    postgres_server: DatabaseUrl, servers: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Prepared]:
    redis = servers["valkey"].rsplit("/", 1)[0] + f"/{140 + process_number()}"
    folder, name = tmp_path_factory.mktemp("attack"), f"attack_{process_number()}"
    with fresh_database(postgres_server, name) as made:
        with cities.opened(made, redis, folder) as city:
            house = LogHouse(city)
            some_acts(city)
            file = {"file": (io.BytesIO(PDF), "报告.pdf"), "leaf": "1a"}
            sent = city.call("unit", "POST", cities.API + sheet() + "/evidence", data=file)
            assert sent.status_code == 201, sent.get_data(as_text=True)
            record(city.office.store, 700, "note/1")
            city.settle()
            house.sign()
            with city.app.test_request_context():
                receipts = [receipt_note(each) for each in city.office.store.read("note/1")[:3]]
            ready = Prepared(name, folder, log_keys(city.office.settings)[0])
            ready.size = house.sign().head.size
            ready.kept = [house.checkpoint().data]
            ready.receipts = [each.encode() for each in receipts if each]
        yield ready


@pytest.fixture
def scene(prepared: Prepared, postgres_server: DatabaseUrl, tmp_path: Path) -> Iterator[Scene]:
    copy, folder = f"{prepared.database}_copy", tmp_path / "city"
    shutil.copytree(prepared.folder, folder)
    with as_owner(postgres_server) as server:
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(copy), sql.Identifier(prepared.database))
        )
        reached = roles(postgres_server.in_database(copy))
        engine = create_engine(reached.owner.sqlalchemy)
        try:
            with as_owner(reached.owner) as owner:
                owner.execute("SET session_replication_role = replica")
                yield Scene(prepared, EventStore(engine, ORIGIN), owner, folder)
        finally:
            engine.dispose()
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(copy)))


def order(scene: Scene) -> None:
    seal(scene.store._engine)


def newest(scene: Scene) -> bytes:
    with scene.store.connection() as connection:
        found = read_checkpoint(connection)
    assert found is not None
    return found[1].data

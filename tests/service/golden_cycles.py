"""Finished cycles kept as they were recorded, and replayed through the real fold and the real tables.

To keep another one: add its year to tests/service/golden_years.py, then run
``.venv/bin/python -m tests.service.golden_cycles NAME``. A cycle that is kept is never written again: delete its
folder by hand, and say in the commit why its scores may be others now.
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg

from events.canonical import canonical
from events.codec import to_fact
from events.entry import decode
from service.verify.differences import differences
from service.verify.tables import published
from tests.servers import Database, Servers, fresh_database
from tests.service.city import City, opened
from tests.service.golden_years import YEARS
from tests.workers.ledger import Ledger
from workers.database_url import DatabaseUrl

GOLDEN = Path(__file__).parents[1] / "golden" / "cycles"
ENTRIES, TABLE, DOCUMENTS = "entries.jsonl", "table.json", "documents"
_ENTRIES = """
SELECT e.entry FROM record.events e JOIN record.ledger l USING (commit_seq)
 WHERE e.stream = %(cycle)s OR starts_with(e.stream, %(sheets)s) ORDER BY l.first + e.ordinal
"""
_RESTORE = """
INSERT INTO record.events
SELECT record.slot((item).subject), (item).subject, (item).streamversion, (item).type, (item)."time",
       nextval('record.commit_seq'), 0, entry
  FROM (SELECT entry, record.parse(entry) AS item FROM unnest(%s::bytea[]) WITH ORDINALITY AS g (entry, n) ORDER BY n)
"""


def names() -> list[str]:
    """The cycles that are kept."""
    return sorted(each.name for each in GOLDEN.iterdir() if each.is_dir())


def entries(name: str) -> list[bytes]:
    """The entries of a cycle in the order of the record, byte for byte."""
    return (GOLDEN / name / ENTRIES).read_bytes().splitlines()


def expected(name: str) -> dict[str, Any]:
    """Units with leaves and ranks, and departments, as they were when the cycle was kept."""
    table: dict[str, Any] = json.loads((GOLDEN / name / TABLE).read_text("utf-8"))
    return table


def restore(database: Database, name: str) -> None:
    """Puts the entries and the rubrics of a cycle into an empty record, as a restore of a backup does."""
    with psycopg.connect(database.owner.libpq) as connection:
        for document in (GOLDEN / name / DOCUMENTS).iterdir():
            body = document.read_bytes()
            connection.execute("INSERT INTO record.documents VALUES (%s, %s)", (sha256(body).digest(), body))
        connection.execute(_RESTORE.encode(), (entries(name),))
        connection.execute("INSERT INTO record.pending SELECT commit_seq, 1 FROM record.events")


def replayed(ledger: Ledger, cycle: str) -> dict[str, Any]:
    """The table of a cycle as the live projection makes it, batch by batch."""
    ledger.follow(batch=250)
    with ledger.workers.connection() as connection:
        return published(connection, cycle)


def moved(name: str, shown: dict[str, Any]) -> list[str]:
    """Where a table is not the one that is kept: "units/zhongshan/leaves/1a/final: 1.60 ≠ 1.61"."""
    return differences(expected(name), json.loads(json.dumps(shown)))


def write(name: str, city: City) -> None:
    """Plays a year and keeps it; refuses one that is kept already."""
    folder = GOLDEN / name
    if folder.exists():
        raise FileExistsError(folder)
    YEARS[name](city, name)
    city.settle()
    with city.office.store.connection() as connection:
        where = {"cycle": f"cycle/{name}", "sheets": f"sheet/{name}/"}
        kept = [entry for (entry,) in connection.execute(_ENTRIES.encode(), where, binary=True)]
        table = published(connection, name)
    folder.mkdir(parents=True)
    (folder / ENTRIES).write_bytes(b"".join(entry + b"\n" for entry in kept))
    (folder / TABLE).write_text(json.dumps(table, indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")
    (folder / DOCUMENTS).mkdir()
    for digest in rubrics(kept):
        (folder / DOCUMENTS / f"{digest}.json").write_bytes(city.office.store.document(digest) or b"")


def rubrics(kept: list[bytes]) -> list[str]:
    """Every rubric that the entries stand under."""
    said = [to_fact(event) for event in map(decode, kept) if event.type in {"CycleCreated", "RubricAdopted"}]
    return list(dict.fromkeys(fact.hash for fact in said))


def final_digest(name: str) -> str:
    """The digest of the final results that two people published last."""
    said = [to_fact(event) for event in map(decode, entries(name)) if event.type == "CycleFinalised"]
    return str(said[-1].digest)


def digest(table: dict[str, dict[str, Any]]) -> str:
    """The digest of a table of results."""
    return sha256(canonical(table)).hexdigest()


@contextmanager
def own_city() -> Iterator[City]:
    """A city on servers of its own, for the command."""
    servers = Servers()
    try:
        addresses = servers.addresses()
        owner = DatabaseUrl.parse(addresses["postgres"])
        with (
            fresh_database(owner, "golden") as made,
            tempfile.TemporaryDirectory() as folder,
            opened(made, addresses["valkey"], Path(folder)) as city,
        ):
            yield city
    finally:
        servers.stop()


if __name__ == "__main__":
    with own_city() as there:
        write(sys.argv[1], there)

"""kill -9 of ordering, tree building and signing at every step: one root a size, nothing lost, nothing doubled."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import msgspec

from events.log.authentic import AuthenticTiles
from events.log.checkpoint import open_checkpoint
from events.log.memory import Memory
from events.log.signing import sign_newest
from events.log.storage import read_head, tile_reader
from events.log.tree import Edge, append, leaf_hashes
from tests.events.log.keeper import KEY, ORIGIN
from tests.events.log.record import entries_of, order_and_grow, store_at
from tests.servers import Database

ROOT = Path(__file__).parents[3]
DEATHS = 50


def test_a_hundred_deaths_leave_one_root_a_size_and_every_event_once(database: Database, tmp_path: Path) -> None:
    memory = Memory(tmp_path / "log-signed", ORIGIN)
    url = database.worker.sqlalchemy.render_as_string(hide_password=False)
    # two keepers at once, so that a death also meets another's work
    command = [sys.executable, "-m", "tests.events.log.keeper", url, str(memory.path), str(DEATHS)]
    keepers = [
        subprocess.Popen([*command, str(seed)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT)
        for seed in (1, 2)
    ]
    told: list[str] = []
    for each in keepers:
        out, err = each.communicate(timeout=300)
        assert each.returncode == 0, err.decode()
        told += out.decode().split("\n")[:-1]
    assert len(told) > DEATHS
    with store_at(database.worker) as store:
        order_and_grow(store)
        with store.connection() as connection:
            head = sign_newest(connection, [KEY], memory)
            assert head == read_head(connection) == memory.read(), "the signer goes on as if nobody had died"
            AuthenticTiles(head, tile_reader(connection))
            heads = connection.execute("SELECT size, root FROM log.heads", binary=True).fetchall()
            notes = connection.execute("SELECT size, note FROM log.checkpoints", binary=True).fetchall()
        entries = entries_of(store)
    assert head.size == len(entries)
    edge, leaves = Edge(), leaf_hashes(entries)
    for size, root in sorted(heads):
        edge = append(edge, leaves[edge.size : size]).after
        assert edge.head.root == root
    roots = dict(heads)
    for size, note in notes:
        assert open_checkpoint(note, ORIGIN, [KEY.verifier])[0].head.root == roots[size]
    ids = Counter(msgspec.json.decode(entry)["id"] for entry in entries)
    assert max(ids.values()) == 1
    assert set(told) <= set(ids)

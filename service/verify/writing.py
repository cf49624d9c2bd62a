"""Writing a bundle and a certificate: what is in the database, as it is, under one snapshot."""

import time
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from domain.refusals import REASONS
from events.codec import to_fact
from events.entry import decode
from events.log.authentic import AuthenticTiles
from events.log.bundles import write_bundle
from events.log.new_tiles import new_bundles, new_tiles
from events.log.paths import inclusion_proof
from events.log.storage import Connection, tile_reader
from events.reader import read_range
from events.store import EventStore
from service.queries.log import Vouched, policy_text, vouching
from service.verify.audit import Audit
from service.verify.certificate import computed, write_certificate, written_entry
from service.verify.findings import Progress, UnusableError, silent
from service.verify.manifest import CHECKPOINT, MANIFEST, POLICY, PUBLISHED, SCRIPT, STAMPED, TOKEN, Manifest
from service.verify.standalone import script
from service.verify.tables import published, stands_at
from workers import checkpoints

PATIENCE = 30.0  # seconds for projections and signature to reach one another
_DOCUMENT = "SELECT body FROM record.documents WHERE hash = %s"
_STAMP = """
SELECT note, token FROM log.stamps JOIN log.checkpoints USING (size) WHERE size <= %s ORDER BY size DESC LIMIT 1
"""
_STREAMS = """
SELECT l.first + e.ordinal, e.entry FROM record.events e JOIN record.ledger l USING (commit_seq)
 WHERE e.stream = %(cycle)s OR (e.stream >= %(sheets)s AND e.stream < %(after)s) ORDER BY 1
"""
_RUBRICS = """
SELECT e.entry FROM record.events e JOIN record.ledger l USING (commit_seq) WHERE e.stream = %s
   AND e.type IN ('CycleCreated', 'RubricAdopted') AND l.first + e.ordinal <= %s ORDER BY e.version
"""
_EVERY_RUBRIC = """
SELECT e.entry FROM record.events e JOIN record.ledger l USING (commit_seq)
 WHERE e.stream >= 'cycle/' AND e.stream < 'cycle0'
   AND e.type IN ('CycleCreated', 'RubricAdopted') AND l.first + e.ordinal <= %s ORDER BY e.stream, e.version
"""
_README = """\
核验：python verify.pyz 本文件.zip    Verify: python verify.pyz THIS-FILE.zip
退出码 exit codes: 0 成立 holds · 1 被篡改 tampered · 2 无法读取 unusable · 3 等级不足 lower grade
请用您自己取得的 verify.pyz 与策略，不要用包里的。Use a verify.pyz and a policy that you got elsewhere.
"""


def write_bundle_file(store: EventStore, cycle: str, file: Path, progress: Progress = silent) -> Manifest:
    """Writes the bundle of a cycle with every entry of the log up to the newest checkpoint.

    Raises UnusableError when there is no such cycle, or nothing is signed.
    """
    with ready(store) as (connection, vouched, position):
        head = vouched.assessment.checkpoint.head
        # Every cycle's: the bundle is the whole log, and all results that are stated in it are computed again.
        digests = list(dict.fromkeys([*_rubrics_of(connection, cycle, head.size), *_rubrics(connection, head.size)]))
        made = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        manifest = Manifest(vouched.assessment.checkpoint.origin, cycle, head.size, position, made, digests)
        draft = file.with_name(file.name + ".part")
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as out:
            out.writestr(MANIFEST, manifest.data)
            out.writestr("README.txt", _README)
            out.writestr(CHECKPOINT, vouched.note.data)
            out.writestr(POLICY, policy_text(connection))
            for digest in digests:
                out.writestr(f"documents/{digest}.json", _document(connection, digest))
            out.writestr(PUBLISHED, msgspec.json.format(msgspec.json.encode(published(connection, cycle))))
            out.writestr(SCRIPT, script())
            _write_stamp(out, connection, head.size)
            _write_log(out, connection, head.size, progress)
        draft.replace(file)
    return manifest


def certificate(store: EventStore, cycle: str, unit: str) -> bytes:
    """The score certificate of a unit; raises UnusableError for an unknown one, or when nothing is signed."""
    with ready(store) as (connection, vouched, _):
        head = vouched.assessment.checkpoint.head
        sheets = f"sheet/{cycle}/{unit}/"
        names = {"cycle": f"cycle/{cycle}", "sheets": sheets, "after": sheets[:-1] + "0"}
        rows: list[tuple[int, bytes]] = connection.execute(_STREAMS, names, binary=True).fetchall()
        rows = [row for row in rows if row[0] <= head.size]
        shown = published(connection, cycle)["units"].get(unit)
        if shown is None:
            raise UnusableError("没有这个单位", "no such unit", f"{cycle}/{unit}")
        tiles = AuthenticTiles(head, tile_reader(connection))
        rubric = _document(connection, _rubrics_of(connection, cycle, head.size)[-1])
        parts: dict[str, Any] = {
            "cycle": cycle,
            "unit": unit,
            "checkpoint": vouched.note.data.decode(),
            "policy": policy_text(connection).decode(),
            "rubric": rubric.decode(),
            "derivation": _derived(rows, cycle, unit, rubric),
            "score": {name: value for name, value in shown.items() if name not in {"cohort", "rank"}},
            "entries": [
                written_entry(position, entry, inclusion_proof(position - 1, head.size, tiles.node))
                for position, entry in rows
            ],
        }
    return write_certificate(parts)


@contextmanager
def ready(store: EventStore) -> Iterator[tuple[Connection, Vouched, int]]:
    """One snapshot in which score tables and signature both stand; waits for them a while.

    Tables of another program are not given away: the verifier that goes with them would find them tampered with.
    """
    until = time.monotonic() + PATIENCE
    with store.connection() as connection:
        while True:
            with connection.transaction():
                connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                if not checkpoints.ours(connection):
                    raise UnusableError(REASONS["program-waiting"].zh, REASONS["program-waiting"].en)
                position = stands_at(connection)
                vouched = vouching(connection, policy_text(connection), position or 1)
                if vouched is not None and position is not None:
                    yield connection, vouched, position
                    return
            if time.monotonic() > until:
                raise UnusableError(
                    "成绩表与签名的日志尚未一致，请稍后再试",
                    "score tables and signed log do not meet yet; try again in a moment",
                )
            time.sleep(0.2)


def _write_stamp(out: zipfile.ZipFile, connection: Connection, size: int) -> None:
    """The newest time stamp, with the checkpoint it is on, where there is one within the bundle."""
    row = connection.execute(_STAMP, (size,), binary=True).fetchone()
    if row is not None:
        out.writestr(STAMPED, row[0])
        out.writestr(TOKEN, row[1])


def _derived(rows: Iterable[tuple[int, bytes]], cycle: str, unit: str, rubric: bytes) -> dict[str, Any]:
    audit = Audit({}, 2**63, traced=True)
    for position, entry in rows:
        audit.folded(position, entry)
    return computed(audit, cycle, unit, rubric)[1]


def _write_log(out: zipfile.ZipFile, connection: Connection, size: int, progress: Progress) -> None:
    read = tile_reader(connection)
    for tile in new_tiles(0, size):
        out.writestr(tile.path, read(tile), zipfile.ZIP_STORED)
    for bundle in new_bundles(0, size):
        upto = bundle.start + bundle.width
        entries = [entry for _, entry in read_range(connection, bundle.start, upto)]
        out.writestr(bundle.path, write_bundle(entries))
        progress(upto, size)


def _rubrics_of(connection: Connection, cycle: str, position: int) -> list[str]:
    """Every rubric a cycle stood under up to a position, the one in force last."""
    rows = connection.execute(_RUBRICS, (f"cycle/{cycle}", position), binary=True).fetchall()
    if not rows:
        raise UnusableError("没有这个考核周期", "no such cycle", f"{cycle} @ {position}")
    found = [str(to_fact(decode(entry)).hash) for (entry,) in rows]
    return list(dict.fromkeys(reversed(found)))[::-1]  # one that was taken up again stands where it did so last


def _rubrics(connection: Connection, position: int) -> list[str]:
    """Every rubric that any cycle stood under up to a position."""
    rows = connection.execute(_EVERY_RUBRIC, (position,), binary=True).fetchall()
    return [str(to_fact(decode(entry)).hash) for (entry,) in rows]


def _document(connection: Connection, digest: str) -> bytes:
    row = connection.execute(_DOCUMENT, (bytes.fromhex(digest),), binary=True).fetchone()
    if row is None:
        raise UnusableError("缺少评分表", "the rubric is missing", digest)
    return bytes(row[0])

"""Writing a bundle: what is in the database, as it is, under one snapshot."""

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from events.codec import to_fact
from events.entry import decode
from events.log.bundles import write_bundle
from events.log.new_tiles import new_bundles, new_tiles
from events.log.storage import Connection, tile_reader
from events.reader import read_range
from events.store import EventStore
from service.queries.log import policy_text
from service.verify.findings import Progress, silent
from service.verify.manifest import CHECKPOINT, MANIFEST, POLICY, PUBLISHED, SCRIPT, STAMPED, TOKEN, Manifest
from service.verify.snapshot import document, ready, rubrics_of
from service.verify.standalone import script
from service.verify.tables import published

_STAMP = """
SELECT note, token FROM log.stamps JOIN log.checkpoints USING (size) WHERE size <= %s ORDER BY size DESC LIMIT 1
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
        digests = _rubrics(connection, cycle, head.size)
        made = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        manifest = Manifest(vouched.assessment.checkpoint.origin, cycle, head.size, position, made, digests)
        draft = file.with_name(file.name + ".part")
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as out:
            out.writestr(MANIFEST, manifest.data)
            out.writestr("README.txt", _README)
            out.writestr(CHECKPOINT, vouched.note.data)
            out.writestr(POLICY, policy_text(connection))
            for digest in digests:
                out.writestr(f"documents/{digest}.json", document(connection, digest))
            out.writestr(PUBLISHED, msgspec.json.format(msgspec.json.encode(published(connection, cycle))))
            out.writestr(SCRIPT, script())
            _write_stamp(out, connection, head.size)
            _write_log(out, connection, head.size, progress)
        draft.replace(file)
    return manifest


def _write_stamp(out: zipfile.ZipFile, connection: Connection, size: int) -> None:
    """The newest time stamp, with the checkpoint it is on, where there is one within the bundle."""
    row = connection.execute(_STAMP, (size,), binary=True).fetchone()
    if row is not None:
        out.writestr(STAMPED, row[0])
        out.writestr(TOKEN, row[1])


def _write_log(out: zipfile.ZipFile, connection: Connection, size: int, progress: Progress) -> None:
    read = tile_reader(connection)
    for tile in new_tiles(0, size):
        out.writestr(tile.path, read(tile), zipfile.ZIP_STORED)
    for bundle in new_bundles(0, size):
        upto = bundle.start + bundle.width
        entries = [entry for _, entry in read_range(connection, bundle.start, upto)]
        out.writestr(bundle.path, write_bundle(entries))
        progress(upto, size)


def _rubrics(connection: Connection, cycle: str, position: int) -> list[str]:
    """Every rubric that any cycle stood under up to a position, this cycle's first.

    For the bundle is the whole log, and all results that are stated in it are computed again.
    """
    rows = connection.execute(_EVERY_RUBRIC, (position,), binary=True).fetchall()
    every = [str(to_fact(decode(entry)).hash) for (entry,) in rows]
    return list(dict.fromkeys([*rubrics_of(connection, cycle, position), *every]))

"""Verification of a bundle, step by step; needs no network, no database and no server.

1. the checkpoint is signed as the policy asks; 2. every tile leads to its root; 3. every entry hashes to its
leaf; 4. streams are contiguous and linked, times go on; 5. actors held their roles, nobody approved their own
act; 6. the published results are what the entries and the rubric give.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from events.log.authentic import AuthenticTiles
from events.log.bundles import parse_bundle
from events.log.errors import LogError, TileMissingError
from events.log.lines import HASH_BYTES
from events.log.new_tiles import new_bundles
from events.log.tiles import TILE_WIDTH, Tile
from events.log.tree import leaf_hashes
from service.verify.archive import Archive
from service.verify.audit import Audit
from service.verify.findings import Findings, Progress, Report, UnusableError, silent
from service.verify.manifest import (
    CHECKPOINT,
    MANIFEST,
    MAX_JSON_BYTES,
    POLICY,
    PUBLISHED,
    Manifest,
    read_json,
    read_manifest,
)
from service.verify.publications import stated
from service.verify.stamped import check_stamped
from service.verify.trusted import judge, read_policy

MAX_DOCUMENT_BYTES = 2**22
MAX_DOCUMENTS_BYTES = 2**26


@dataclass(frozen=True, slots=True)
class Asked:
    """What the caller wants held: a grade; his own policy (else the bundle's); roots of time-stamping (PEM)."""

    grade: str = "signed"
    policy: bytes | None = None
    progress: Progress = field(default=silent)
    authorities: bytes | None = None


def verify_bundle(archive: Archive, asked: Asked) -> Report:
    """Everything a bundle claims, checked; raises UnusableError when it is no bundle."""
    manifest = read_manifest(archive.read(MANIFEST, 2**20))
    policy = read_policy(asked.policy or archive.read(POLICY, 2**20))
    documents = _documents(archive, manifest)
    published = read_json(archive.read(PUBLISHED, MAX_JSON_BYTES))
    audit = Audit(documents, manifest.position, stated(_all_entries(archive, manifest)))
    trusted = judge(archive.read(CHECKPOINT, 2**20), policy, audit.findings)
    report = Report(audit.findings, manifest.size, trusted.grade, asked.grade, list(trusted.notes), trusted.quorum_met)
    if asked.policy is None:
        report.notes.append("策略取自包内，请与您自己的比对 / the policy is the bundle's own: compare it with yours")
    _same_log(manifest, trusted.checkpoint.origin, trusted.checkpoint.head.size, len(archive.names()), audit.findings)
    if trusted.checkpoint.head.size == manifest.size:
        try:
            tiles = AuthenticTiles(trusted.checkpoint.head, lambda tile: _tile(archive, tile))
        except LogError as reason:
            audit.findings.add("checkpoint", reason.zh, reason.en, reason.detail)
            return report
        _walk(archive, manifest, tiles, audit, asked.progress)
        audit.compare(manifest.cycle, published)
        check_stamped(archive, manifest, tiles, asked.authorities, report)
        report.notes += audit.ended.remarks
    return report


def _documents(archive: Archive, manifest: Manifest) -> dict[str, bytes]:
    documents: dict[str, bytes] = {}
    for each in manifest.documents:
        documents[each] = archive.read(f"documents/{each}.json", MAX_DOCUMENT_BYTES)
        if sum(map(len, documents.values())) > MAX_DOCUMENTS_BYTES:
            raise UnusableError("包过大", "the bundle's documents are too large")
    return documents


def _same_log(manifest: Manifest, origin: str, size: int, members: int, findings: Findings) -> None:
    if manifest.origin != origin:
        findings.add("checkpoint", "检查点属于另一个日志", "the checkpoint is of another log", origin)
    if manifest.size > TILE_WIDTH * members:
        raise UnusableError(
            "包所称条目多于其所含", "the bundle claims more entries than it can hold", str(manifest.size)
        )
    if manifest.size != size:
        findings.add(
            "checkpoint",
            "包的大小与检查点不符",
            "the bundle's size is not the checkpoint's",
            f"{manifest.size} ≠ {size}",
        )


def _walk(archive: Archive, manifest: Manifest, tiles: AuthenticTiles, audit: Audit, progress: Progress) -> None:
    for bundle in new_bundles(0, manifest.size):
        try:
            leaves = tiles.tile(0, bundle.index)
        except LogError as reason:
            where = reason.detail or f"tile/0/{bundle.index}"
            audit.findings.add(where, reason.zh, reason.en, _positions(bundle.start, bundle.width))
            continue
        try:
            entries = parse_bundle(archive.read(bundle.path), bundle.width)
        except (LogError, UnusableError) as reason:
            audit.findings.add(bundle.path, reason.zh, reason.en, _positions(bundle.start, bundle.width))
            continue
        check_entries(audit, bundle.start, entries, leaves)
        progress(bundle.start + bundle.width, manifest.size)


def check_entries(audit: Audit, start: int, entries: list[bytes], leaves: bytes) -> None:
    """Audits consecutive entries from leaf `start` on, and finds each that is not the one its leaf speaks of."""
    for offset, leaf in enumerate(leaf_hashes(entries)):
        if leaf != leaves[offset * HASH_BYTES : (offset + 1) * HASH_BYTES]:
            audit.findings.at(start + offset + 1, "条目与签名的树不符", "the entry is not the one in the signed tree")
    take_all(audit, start, entries)


def take_all(audit: Audit, start: int, entries: Iterable[bytes]) -> None:
    """Audits consecutive entries from leaf `start` on."""
    for position, raw in enumerate(entries, start + 1):
        audit.take(position, raw)


def _all_entries(archive: Archive, manifest: Manifest) -> Iterator[bytes]:
    """Every entry that can be read at all, for a first look; the walk says what cannot."""
    for bundle in new_bundles(0, min(manifest.size, TILE_WIDTH * len(archive.names()))):
        try:
            yield from parse_bundle(archive.read(bundle.path), bundle.width)
        except (LogError, UnusableError):
            continue


def _tile(archive: Archive, tile: Tile) -> bytes:
    if not archive.has(tile.path):
        raise TileMissingError(tile.path)
    try:
        return archive.read(tile.path, tile.width * HASH_BYTES)
    except UnusableError as reason:
        raise TileMissingError(f"{tile.path}: {reason.en}") from None


def _positions(start: int, width: int) -> str:
    return f"positions {start + 1}–{start + width}"

"""The time stamp in a bundle (RFC 3161): verified offline, against authorities the caller trusts, and to the tree.

The stamped checkpoint may be an older one than the bundle's: then the tree is shown to begin with it.
"""

from datetime import datetime

from events.log.authentic import AuthenticTiles
from events.log.checkpoint import Checkpoint, parse_checkpoint
from events.log.errors import LogError
from events.log.notes import parse_note
from events.log.tree import edge_at
from service.verify.archive import Archive
from service.verify.findings import Findings, Report
from service.verify.manifest import STAMPED, TOKEN, Manifest

_UNASKED = (
    "时间戳未核对：请给出 --authority，或用 openssl ts -verify 核对 stamped/ 中的文件 / time stamp not checked: "
    "give --authority, or check the files in stamped/ with openssl ts -verify"
)
_UNABLE = (
    "时间戳未核对：未安装 rfc3161-client，请用 openssl ts -verify 核对 stamped/ 中的文件 / time stamp NOT checked: "
    "the package rfc3161-client is not installed; check the files in stamped/ with openssl ts -verify"
)


def check_stamped(
    archive: Archive, manifest: Manifest, tiles: AuthenticTiles, authorities: bytes | None, report: Report
) -> None:
    """Raises the report's grade when a trusted authority stamped a checkpoint that the tree begins with.

    A stamp that does not verify, or is on another tree, is a finding. A log whose witnesses are too few keeps the
    lower grade: the stamp is told, the grade is not.
    """
    if not (archive.has(STAMPED) and archive.has(TOKEN)):
        return
    note = archive.read(STAMPED, 2**20)
    checkpoint = _stamped_head(note, manifest, tiles, report.findings)
    if checkpoint is None or authorities is None:
        report.notes += [] if checkpoint is None else [_UNASKED]
        return
    moment, size = _moment(archive, checkpoint, authorities, report), checkpoint.head.size
    if moment is None:
        return
    report.notes.append(f"时间戳 time stamp: #1–#{size} 不晚于 not later than {moment:%Y-%m-%dT%H:%M:%SZ}")
    if report.quorum_met and size >= manifest.position:
        report.grade = "time-stamped"


def _moment(archive: Archive, checkpoint: Checkpoint, authorities: bytes, report: Report) -> datetime | None:
    """When a trusted authority stamped the checkpoint; None where none did, or nobody here can tell."""
    try:
        # it needs packages that are not Python's own, which a stand-alone verifier may lack
        from events.log.stamps import check_stamp, read_authorities
    except ImportError:
        report.notes.append(_UNABLE)
        return None
    try:
        return check_stamp(archive.read(TOKEN, 2**20), checkpoint.text, read_authorities(authorities))
    except LogError as reason:
        report.findings.add(f"stamp {checkpoint.head.size}", reason.zh, reason.en, reason.detail)
        return None


def _stamped_head(note: bytes, manifest: Manifest, tiles: AuthenticTiles, findings: Findings) -> Checkpoint | None:
    try:
        checkpoint = parse_checkpoint(parse_note(note).text)
        mine = checkpoint.origin == manifest.origin and checkpoint.head.size <= manifest.size
        if mine and edge_at(checkpoint.head.size, tiles.node).head == checkpoint.head:
            return checkpoint
    except LogError as reason:
        findings.add(STAMPED, reason.zh, reason.en, reason.detail)
        return None
    findings.add(STAMPED, "盖戳的检查点不是本日志的开头", "the tree does not begin with the stamped checkpoint")
    return None

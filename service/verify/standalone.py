"""The verifier as one file: a zip application (PEP 441) of the very modules this program runs.

The same sources give the same bytes, so its SHA-256 can be compared with one published elsewhere.
"""

import io
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
_EPOCH = (2026, 1, 1, 0, 0, 0)
_MAIN = b"import sys\n\nfrom service.verify.__main__ import main\n\nsys.exit(main())\n"
_PARTS = ("domain", "events/log", "service/verify")
_SINGLE = ("events/__init__.py", "events/upcasts.py", "service/__init__.py")
# What writes, serves or needs a database stays at home; the rest stands on the standard library.
_HOME = {
    "events/log/growth.py", "events/log/storage.py", "events/log/signing.py", "events/log/memory.py",
    "events/log/signers.py", "service/verify/standalone.py", "service/verify/writing.py",
    "service/verify/database.py", "service/verify/tables.py", "service/verify/rebuild.py",
    "service/verify/signed.py", "service/verify/beside.py", "service/verify/walk.py",
    "service/verify/certifying.py", "service/verify/snapshot.py", "events/log/positions.py",
    "events/log/proving.py",
}  # fmt: skip


def script() -> bytes:
    """The bytes of verify.pyz."""
    out = io.BytesIO()
    out.write(b"#!/usr/bin/env python3\n")
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "__main__.py", _MAIN)
        for name in sorted(_sources()):
            _add(archive, name, (ROOT / name).read_bytes())
    return out.getvalue()


def _sources() -> set[str]:
    found = {
        file.relative_to(ROOT).as_posix()
        for part in _PARTS
        for pattern in ("*.py", "*.toml")
        for file in (ROOT / part).rglob(pattern)
    }
    return found - _HOME | set(_SINGLE)


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    member = zipfile.ZipInfo(name, _EPOCH)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.external_attr = 0o644 << 16
    archive.writestr(member, data)

"""What a file is, by its first bytes: the name and the declared type are never believed."""

import csv
import io
import zipfile
from typing import BinaryIO

HEAD = 64 * 1024
_CSV_LEAST_COLUMNS = 2
_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
)
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EXTENSIONS = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    _WORD: (".docx",),
    _SHEET: (".xlsx",),
    "application/zip": (".zip",),
    "text/csv": (".csv",),
}
ALLOWED = tuple(_EXTENSIONS)


class UnknownType(ValueError):
    """The bytes are none of pdf, jpg, png, docx, xlsx, csv, zip, or not what the file's name says."""


def media_type_of(head: bytes, stream: BinaryIO, name: str) -> str:
    """The media type of a file that begins with ``head``; its name must have an extension of that type."""
    found = next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)
    if found is None and head.startswith(b"PK\x03\x04"):
        found = _packed(stream)
    if found is None and _is_csv(head):
        found = "text/csv"
    if found is None or not name.lower().endswith(_EXTENSIONS[found]):
        raise UnknownType(name[-20:])
    return found


def _packed(stream: BinaryIO) -> str:
    """An office document names its parts in its directory, which is at the end of the file."""
    try:
        position = stream.tell()
        stream.seek(0)
        with zipfile.ZipFile(stream) as archive:
            names = set(archive.namelist()[:10_000])
        stream.seek(position)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise UnknownType("zip") from None
    if "word/document.xml" in names:
        return _WORD
    return _SHEET if "xl/workbook.xml" in names else "application/zip"


def _is_csv(head: bytes) -> bool:
    try:
        text = head.decode("utf-8-sig") if len(head) < HEAD else head.rsplit(b"\n", 1)[0].decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text), strict=True))[:50]
    except (UnicodeDecodeError, csv.Error):
        return False
    widths = {len(row) for row in rows if row}
    return "\x00" not in text and len(widths) == 1 and widths.pop() >= _CSV_LEAST_COLUMNS

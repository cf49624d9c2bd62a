"""What a file is, by its bytes: the name and the declared type are never believed, and a file is one thing only."""

import codecs
import csv
import io
import struct
import zipfile
from dataclasses import dataclass
from typing import BinaryIO

HEAD = 64 * 1024
# What a zip may hold: more would cost its reader more than any evidence is worth.
_MOST_ENTRIES = 10_000
_LARGEST_DIRECTORY = 4 * 1024 * 1024
_MOST_UNPACKED = 1024 * 1024 * 1024
_CSV_LEAST_COLUMNS = 2
_CSV_ROWS = 50
_ENCRYPTED = 0x1
# End of central directory record (APPNOTE.TXT 4.3.16): entries, size, offset, length of the comment behind it.
_END = struct.Struct("<4s4xHHIIH")
_END_MAGIC = b"PK\x05\x06"
_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"PK\x03\x04", "application/zip"),
)
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EXTENSIONS = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    _WORD: (".docx",),
    SHEET: (".xlsx",),
    "application/zip": (".zip",),
    "text/csv": (".csv",),
}
ALLOWED = tuple(_EXTENSIONS)


class UnknownType(ValueError):
    """The bytes are none of pdf, jpg, png, docx, xlsx, csv, zip, or not what the file's name says."""


def extension_of(media_type: str) -> str:
    """The usual extension of a media type that is taken, with its dot; nothing for any other."""
    return _EXTENSIONS.get(media_type, ("",))[0]


@dataclass(frozen=True, slots=True)
class _End:
    """The end of a zip's directory."""

    entries: int
    size: int


def media_type_of(stream: BinaryIO, name: str) -> str:
    """The media type of a file; its name must have an extension of that type. Leaves the stream at its beginning."""
    head = stream.read(HEAD)
    packed = _end_of(stream)
    found = next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)
    if found == "application/zip":
        found = _packed(stream, packed)
    elif packed is not None:
        raise UnknownType("two files in one")
    if found is None and _is_csv(head):
        found = "text/csv"
    stream.seek(0)
    if found is None or not name.lower().endswith(_EXTENSIONS[found]):
        raise UnknownType("not what its name says")
    return found


def _end_of(stream: BinaryIO) -> _End | None:
    """The end of a zip directory, when the file ends in one."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - _END.size - 0xFFFF))
    tail = stream.read()
    place = tail.rfind(_END_MAGIC)
    while place >= 0:
        if len(tail) - place >= _END.size:
            _, _, entries, directory, _, comment = _END.unpack_from(tail, place)
            if place + _END.size + comment == len(tail):
                return _End(entries, directory)
        place = tail.rfind(_END_MAGIC, 0, place)
    return None


def _packed(stream: BinaryIO, end: _End | None) -> str:
    """An office document names its parts in its directory, which is at the end of the file."""
    if end is None or end.size > _LARGEST_DIRECTORY or end.entries > _MOST_ENTRIES:
        raise UnknownType("no directory, or one too long to read")
    try:
        stream.seek(0)
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError, struct.error):
        raise UnknownType("no zip") from None
    if not parts or len(parts) > _MOST_ENTRIES or sum(part.file_size for part in parts) > _MOST_UNPACKED:
        raise UnknownType("empty, or a bomb")
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise UnknownType("encrypted: nobody could review it")
    names = {part.filename for part in parts}
    if any(_leads_elsewhere(name) for name in names):
        raise UnknownType("a part would be unpacked outside its folder")
    return _office(names)


def _leads_elsewhere(name: str) -> bool:
    steps = name.replace("\\", "/").split("/")
    return ".." in steps or not steps[0] or ":" in steps[0]


def _office(names: set[str]) -> str:
    if "[Content_Types].xml" not in names:
        return "application/zip"
    if any(name.endswith("vbaProject.bin") for name in names):
        raise UnknownType("with macros")
    if "word/document.xml" in names:
        return _WORD
    return SHEET if "xl/workbook.xml" in names else "application/zip"


def _is_csv(head: bytes) -> bool:
    """Text in UTF-8 or, as Chinese spreadsheets still write it, GB 18030: no controls, rows of one width."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            # A letter that the end of the head cuts in two is none of the file's fault.
            text = codecs.getincrementaldecoder(encoding)().decode(head, final=len(head) < HEAD)
            break
        except UnicodeDecodeError:
            continue
    else:
        return False
    if any(letter < " " and letter not in "\r\n\t" for letter in text) or text.lstrip().startswith("<"):
        return False  # no text, or markup, which a browser may find in anything
    whole = text if len(head) < HEAD else text.rpartition("\n")[0]
    try:
        rows = [row for row, _ in zip(csv.reader(io.StringIO(whole), strict=True), range(_CSV_ROWS), strict=False)]
    except csv.Error:
        return False
    widths = {len(row) for row in rows if row}
    return len(widths) == 1 and widths.pop() >= _CSV_LEAST_COLUMNS

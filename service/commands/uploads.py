"""Taking in an uploaded table: bounded, hashed, and refused by name where it cannot be trusted."""

import hashlib
from dataclasses import dataclass
from typing import BinaryIO, cast

from flask import g
from werkzeug.datastructures import FileStorage

from service.evidence import Examined
from service.files.grid import BadFile
from service.files.mediatypes import MEDIA_TYPES
from service.files.reading import Columns, Upload, read_table
from service.office import office
from service.problems import Problem

LARGEST = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Received:
    """The lines of a file, and what the file is; ``keep`` stores its bytes."""

    examined: Examined
    upload: Upload
    stream: BinaryIO

    @property
    def digest(self) -> str:
        """The SHA-256 (hexadecimal) of its bytes."""
        return self.examined.digest

    def keep(self) -> None:
        """Stores the bytes, once nothing is left to refuse."""
        office().evidence.keep(self.stream, self.examined)


def receive(file: FileStorage, columns: Columns, *said: str) -> Received:
    """The lines of an uploaded file; ``said`` is what the form says beside it, for the idempotency key."""
    stream, digest, size = cast("BinaryIO", file.stream), hashlib.sha256(), 0
    most = min(LARGEST, office().settings.max_upload)
    while chunk := stream.read(1 << 20):
        size += len(chunk)
        if size > most:
            raise Problem(413)
        digest.update(chunk)
    stream.seek(0)
    g.body_digest = digest.digest() + "\x00".join(said).encode()
    try:
        upload = read_table(stream, file.filename or "", columns)
    except BadFile as bad:
        place = {"place": bad.place} if bad.place else {}
        raise Problem(422, bad.code, bad.zh, bad.en, bad.place, bad.place, place) from None
    media_type, *_ = MEDIA_TYPES[upload.format].split(";")  # a CSV may come in another encoding than ours go out
    return Received(Examined(digest.hexdigest(), size, media_type), upload, stream)

"""Taking in an uploaded table: bounded, hashed, and refused by name where it cannot be trusted."""

import hashlib
from dataclasses import dataclass
from typing import BinaryIO, cast

from flask import g
from werkzeug.datastructures import FileStorage

from service.files.grid import BadFile
from service.files.reading import Columns, Upload, read_table
from service.problems import Problem

LARGEST = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Received:
    """The lines of a file and the SHA-256 (hexadecimal) of its bytes."""

    digest: str
    upload: Upload


def receive(file: FileStorage, columns: Columns, *said: str) -> Received:
    """The lines of an uploaded file; ``said`` is what the form says beside it, for the idempotency key."""
    stream, digest, size = cast("BinaryIO", file.stream), hashlib.sha256(), 0
    while chunk := stream.read(1 << 20):
        size += len(chunk)
        if size > LARGEST:
            raise Problem(413)
        digest.update(chunk)
    stream.seek(0)
    g.body_digest = digest.digest() + "\x00".join(said).encode()
    try:
        return Received(digest.hexdigest(), read_table(stream, file.filename or "", columns))
    except BadFile as bad:
        place = {"place": bad.place} if bad.place else {}
        raise Problem(422, bad.code, bad.zh, bad.en, bad.place, bad.place, place) from None

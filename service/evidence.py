"""Evidence files by their SHA-256: hashed before they are stored, and hashed again whenever they are read."""

import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

import obstore
from obstore.store import from_url

from events.entry import new_id
from service.sniff import media_type_of

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Examined:
    """What a file is: digest (hexadecimal), size in bytes, sniffed media type."""

    digest: str
    size: int
    media_type: str


class TooLarge(Exception):
    """More bytes than allowed; nothing was kept."""


class Damaged(Exception):
    """The stored bytes are gone, or do not have the digest they are stored under."""

    def __init__(self, digest: str) -> None:
        super().__init__(digest)
        self.digest = digest


class EvidenceStore:
    """Files in a folder or a bucket, each under its digest; a file arrives whole or not at all."""

    def __init__(self, url: str, limit: int) -> None:
        self._store = from_url(url, mkdir=True) if url.startswith("file:") else from_url(url)
        self._limit = limit

    def examine(self, stream: BinaryIO, name: str) -> Examined:
        """What the file of a stream is, stored nowhere; raises TooLarge or UnknownType. ``name``: as it was sent."""
        digest, size = hashlib.sha256(), 0
        for chunk in _chunks(stream):
            size += len(chunk)
            if size > self._limit:
                raise TooLarge
            digest.update(chunk)
        stream.seek(0)
        return Examined(digest.hexdigest(), size, media_type_of(stream, name))

    def keep(self, stream: BinaryIO, examined: Examined) -> None:
        """Stores the examined file; the same bytes again change nothing.

        A commit that fails afterwards leaves bytes that nothing names. They stay: taking them away could take away
        what somebody else's commit has named meanwhile.
        """
        arriving = f"arriving/{new_id()}"
        stream.seek(0)
        try:
            obstore.put(self._store, arriving, _chunks(stream))
            obstore.rename(self._store, arriving, _path(examined.digest))
        except Exception:
            self._discard(arriving)
            raise

    def read(self, digest: str) -> BinaryIO:
        """The bytes of a digest, hashed again before the first one is given; raises Damaged."""
        again = hashlib.sha256()
        body = tempfile.SpooledTemporaryFile(max_size=_CHUNK)  # noqa: SIM115 - whoever sends it closes it
        try:
            for chunk in obstore.get(self._store, _path(digest)).stream(min_chunk_size=_CHUNK):
                again.update(chunk)
                body.write(bytes(chunk))
        except FileNotFoundError:
            body.close()
            raise Damaged(digest) from None
        if again.hexdigest() != digest:
            body.close()
            raise Damaged(digest)
        body.seek(0)
        return cast("BinaryIO", body)

    def erase(self, digest: str) -> None:
        """Takes the bytes of a digest away for good; gone already is as good. Only for a lawful erasure."""
        self._discard(_path(digest))

    def _discard(self, path: str) -> None:
        try:
            obstore.delete(self._store, path)
        except FileNotFoundError:
            return


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk


def _path(digest: str) -> str:
    return f"sha256/{digest[:2]}/{digest}"

"""Evidence files by their SHA-256: hashed while they stream in, hashed again whenever they are read."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import obstore
from obstore.store import from_url

from events.entry import new_id
from service.sniff import HEAD, UnknownType, media_type_of

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Stored:
    """What was stored: digest (hexadecimal), size in bytes, sniffed media type."""

    digest: str
    size: int
    media_type: str


class TooLarge(Exception):
    """More bytes than allowed; nothing was kept."""


class Damaged(Exception):
    """The stored bytes do not have the digest they are stored under."""


class EvidenceStore:
    """Files in a folder or a bucket, each under its digest; a file arrives whole or not at all."""

    def __init__(self, url: str, limit: int) -> None:
        self._store = from_url(url, mkdir=True) if url.startswith("file:") else from_url(url)
        self._limit = limit

    def keep(self, stream: BinaryIO, declared: str) -> Stored:
        """Stores a stream; raises TooLarge or UnknownType, and then keeps nothing. ``declared``: the file's name."""
        arriving = f"arriving/{new_id()}"
        digest = hashlib.sha256()
        size = 0
        head = stream.read(HEAD)

        def chunks() -> Iterator[bytes]:
            nonlocal size
            chunk = head
            while chunk:
                size += len(chunk)
                if size > self._limit:
                    raise TooLarge
                digest.update(chunk)
                yield chunk
                chunk = stream.read(_CHUNK)

        if not head:
            raise UnknownType("empty")
        media_type = media_type_of(head, stream, declared)
        try:
            obstore.put(self._store, arriving, chunks())
            obstore.rename(self._store, arriving, _path(digest.hexdigest()))
        except Exception:
            self._discard(arriving)
            raise
        return Stored(digest.hexdigest(), size, media_type)

    def read(self, digest: str) -> bytes:
        """The bytes of a digest, hashed again; raises FileNotFoundError or Damaged."""
        body = bytes(obstore.get(self._store, _path(digest)).bytes())
        if hashlib.sha256(body).hexdigest() != digest:
            raise Damaged(digest)
        return body

    def _discard(self, path: str) -> None:
        try:
            obstore.delete(self._store, path)
        except FileNotFoundError:
            return


def _path(digest: str) -> str:
    return f"sha256/{digest[:2]}/{digest}"

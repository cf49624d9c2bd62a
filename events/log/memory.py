"""The signer's own memory: the last tree head it signed, in a file that no database restore can turn back.

The file holds the text of the last checkpoint. It is replaced whole (written, synced, renamed), before the
signature exists: a crash in between signs the same head again, which is the same signature (Ed25519, RFC 8032).
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from events.log.checkpoint import Checkpoint, parse_checkpoint
from events.log.errors import MalformedError, MemoryLostError
from events.log.tree import TreeHead


@dataclass(frozen=True, slots=True)
class Memory:
    """What was signed last for one origin; `path` lies beside the key, never in the database."""

    path: Path
    origin: str

    @contextmanager
    def held(self) -> Iterator[bool]:
        """Keeps other signers of this machine away for the block; yields False when one is at work already."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(self.path.with_name(self.path.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            yield _locked(lock)
        finally:
            os.close(lock)

    def read(self) -> TreeHead | None:
        """The last head signed, None when nothing was.

        Raises:
            MemoryLostError: the file is damaged, or it speaks of another log.
        """
        try:
            known = parse_checkpoint(self.path.read_text("utf-8"))
        except FileNotFoundError:
            return None
        except (MalformedError, UnicodeDecodeError):
            raise MemoryLostError(str(self.path)) from None
        if known.origin != self.origin:
            raise MemoryLostError(f"{self.path}: {known.origin}")
        return known.head

    def write(self, head: TreeHead) -> None:
        """Remembers a head for good, whatever happens next."""
        draft = self.path.with_name(self.path.name + ".new")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(Checkpoint(self.origin, head).text.encode())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

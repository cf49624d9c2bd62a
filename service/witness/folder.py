"""The folder a witness lives in: its key, the logs it trusts, its memory; owned by the auditor alone.

key         its secret key (skey), readable by its owner only
logs        the public keys (vkey) of the logs it watches, one a line; the name of a key is the log's origin
memory.db   what it cosigned last, see `memory`
"""

import os
import secrets
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from events.log.errors import LogError, MalformedKeyError
from events.log.keys import KEY_BYTES, KeyType, VerifierKey, parse_vkey
from events.log.signers import SignerKey, parse_skey
from service.witness.memory import Memory


class FolderError(Exception):
    """The folder is not one a witness can work in; a sentence in each language."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} {en}")


@dataclass(frozen=True, slots=True)
class Folder:
    """One witness's folder."""

    path: Path

    def create(self, name: str) -> SignerKey:
        """Makes the witness's key and its empty memory.

        Raises:
            FolderError: there is a key already, which must never be replaced by accident, or the name is no name.
        """
        if self._key.exists():
            raise FolderError(f"{self._key} 已有密钥，不会覆盖。", f"{self._key} holds a key; it is not replaced.")
        try:
            key = SignerKey(name, KeyType.COSIGNATURE, secrets.token_bytes(KEY_BYTES))
        except MalformedKeyError:
            raise FolderError("名称不能为空，不能含空白或加号。", "A name has no spaces and no plus.") from None
        Memory(self._memory).create()
        write_new(self._key, f"{key.text}\n")
        return key

    def memory(self) -> Memory:
        """The witness's memory; raises FolderError when it is gone, for nobody may start again from nothing."""
        if not self._memory.exists():
            raise FolderError(
                f"{self._memory} 丢失：请恢复它，或另建一个新密钥的见证人。",
                f"{self._memory} is gone: restore it, or make another witness with a new key.",
            )
        return Memory(self._memory)

    def key(self) -> SignerKey:
        """The witness's key; raises FolderError when there is none or it cannot be read."""
        if not self._key.exists():
            raise FolderError(
                f"{self._key} 不存在：请先运行 kaohe witness --init --name …。",
                f"There is no {self._key}: run kaohe witness --init --name … first.",
            )
        try:
            key = parse_skey(self._key.read_text("utf-8").strip())
        except (MalformedKeyError, UnicodeDecodeError):
            key = None
        if key is None or key.type is not KeyType.COSIGNATURE:
            raise FolderError(f"{self._key} 不是见证密钥。", f"{self._key} is no witness's key.")
        return key

    def logs(self) -> dict[str, tuple[VerifierKey, ...]]:
        """The trusted keys of each log by its origin; raises FolderError naming the line that is no log's key."""
        found: dict[str, list[VerifierKey]] = defaultdict(list)
        text = self._logs.read_text("utf-8") if self._logs.exists() else ""
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip() and not line.startswith("#"):
                key = log_key(line.strip(), f"{self._logs}:{number}")
                found[key.name].append(key)
        return {origin: tuple(keys) for origin, keys in found.items()}

    def trust(self, vkey: str) -> VerifierKey:
        """Adds a log's public key to those watched; raises FolderError for a text that is none."""
        key = log_key(vkey.strip(), "--log")
        if key not in self.logs().get(key.name, ()):
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self._logs.open("a", encoding="utf-8") as file:
                file.write(f"{key.text}\n")
        return key

    @property
    def _memory(self) -> Path:
        return self.path / "memory.db"

    @property
    def _key(self) -> Path:
        return self.path / "key"

    @property
    def _logs(self) -> Path:
        return self.path / "logs"


def write_new(file: Path, text: str) -> None:
    """Writes a file that only its owner may read and that was not there before."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())


def log_key(vkey: str, where: str) -> VerifierKey:
    """The key of a log (type 0x01) from its vkey; raises FolderError naming where it stands."""
    try:
        key = parse_vkey(vkey)
    except LogError as wrong:
        raise FolderError(f"{where}：{wrong.zh}。", f"{where}: {wrong.en}.") from None
    if key.type is not KeyType.ED25519:
        raise FolderError(f"{where}：不是日志的公钥。", f"{where}: not a log's public key.")
    return key

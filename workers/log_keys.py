"""The log's keys: where they come from, and how new ones are made. A key file is one secret key a line.

The log's key signs checkpoints and is needed by the workers alone; the receipt key is another one, so that a
web server that is taken over can promise, but never sign the tree.
"""

import os
import secrets
from pathlib import Path

from environs import Env

from events.log.errors import MalformedKeyError
from events.log.keys import KEY_BYTES, KeyType
from events.log.memory import Memory
from events.log.signers import SignerKey, parse_skey
from workers.settings import Settings, SettingsError

LOG_KEY = "KAOHE_LOG_KEY"
RECEIPT_KEY = "KAOHE_RECEIPT_KEY"
RECEIPTS = "/receipts"


def log_keys(settings: Settings) -> tuple[SignerKey, ...]:
    """The keys that sign checkpoints: one, two while it is being changed, none when nothing is signed here.

    From KAOHE_LOG_KEY, else the file KAOHE_LOG_KEY_FILE, else `secrets/log-key` of the data folder.

    Raises:
        SettingsError: a key that cannot be read, or belongs to another origin.
    """
    return _keys(LOG_KEY, settings.data / "secrets" / "log-key", settings.origin)


def key_file(settings: Settings) -> Path | None:
    """The file the log's keys are in; None when they come from the environment itself."""
    if Env().str(LOG_KEY, "").strip():
        return None
    named = Env().str(f"{LOG_KEY}_FILE", "").strip()
    return Path(named).expanduser() if named else settings.data / "secrets" / "log-key"


def receipt_keys(settings: Settings) -> tuple[SignerKey, ...]:
    """The keys that sign receipts, found like the log's under KAOHE_RECEIPT_KEY; raises SettingsError."""
    return _keys(RECEIPT_KEY, settings.data / "secrets" / "receipt-key", settings.origin + RECEIPTS)


def memory_of(settings: Settings) -> Memory:
    """Where the signer remembers what it signed: KAOHE_LOG_MEMORY, else `secrets/log-signed`."""
    named = Env().str("KAOHE_LOG_MEMORY", "").strip()
    path = Path(named).expanduser().absolute() if named else settings.data / "secrets" / "log-signed"
    return Memory(path, settings.origin)


def ensure_keys(settings: Settings) -> None:
    """Makes the keys of a house that has none yet, as at the first `kaohe run`; raises SettingsError."""
    for name, kept, key_name in (
        (LOG_KEY, "log-key", settings.origin),
        (RECEIPT_KEY, "receipt-key", settings.origin + RECEIPTS),
    ):
        file = settings.data / "secrets" / kept
        if not _given(name) and not file.exists():
            write_key(file, new_key(key_name))


def new_key(name: str, kind: KeyType = KeyType.ED25519) -> SignerKey:
    """A fresh key; raises MalformedKeyError for a name that no note can carry."""
    return SignerKey(name, kind, secrets.token_bytes(KEY_BYTES))


def write_key(file: Path, *keys: SignerKey) -> None:
    """Writes a key file that only its owner may read, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_name(file.name + ".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write("".join(f"{key.text}\n" for key in keys).encode())
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)


def read_keys(file: Path, name: str | None = None) -> tuple[SignerKey, ...]:
    """The keys of a key file; raises SettingsError naming the file."""
    try:
        return _parse(file.read_text("utf-8"), name, str(file))
    except (OSError, UnicodeDecodeError):
        raise _unfit(str(file)) from None


def _given(name: str) -> bool:
    return bool(Env().str(name, "").strip() or Env().str(f"{name}_FILE", "").strip())


def _keys(name: str, default: Path, key_name: str) -> tuple[SignerKey, ...]:
    if text := Env().str(name, "").strip():
        return _parse(text, key_name, name)
    if named := Env().str(f"{name}_FILE", "").strip():
        return read_keys(Path(named).expanduser(), key_name)
    return read_keys(default, key_name) if default.exists() else ()


def _parse(text: str, name: str | None, where: str) -> tuple[SignerKey, ...]:
    try:
        keys = tuple(parse_skey(line.strip()) for line in text.splitlines() if line.strip())
    except MalformedKeyError:
        raise _unfit(where) from None
    if not keys or any(name is not None and key.name != name for key in keys):
        raise _unfit(where)
    return keys


def _unfit(where: str) -> SettingsError:
    return SettingsError(
        f"{where} 不是本日志的密钥（kaohe keys new 可生成）。",
        f"{where} holds no key of this log (kaohe keys new makes one).",
    )

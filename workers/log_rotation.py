"""Changing the log's key: announced by an event that the old key signs over, then both sign, then the old one ends.

Stream `log/keys`: LogKeyIntroduced and LogKeyRetired. Whoever trusts the old key reads the new one in a tree that
the old key signed, so nobody has to be told by another way.
"""

from pathlib import Path

import msgspec

from events.entry import Actor, NewEvent
from events.log.keys import VerifierKey
from events.log.signers import SignerKey
from events.store import EventStore
from workers.log_keys import key_file, log_keys, new_key, read_keys, write_key
from workers.settings import Settings, SettingsError

STREAM = "log/keys"
INTRODUCED, RETIRED = "LogKeyIntroduced", "LogKeyRetired"


def introduce_key(store: EventStore, settings: Settings, by: str, reason: str) -> SignerKey:
    """Makes a further key, announces it, and lets it sign beside the one in force.

    Called again after a crash it goes on with the key it had made. Raises SettingsError when there is no key to
    change, or a change is under way.
    """
    file, keys = _file(settings), log_keys(settings)
    draft = file.with_name(file.name + ".next")
    begun = read_keys(draft, settings.origin) if draft.exists() else ()
    if begun and begun[0] in keys:
        draft.unlink()
        return begun[0]
    if len(keys) != 1:
        raise SettingsError(
            "须恰有一把密钥在用才能更换（kaohe keys new、keys retire）。",
            "There has to be exactly one key in force to be changed (kaohe keys new, keys retire).",
        )
    fresh = begun[0] if begun else new_key(settings.origin)
    write_key(draft, fresh)
    if fresh.verifier.text not in announced(store):
        _record(store, INTRODUCED, fresh.verifier, by, reason)
    write_key(file, *keys, fresh)
    draft.unlink()
    return fresh


def retire_key(store: EventStore, settings: Settings, by: str, reason: str) -> VerifierKey:
    """Ends the older of two keys in force; raises SettingsError when there are not two."""
    file, keys = _file(settings), log_keys(settings)
    if len(keys) < 2:  # noqa: PLR2004 - the old one and the new one
        raise SettingsError(
            "只有一把密钥在用，不能停用（先 kaohe keys rotate）。",
            "Only one key is in force, it cannot be retired (kaohe keys rotate first).",
        )
    _record(store, RETIRED, keys[0].verifier, by, reason)
    write_key(file, *keys[1:])
    return keys[0].verifier


def announced(store: EventStore) -> list[str]:
    """The keys (vkeys) that events introduced, in order."""
    found = [each for each in store.read(STREAM) if each.type == INTRODUCED]
    return [str(msgspec.json.decode(each.envelope.data)["key"]) for each in found]


def _file(settings: Settings) -> Path:
    file = key_file(settings)
    if file is None:
        raise SettingsError(
            "密钥来自环境变量 KAOHE_LOG_KEY，请改用 KAOHE_LOG_KEY_FILE 再更换。",
            "The key comes from the variable KAOHE_LOG_KEY; use KAOHE_LOG_KEY_FILE to change it.",
        )
    return file


def _record(store: EventStore, kind: str, key: VerifierKey, by: str, reason: str) -> None:
    event = NewEvent(kind, {"key": key.text, "by": by, "reason": reason})
    store.append(STREAM, store.head(STREAM), [event], by=Actor(""))

"""The log's key is changed in the open: announced under the old key, both sign, then the old one ends."""

from pathlib import Path
from typing import Any

import pytest

from events.log.checkpoint import open_checkpoint
from events.log.errors import NoKnownSignatureError
from events.log.keys import VerifierKey
from events.log.storage import read_checkpoint
from events.store import EventStore
from tests.events.log.record import ORIGIN, record, store_at
from tests.servers import Database
from workers.log import keep_log
from workers.log_keys import ensure_keys, log_keys
from workers.log_rotation import announced, introduce_key, retire_key
from workers.settings import Settings, SettingsError


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    monkeypatch.setenv("KAOHE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("KAOHE_ORIGIN", ORIGIN)
    found = Settings.from_environment()
    ensure_keys(found)
    return found


@pytest.fixture
def store(database: Database) -> Any:
    with store_at(database.worker) as made:
        yield made


def newest(store: EventStore) -> bytes:
    with store.connection() as connection:
        found = read_checkpoint(connection)
    assert found is not None
    return found[1].data


def signed_by(store: EventStore, settings: Settings, *keys: VerifierKey) -> list[bool]:
    record(store, 1)
    keep_log(store, settings)
    answers = []
    for key in keys:
        try:
            open_checkpoint(newest(store), ORIGIN, [key])
            answers.append(True)
        except NoKnownSignatureError:
            answers.append(False)
    return answers


def test_both_keys_sign_until_the_old_one_is_retired(settings: Settings, store: EventStore) -> None:
    (old,) = (each.verifier for each in log_keys(settings))
    assert signed_by(store, settings, old) == [True]
    new = introduce_key(store, settings, "李工", "年度更换").verifier
    assert announced(store) == [new.text]
    assert signed_by(store, settings, old, new) == [True, True]
    assert retire_key(store, settings, "李工", "年度更换") == old
    assert signed_by(store, settings, old, new) == [False, True]
    assert [event.type for event in store.read("log/keys")] == ["LogKeyIntroduced", "LogKeyRetired"]


@pytest.mark.parametrize("dying", ["unlink", "replace"])
def test_a_change_cut_off_by_a_crash_goes_on_with_the_same_key(
    settings: Settings, store: EventStore, monkeypatch: pytest.MonkeyPatch, dying: str
) -> None:
    class Crash(Exception):
        pass

    def dies(*_: object) -> None:
        raise Crash

    with monkeypatch.context() as patched:
        patched.setattr(Path, dying, dies)
        with pytest.raises(Crash):
            introduce_key(store, settings, "李工", "更换")
    again = introduce_key(store, settings, "李工", "更换")
    assert announced(store) == [again.verifier.text]
    assert len(log_keys(settings)) == 2


def test_a_key_is_neither_changed_twice_at_once_nor_the_last_one_retired(settings: Settings, store: EventStore) -> None:
    with pytest.raises(SettingsError):
        retire_key(store, settings, "李工", "x")
    introduce_key(store, settings, "李工", "x")
    with pytest.raises(SettingsError):
        introduce_key(store, settings, "李工", "x")


def test_a_key_from_the_environment_is_not_changed_here(
    settings: Settings, store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAOHE_LOG_KEY", log_keys(settings)[0].text)
    with pytest.raises(SettingsError, match="KAOHE_LOG_KEY_FILE"):
        introduce_key(store, settings, "李工", "x")

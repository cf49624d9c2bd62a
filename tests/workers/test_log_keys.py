"""Keys of the log: made once, read from where they were named, refused when they are another log's."""

import stat
from pathlib import Path
from typing import Any

import pytest

from events.log.checkpoint import open_checkpoint
from events.log.storage import read_checkpoint
from events.store import EventStore
from tests.events.log.record import ORIGIN, record, store_at
from tests.servers import Database
from workers.log import keep_log
from workers.log_keys import ensure_keys, log_keys, new_key, read_keys, receipt_keys, write_key
from workers.settings import Settings, SettingsError


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    for name in ("KAOHE_LOG_KEY", "KAOHE_LOG_KEY_FILE", "KAOHE_RECEIPT_KEY", "KAOHE_LOG_MEMORY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KAOHE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("KAOHE_ORIGIN", ORIGIN)
    return Settings.from_environment()


@pytest.fixture
def store(database: Database) -> Any:
    with store_at(database.worker) as made:
        yield made


def test_keys_are_made_once_and_kept_from_everybody_else(settings: Settings) -> None:
    ensure_keys(settings)
    first = log_keys(settings), receipt_keys(settings)
    ensure_keys(settings)
    assert (log_keys(settings), receipt_keys(settings)) == first
    assert first[0][0].name == ORIGIN
    assert first[1][0].name == ORIGIN + "/receipts"
    for name in ("log-key", "receipt-key"):
        assert stat.S_IMODE((settings.data / "secrets" / name).stat().st_mode) == 0o600


def test_a_key_may_come_from_the_environment_or_a_file(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    file, named = settings.data / "elsewhere", new_key(ORIGIN)
    write_key(file, new_key(ORIGIN))
    monkeypatch.setenv("KAOHE_LOG_KEY_FILE", str(file))
    assert log_keys(settings) == read_keys(file)
    monkeypatch.setenv("KAOHE_LOG_KEY", named.text)
    assert log_keys(settings) == (named,)
    ensure_keys(settings)
    assert not (settings.data / "secrets" / "log-key").exists()


@pytest.mark.parametrize(
    "text",
    ["rubbish", "PRIVATE+KEY+x", new_key("example.org/another").text],
    ids=["rubbish", "half a key", "another log's key"],  # each process collects with a key of its own
)
def test_what_is_no_key_of_this_log_is_refused_without_quoting_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("KAOHE_LOG_KEY", text)
    with pytest.raises(SettingsError, match="KAOHE_LOG_KEY") as refused:
        log_keys(settings)
    assert text not in str(refused.value)


def test_a_round_orders_grows_and_signs(settings: Settings, store: EventStore) -> None:
    ensure_keys(settings)
    record(store, 120)
    kept = keep_log(store, settings)
    assert kept.signed == kept.head
    with store.connection() as connection:
        found = read_checkpoint(connection)
        keys = connection.execute("SELECT key, purpose FROM log.keys").fetchall()
    assert found is not None
    open_checkpoint(found[1].data, ORIGIN, [each.verifier for each in log_keys(settings)])
    assert dict(keys) == {
        log_keys(settings)[0].verifier.text: "checkpoint",
        receipt_keys(settings)[0].verifier.text: "receipt",
    }


def test_without_a_key_the_log_is_ordered_and_nothing_is_signed(settings: Settings, store: EventStore) -> None:
    record(store, 5)
    kept = keep_log(store, settings)
    assert kept.head.size == 5
    assert kept.signed is None


def test_a_refusal_to_sign_does_not_stop_the_ordering(settings: Settings, store: EventStore) -> None:
    ensure_keys(settings)
    record(store, 5)
    keep_log(store, settings)
    (settings.data / "secrets" / "log-signed").unlink()
    record(store, 5)
    kept = keep_log(store, settings)
    assert kept.head.size == 10
    assert kept.signed is None

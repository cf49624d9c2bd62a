"""What may have to be erased is sealed in the vault; the record holds a commitment that gives nothing away."""

import hashlib
import hmac
import threading
from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import given, strategies as st
from sqlalchemy import create_engine

from domain.commitments import commitment
from events.sealed import Secret
from events.store import EventStore
from events.vault import Vault
from migrations.upgrade import upgrade
from tests.servers import Database

NAME = "迟建业"
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
CONTEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=20)


@pytest.fixture
def vault(database: Database) -> Iterator[Vault]:
    engine = create_engine(database.service.sqlalchemy)
    yield Vault(EventStore(engine, "test"))
    engine.dispose()


def as_owner(database: Database, statement: str, *values: object) -> list[tuple[object, ...]]:
    with psycopg.connect(database.owner.libpq, autocommit=True) as connection:
        cursor = connection.execute(statement.encode(), values)
        return cursor.fetchall() if cursor.description else []


def test_what_was_kept_is_opened_by_its_commitment(vault: Vault) -> None:
    kept = {vault.keep("one", "person.name", NAME): NAME, vault.keep("two", "evidence.name", "合同.pdf"): "合同.pdf"}
    assert vault.open(kept) == kept
    assert vault.open([]) == {}


def test_a_secrets_commitment_is_known_before_it_is_kept(vault: Vault, database: Database) -> None:
    secret = Secret("one", "person.name", NAME)
    assert vault.open([secret.commitment]) == {}
    assert as_owner(database, "SELECT count(*) FROM vault.keys") == [(0,)]
    vault.put(secret)
    assert vault.open([secret.commitment]) == {secret.commitment: NAME}


def test_a_secret_put_twice_is_kept_once(vault: Vault, database: Database) -> None:
    secret = Secret("one", "person.name", NAME)
    vault.put(secret)
    vault.put(secret)
    assert as_owner(database, "SELECT count(*) FROM vault.secrets") == [(1,)]
    assert vault.open([secret.commitment]) == {secret.commitment: NAME}


def test_a_secret_prints_neither_its_content_nor_its_salt() -> None:
    secret = Secret("one", "person.name", NAME)
    assert NAME not in repr(secret)
    assert repr(secret.salt) not in repr(secret)


def test_what_is_sought_is_found_by_its_hash_alone_and_by_no_other_text(vault: Vault, database: Database) -> None:
    kept = {}
    for subject in ("one", "two"):
        secret = Secret(subject, "person.identity", f"https://id.example {subject}", sought=True)
        kept[subject] = secret.commitment
        vault.put(secret)
    vault.keep("three", "person.identity", "https://id.example one")  # kept, and not to be sought
    assert vault.holders("person.identity", "https://id.example one") == [("one", kept["one"])]
    assert vault.holders("person.name", "https://id.example one") == []
    [(hashed,)] = as_owner(database, "SELECT lookup FROM vault.secrets WHERE subject = 'one'")
    text = b"person.identity\x00https://id.example one"
    assert bytes(hashed) not in {hashlib.sha256(text).digest(), hmac.digest(b"", text, "sha256")}  # type: ignore[arg-type]
    as_owner(database, "UPDATE vault.secrets SET lookup = NULL WHERE subject = 'one'")
    assert vault.holders("person.identity", "https://id.example one") == []


def test_a_hash_that_was_moved_to_another_text_finds_nothing(vault: Vault, database: Database) -> None:
    for subject in ("one", "two"):
        vault.put(Secret(subject, "person.identity", subject, sought=True))
    [(hashed,)] = as_owner(database, "SELECT lookup FROM vault.secrets WHERE subject = 'one'")
    as_owner(database, "UPDATE vault.secrets SET lookup = %s", hashed)
    assert [subject for subject, _ in vault.holders("person.identity", "one")] == ["one"]


def test_what_was_kept_before_there_was_a_hash_gets_its_own_when_the_database_is_migrated(
    vault: Vault, database: Database
) -> None:
    secret = Secret("one", "person.identity", "https://id.example one", sought=True)
    vault.put(secret)
    vault.keep("one", "person.name", NAME)
    for statement in (
        "ALTER TABLE vault.secrets DROP COLUMN lookup",
        "DROP TABLE vault.lookup_key",
        "UPDATE public.alembic_version SET version_num = '0007'",
    ):
        as_owner(database, statement)
    upgrade(database.owner.libpq, "0008")
    assert vault.holders("person.identity", secret.content) == [("one", secret.commitment)]
    assert as_owner(database, "SELECT count(*) FROM vault.secrets WHERE lookup IS NULL") == [(1,)]


def test_two_equal_names_have_different_commitments(vault: Vault) -> None:
    first, second = vault.keep("one", "person.name", NAME), vault.keep("one", "person.name", NAME)
    assert first != second
    assert vault.open([first, second]) == {first: NAME, second: NAME}


def test_a_commitment_is_32_bytes_in_hexadecimal(vault: Vault) -> None:
    committed = vault.keep("one", "person.name", NAME)
    assert len(bytes.fromhex(committed)) == 32
    assert committed == committed.lower()


def test_a_name_cannot_be_guessed_from_its_commitment_without_the_salt(vault: Vault) -> None:
    committed = bytes.fromhex(vault.keep("one", "person.name", NAME))
    context, name = b"person.name", NAME.encode()
    for salt in (b"", b"\x00" * 32, b"one", committed, hashlib.sha256(name).digest()):
        for message in (name, context + b"\x00" + name, context + name):
            assert hmac.digest(salt, message, "sha256") != committed
            assert hashlib.sha256(salt + message).digest() != committed


def test_nothing_in_the_database_shows_the_name_or_its_salt(vault: Vault, database: Database) -> None:
    vault.keep("one", "person.name", NAME)
    [(sealed,)] = as_owner(database, "SELECT sealed FROM vault.secrets")
    assert NAME.encode() not in bytes(sealed)  # type: ignore[arg-type]


def test_without_the_key_nothing_opens(vault: Vault, database: Database) -> None:
    committed = vault.keep("one", "person.name", NAME)
    other = vault.keep("two", "person.name", NAME)
    as_owner(database, "UPDATE vault.keys SET key = sha256(key) WHERE subject = %s", "one")
    assert vault.open([committed, other]) == {other: NAME}


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE vault.secrets SET sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1)",
        "UPDATE vault.secrets SET sealed = set_byte(sealed, 0, get_byte(sealed, 0) # 1)",
        "UPDATE vault.secrets SET sealed = substr(sealed, 1, octet_length(sealed) - 1)",
        "UPDATE vault.secrets SET sealed = substr(sealed, 1, 20)",
        "UPDATE vault.secrets SET sealed = ''",
        "UPDATE vault.secrets SET context = 'evidence.name'",
        "UPDATE vault.secrets SET subject = 'two'",
    ],
    ids=["content", "nonce", "cut by one", "cut to the nonce", "emptied", "context", "subject"],
)
def test_a_tampered_secret_is_not_shown(vault: Vault, database: Database, attack: str) -> None:
    vault.keep("two", "person.name", "somebody else")
    as_owner(database, "DELETE FROM vault.secrets")
    committed = vault.keep("one", "person.name", NAME)
    as_owner(database, attack)
    assert vault.open([committed]) == {}


def test_a_secret_moved_to_another_commitment_is_not_shown(vault: Vault, database: Database) -> None:
    ours, theirs = vault.keep("one", "person.name", NAME), vault.keep("one", "person.name", "somebody else")
    as_owner(database, "DELETE FROM vault.secrets WHERE commitment = %s", bytes.fromhex(ours))
    as_owner(database, "UPDATE vault.secrets SET commitment = %s", bytes.fromhex(ours))
    assert vault.open([ours, theirs]) == {}


def test_what_is_no_commitment_is_absent_and_does_no_harm(vault: Vault) -> None:
    kept = vault.keep("one", "person.name", NAME)
    assert vault.open(["", "x", "abc", "00" * 32, kept.upper(), f"{kept}00", "１" * 64, kept]) == {kept: NAME}


def test_one_subject_has_one_key_and_others_have_others(vault: Vault, database: Database) -> None:
    for subject in ("one", "one", "two"):
        vault.keep(subject, "person.name", NAME)
    assert as_owner(database, "SELECT count(*), count(DISTINCT key) FROM vault.keys") == [(2, 2)]


def test_two_that_keep_for_a_new_subject_at_once_share_its_key(vault: Vault) -> None:
    together, kept = threading.Barrier(4), []

    def keep() -> None:
        together.wait()
        kept.append(vault.keep("one", "person.name", NAME))

    threads = [threading.Thread(target=keep) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(kept)) == 4
    assert vault.open(kept) == dict.fromkeys(kept, NAME)


def test_deleting_one_key_erases_what_it_sealed_and_nothing_else(vault: Vault, database: Database) -> None:
    gone, stays = vault.keep("one", "person.name", NAME), vault.keep("two", "person.name", NAME)
    as_owner(database, "DELETE FROM vault.secrets WHERE subject = 'one'")
    as_owner(database, "DELETE FROM vault.keys WHERE subject = 'one'")
    assert vault.open([gone, stays]) == {stays: NAME}


def test_the_service_may_neither_change_nor_delete_what_is_kept(vault: Vault, database: Database) -> None:
    vault.keep("one", "person.name", NAME)
    with psycopg.connect(database.service.libpq, autocommit=True) as connection:
        for statement in (
            "DELETE FROM vault.keys",
            "DELETE FROM vault.secrets",
            "UPDATE vault.secrets SET context = 'x'",
            "UPDATE vault.secrets SET lookup = NULL",
            "UPDATE vault.lookup_key SET key = sha256(key)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def test_the_workers_do_not_read_the_vault(vault: Vault, database: Database) -> None:
    vault.keep("one", "person.name", NAME)
    with (
        psycopg.connect(database.worker.libpq, autocommit=True) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("SELECT * FROM vault.keys")


@given(CONTEXTS, TEXTS, CONTEXTS, TEXTS)
def test_no_two_pairs_of_context_and_content_share_a_commitment(
    context: str, content: str, other_context: str, other_content: str
) -> None:
    salt = b"s" * 32
    same = (context, content) == (other_context, other_content)
    assert (commitment(salt, context, content) == commitment(salt, other_context, other_content)) == same


def test_a_context_that_could_end_early_is_refused() -> None:
    with pytest.raises(ValueError, match="NUL"):
        commitment(b"s" * 32, "a\x00b", "c")


def test_a_commitment_is_the_hmac_the_design_names() -> None:
    expected = hmac.new(b"s" * 32, b"person.name\x00" + NAME.encode(), hashlib.sha256).digest()
    assert commitment(b"s" * 32, "person.name", NAME) == expected

"""Nobody rewrites the record: the roles may not, and the triggers refuse even those who may."""

from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from psycopg import sql

from events.entry import NO_LEAF, Actor, Context, Head, NewEvent, build, utc_text
from events.store import Append, EventStore, Request
from tests.events.audit import assert_whole
from tests.servers import Database
from workers.database_url import DatabaseUrl

A = NewEvent("A", {"n": 1})
ROWS = "SELECT (SELECT count(*) FROM {table}), (SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t)"
TABLES = (
    "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = 'record' AND c.relkind IN ('r', 'p') ORDER BY 1"
)
TABLE_ATTACKS = [
    "INSERT INTO {table} SELECT * FROM {table} LIMIT 1",
    "INSERT INTO {table} DEFAULT VALUES",
    "UPDATE {table} SET {column} = {column}",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "TRUNCATE {table} CASCADE",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} DISABLE TRIGGER immutable",
    "ALTER TABLE {table} OWNER TO CURRENT_USER",
    "ALTER TABLE {table} ADD COLUMN more text",
    "ALTER TABLE {table} RENAME TO other",
    "ALTER TABLE {table} SET SCHEMA public",
    "CREATE TRIGGER mine BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION record.refuse_change()",
    "CREATE RULE mine AS ON INSERT TO {table} DO INSTEAD NOTHING",
    "CREATE POLICY mine ON {table} USING (false)",
    "CREATE INDEX ON {table} ({column})",
    "DROP TABLE {table}",
    "SELECT * FROM {table} FOR UPDATE",
    "LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
    "COPY {table} FROM STDIN",
]
OTHER_ATTACKS = [
    "SET ROLE kaohe_record",
    "SET SESSION AUTHORIZATION postgres",
    "SET session_replication_role = replica",
    "DROP SCHEMA record CASCADE",
    "CREATE TABLE record.mine (x int)",
    "CREATE FUNCTION record.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION record.refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "CREATE TABLE public.mine (x int)",
    "CREATE SCHEMA mine",
    "DROP FUNCTION record.append(bytea[], text, text, bytea)",
    "ALTER FUNCTION record.append(bytea[], text, text, bytea) SECURITY INVOKER",
    "SELECT nextval('record.commit_seq')",
    "SELECT setval('record.commit_seq', 1)",
    "ALTER SEQUENCE record.commit_seq CACHE 1000",
    "SELECT record.follow(NULL)",
    "SELECT record.refuse_change()",
    "ALTER ROLE kaohe_service SUPERUSER",
    "GRANT kaohe_record TO kaohe_service",
    "COPY record.events TO PROGRAM 'true'",
]


@pytest.fixture
def filled(store: EventStore, database: Database) -> Database:
    """A record with something in every table."""
    store.append("s", 0, [A], by=Actor("p-1"), request=Request.of("key", b"x"))
    store.append_all([Append("t", 0, [A, A]), Append("u", 0, [A])])
    store.keep_document(b"rubric")
    assert_whole(database.worker)
    store.append("s", 1, [A])  # stays pending
    return database


def contents(url: DatabaseUrl) -> dict[str, Any]:
    """Count and digest of every table of the record."""
    with psycopg.connect(url.libpq) as connection:
        return {name: fetch(connection, ROWS, table=sql.Identifier("record", name)) for name in tables(url)}


def tables(url: DatabaseUrl) -> list[str]:
    with psycopg.connect(url.libpq) as connection:
        return [name for (name,) in connection.execute(TABLES)]


def fetch(connection: psycopg.Connection[Any], text: str, **names: sql.Composable) -> Any:
    return connection.execute(sql.SQL(text).format(**names)).fetchone()  # type: ignore[arg-type]


def first_column(url: DatabaseUrl, table: str) -> str:
    with psycopg.connect(url.libpq) as connection:
        cursor = connection.execute(sql.SQL("SELECT * FROM {} LIMIT 0").format(sql.Identifier("record", table)))
        return cursor.description[0].name if cursor.description else ""


def attack(url: DatabaseUrl, text: str, table: str = "events") -> psycopg.Error | None:
    """Tries a statement; the error it met, or None when it went through."""
    names = {"table": sql.Identifier("record", table), "column": sql.Identifier(first_column(url, table))}
    try:
        with psycopg.connect(url.libpq) as connection, connection.cursor() as cursor:
            if text.startswith("COPY {table}"):
                with cursor.copy(sql.SQL(text).format(**names)) as copy:  # type: ignore[arg-type]
                    copy.write_row(("x",))
            else:
                cursor.execute(sql.SQL(text).format(**names) if "{" in text else text.encode())  # type: ignore[arg-type]
    except psycopg.Error as error:
        return error
    return None


@pytest.mark.parametrize("role", ["service", "worker"])
def test_the_services_roles_can_change_no_table_of_the_record(filled: Database, role: str) -> None:
    url = getattr(filled, role)
    before = contents(filled.owner)
    for table in tables(filled.owner):
        for text in TABLE_ATTACKS:
            error = attack(url, text, table)
            assert isinstance(error, psycopg.errors.InsufficientPrivilege), (table, text, error)
    assert contents(filled.owner) == before


@pytest.mark.parametrize("role", ["service", "worker"])
def test_the_services_roles_can_change_nothing_around_the_record(filled: Database, role: str) -> None:
    before = contents(filled.owner)
    for text in OTHER_ATTACKS:
        error = attack(getattr(filled, role), text)
        assert isinstance(error, psycopg.errors.InsufficientPrivilege), (text, error)
    assert contents(filled.owner) == before


@pytest.mark.parametrize("role", ["service", "worker"])
def test_the_services_roles_can_hand_out_no_right(filled: Database, role: str) -> None:
    """PostgreSQL answers such a GRANT with a warning, so the rights themselves are looked at."""
    query = "SELECT relname, relacl::text FROM pg_class WHERE relnamespace = 'record'::regnamespace ORDER BY 1"
    with psycopg.connect(filled.owner.libpq, autocommit=True) as connection:
        before = connection.execute(query).fetchall()
        for table in tables(filled.owner):
            attack(getattr(filled, role), "GRANT ALL ON {table} TO PUBLIC", table)
        assert connection.execute(query).fetchall() == before


def test_the_services_roles_may_read_every_table_of_the_record(filled: Database) -> None:
    assert contents(filled.service) == contents(filled.worker) == contents(filled.owner)
    assert all(count for count, _ in contents(filled.service).values())


@pytest.mark.parametrize("role", ["SET ROLE postgres", "SET ROLE kaohe_record"], ids=["superuser", "owner"])
@pytest.mark.parametrize("text", TABLE_ATTACKS[2:6])
def test_even_the_owner_is_refused_by_a_trigger_on_every_table(filled: Database, role: str, text: str) -> None:
    """Only pending may lose rows, when they get their positions."""
    before = contents(filled.owner)
    for table in tables(filled.owner):
        if table == "pending" and not text.startswith("TRUNCATE"):
            continue
        names = {"table": sql.Identifier("record", table)}
        column = sql.Identifier(first_column(filled.owner, table))
        with psycopg.connect(filled.owner.libpq, autocommit=True) as connection:
            connection.execute(role.encode())
            statement = sql.SQL(text).format(column=column, **names)  # type: ignore[arg-type]
            with pytest.raises(psycopg.Error, match="the record is immutable") as refused:
                connection.execute(statement)
        assert refused.value.sqlstate == "KH009"
    assert contents(filled.owner) == before


def test_every_table_that_keeps_facts_has_both_triggers_and_they_are_on(filled: Database) -> None:
    with psycopg.connect(filled.owner.libpq) as connection:
        found = connection.execute(
            "SELECT tgrelid::regclass::text, array_agg(tgname::text ORDER BY tgname) FROM pg_trigger"
            " WHERE NOT tgisinternal AND tgenabled = 'O' GROUP BY 1"
        ).fetchall()
    triggers = {table.removeprefix("record."): names for table, names in found if table.startswith("record.")}
    assert triggers.pop("pending") == ["untruncated"]
    assert triggers == {table: ["immutable", "untruncated"] for table in tables(filled.owner) if table != "pending"}


def test_every_table_belongs_to_a_role_that_nobody_can_log_in_as(filled: Database) -> None:
    with psycopg.connect(filled.owner.libpq) as connection:
        owners = connection.execute(
            "SELECT DISTINCT r.rolname, r.rolcanlogin, r.rolsuper FROM pg_class c"
            " JOIN pg_roles r ON r.oid = c.relowner WHERE c.relnamespace = 'record'::regnamespace"
        ).fetchall()
        definers = connection.execute(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'record'::regnamespace AND prosecdef"
            " AND NOT coalesce('search_path=pg_catalog, pg_temp' = ANY (proconfig), false)"
        ).fetchall()
    assert owners == [("kaohe_record", False, False)]
    assert definers == []  # a caller's search path must not choose what a definer's function calls


def test_a_temporary_table_of_the_same_name_is_not_taken_for_the_record(filled: Database) -> None:
    with psycopg.connect(filled.service.libpq, autocommit=True) as connection:
        connection.execute("CREATE TEMP TABLE pending (commit_seq bigint, count int)")
        connection.execute("SET search_path = pg_temp, public")
        connection.execute("SELECT record.append_each(%s::bytea[], '{a}', '{NULL}', '{NULL}')", ([entry("new")],))
        assert fetch(connection, "SELECT count(*) FROM pg_temp.pending") == (0,)
    assert_whole(filled.worker)


def entry(stream: str, head: Head | None = None, **changes: Any) -> bytes:
    """An entry that a service gone wrong may send, changed as text."""
    context = Context("example.org/log", Actor("p-1"), utc_text(datetime.now(UTC)))
    made = build(stream, head or Head(0, NO_LEAF), A, context)
    for old, new in changes.get("swap", ()):
        assert old in made
        made = made.replace(old, new)
    return made


FORGERIES = {
    "no subject": [(b'"subject":"f",', b"")],
    "no type": [(b',"type":"A"', b"")],
    "no version": [(b'"streamversion":1,', b"")],
    "no time": [(b'"time":"2', b'"when":"2')],
    "version 0": [(b'"streamversion":1', b'"streamversion":0')],
    "version 2 of nothing": [(b'"streamversion":1', b'"streamversion":2')],
    "a version with a fraction": [(b'"streamversion":1', b'"streamversion":1.5')],
    "a version beyond integers": [(b'"streamversion":1', b'"streamversion":99999999999999')],
    "a leaf before the first": [(b'"source"', b'"prevhash":"00","source"')],
    "yesterday's time": [(b'"time":"2', b'"time":"1')],
    "a time that is none": [(b'"time":"2', b'"time":"x')],
    "not JSON": [(b"{", b"[")],
    "two objects": [(b"{", b"{}{")],
    "not UTF-8": [(b'"type":"A"', b'"type":"\xff"')],
    "an escaped NUL": [(b'"type":"A"', b'"type":"\\u0000"')],
}


@pytest.mark.parametrize(
    "call",
    [
        b"SELECT record.append_each(ARRAY[%b], '{a}', '{NULL}', '{NULL}')",
        b"SELECT record.append(ARRAY[%b], 'a', NULL, NULL)",
    ],
    ids=["each", "several"],
)
def test_the_database_itself_refuses_an_entry_that_does_not_hold(database: Database, call: bytes) -> None:
    with psycopg.connect(database.service.libpq, autocommit=True) as connection:
        for forged, swap in FORGERIES.items():
            with pytest.raises(psycopg.Error):
                connection.execute(call, (entry("f", swap=swap),))
            assert fetch(connection, "SELECT count(*) FROM record.events") == (0,), forged
        connection.execute(call, (entry("f"),))
    assert assert_whole(database.worker) == 1


def test_entries_of_one_commit_must_stand_in_order(database: Database) -> None:
    with psycopg.connect(database.service.libpq, autocommit=True) as connection:
        for entries in (
            [entry("b"), entry("a")],
            [entry("a"), entry("b"), entry("a")],
            [entry("a"), entry("a")],
            [None],
            [],
            None,
        ):
            with pytest.raises(psycopg.Error) as refused:
                connection.execute("SELECT record.append(%s::bytea[], 'a', NULL, NULL)", (entries,))
            assert refused.value.sqlstate in {"KH003", "KH001"}
    assert assert_whole(database.worker) == 0


def test_an_entry_over_65535_bytes_is_refused_by_the_table_itself(database: Database) -> None:
    large = entry("f", swap=[(b'"data":{', b'"data":{"note":"' + b"x" * 65_535 + b'",')])
    with (
        psycopg.connect(database.service.libpq, autocommit=True) as connection,
        pytest.raises(psycopg.errors.CheckViolation),
    ):
        connection.execute("SELECT record.append_each(ARRAY[%b], '{a}', '{NULL}', '{NULL}')", (large,))


def test_sealing_is_refused_under_a_snapshot_that_may_be_old(filled: Database) -> None:
    with psycopg.connect(filled.worker.libpq) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with pytest.raises(psycopg.Error, match="read committed"):
            connection.execute("SELECT record.seal()")
    assert_whole(filled.worker)

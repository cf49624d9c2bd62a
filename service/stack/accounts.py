"""The database of Kaohe and the passwords of its two roles, on a server where we are the owner."""

from dataclasses import replace

import psycopg
from psycopg import sql

from service.stack.folders import secret
from workers.database_url import DatabaseUrl
from workers.settings import SERVICE_ROLE, WORKER_ROLE, Settings

DATABASE = "kaohe"


def with_database(server: DatabaseUrl) -> DatabaseUrl:
    """Gives the address of Kaohe's database on the built-in server, made at the first start."""
    with psycopg.connect(server.libpq, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    return server.in_database(DATABASE)


def with_passwords(settings: Settings) -> Settings:
    """Gives the settings with a password for each role whose address nobody gave; call it after migrating.

    A role whose address was given keeps the password it has: another host may be using it.
    """
    owner = settings.owner_database
    service, worker = settings.service_database, settings.worker_database
    if service == owner.as_user(SERVICE_ROLE):
        service = with_password(settings, owner, SERVICE_ROLE)
    if worker == owner.as_user(WORKER_ROLE):
        worker = with_password(settings, owner, WORKER_ROLE)
    return replace(settings, service=service, worker=worker)


def with_password(settings: Settings, owner: DatabaseUrl, role: str) -> DatabaseUrl:
    """Gives the role's address with the password of this data folder, which the server learns if need be."""
    url = owner.as_user(role, kept_password(settings, role))
    try:
        # Asked first: a server that knows the password, or needs none, is left as it is at every later start.
        psycopg.connect(url.libpq, connect_timeout=10).close()
    except psycopg.OperationalError:
        set_password(owner, role, url.password)
    return url


def set_password(owner: DatabaseUrl, role: str, password: str) -> None:
    """Sets a role's password, hashed (SCRAM) before it leaves this process: no server log can show it."""
    with psycopg.connect(owner.libpq, autocommit=True) as connection:
        hashed = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
        connection.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(hashed.decode()))
        )


def kept_password(settings: Settings, role: str) -> str:
    """Gives the role's password of this data folder, made at the first call."""
    return secret(settings.data / "secrets" / role.removeprefix("kaohe_"))

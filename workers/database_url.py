"""One database address in the two spellings we need: libpq's and SQLAlchemy's."""

from dataclasses import dataclass, field, replace
from urllib.parse import quote, urlencode

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import URL

SCHEMES = ("postgresql+psycopg://", "postgresql://", "postgres://")


@dataclass(frozen=True, slots=True)
class DatabaseUrl:
    """Where a database is and who calls; never shows its password or its options when printed."""

    user: str
    database: str
    host: str = ""
    port: str = ""
    password: str = field(default="", repr=False)
    options: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @classmethod
    def parse(cls, text: str) -> "DatabaseUrl":
        """Reads any of SCHEMES by libpq's own rules; raises ValueError, without the text, when it cannot."""
        scheme = next((known for known in SCHEMES if text.startswith(known)), None)
        if scheme is None:
            raise ValueError("not a postgresql:// address")
        try:
            found = conninfo_to_dict("postgresql://" + text.removeprefix(scheme))
        except ProgrammingError:
            # The driver's message quotes the address, and an address may hold a password.
            raise ValueError("not a PostgreSQL address") from None
        parts = {name: str(value) for name, value in found.items()}
        user, database = parts.pop("user", "postgres"), parts.pop("dbname", "")
        host, port, password = (parts.pop(name, "") for name in ("host", "port", "password"))
        if not port.replace(",", "").isdecimal() and port:
            raise ValueError("not a port")
        return cls(user, database or user, host, port, password, tuple(sorted(parts.items())))

    def as_user(self, user: str, password: str = "") -> "DatabaseUrl":
        """Gives the same database as another role sees it."""
        return replace(self, user=user, password=password)

    def in_database(self, database: str) -> "DatabaseUrl":
        """Gives another database of the same server, for the same role."""
        return replace(self, database=database)

    @property
    def libpq(self) -> str:
        """The address as psycopg, pg_dump and psql read it; SQLAlchemy reads the same text."""
        who = quote(self.user, safe="") + (":" + quote(self.password, safe="") if self.password else "")
        where = dict(self.options) | {
            name: value for name, value in (("host", self.host), ("port", self.port)) if value
        }
        # As parameters, socket folders, IPv6 addresses and lists of hosts need no rule of their own.
        query = urlencode(where, quote_via=quote, safe="")
        return f"postgresql://{who}@/{quote(self.database, safe='')}" + (f"?{query}" if query else "")

    @property
    def sqlalchemy(self) -> URL:
        """The address for create_engine, on psycopg 3."""
        tcp = bool(self.host) and not self.host.startswith("/") and "," not in self.host
        elsewhere = {} if tcp else {k: v for k, v in (("host", self.host), ("port", self.port)) if v}
        return URL.create(
            "postgresql+psycopg",
            username=self.user,
            password=self.password or None,
            host=self.host if tcp else None,
            port=int(self.port) if tcp and self.port else None,
            database=self.database,
            query=dict(self.options) | elsewhere,
        )

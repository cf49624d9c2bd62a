"""Everything that may differ from one machine to the next, read once from the environment."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from workers import settings_values as accept
from workers.database_url import DatabaseUrl
from workers.settings_admission import Admission
from workers.settings_reading import SettingsError, Value, read

__all__ = ["ADDRESSES", "SERVICE_ROLE", "WORKER_ROLE", "Settings", "SettingsError", "evidence", "known", "read"]

SERVICE_ROLE = "kaohe_service"
WORKER_ROLE = "kaohe_worker"
ADDRESSES = {
    "owner": "KAOHE_DATABASE_URL",
    "service": "KAOHE_SERVICE_DATABASE_URL",
    "worker": "KAOHE_WORKER_DATABASE_URL",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a web server, a worker or a command needs to know about this machine.

    An address is None when nobody named one: then `kaohe run` starts the server itself and fills it in.
    """

    host: str
    port: int
    data: Path  # absolute
    origin: str
    max_upload: int  # bytes
    evidence: str = field(repr=False)  # an obstore URL; an S3 address may carry a key
    owner: DatabaseUrl | None = None
    service: DatabaseUrl | None = None
    worker: DatabaseUrl | None = None
    redis: str | None = field(default=None, repr=False)
    admission: Admission = field(default_factory=Admission)

    @classmethod
    def from_environment(cls) -> "Settings":
        """Reads KAOHE_*; raises SettingsError naming the first variable that cannot be used."""
        data = read("KAOHE_DATA_DIR", ".kaohe", accept.folder)
        owner = read("KAOHE_DATABASE_URL", "", accept.database)
        service = read("KAOHE_SERVICE_DATABASE_URL", "", accept.database)
        worker = read("KAOHE_WORKER_DATABASE_URL", "", accept.database)
        return cls(
            host=read("KAOHE_HOST", "127.0.0.1", accept.host),
            port=read("KAOHE_PORT", "8000", accept.port),
            data=data,
            origin=read("KAOHE_ORIGIN", "kaohe.example/dalian", accept.origin),
            max_upload=read("KAOHE_MAX_UPLOAD", "50 MiB", accept.size),
            evidence=evidence(data),
            owner=owner,
            service=service or (owner.as_user(SERVICE_ROLE) if owner else None),
            worker=worker or (owner.as_user(WORKER_ROLE) if owner else None),
            redis=read("KAOHE_REDIS_URL", "", accept.broker),
            admission=Admission.from_environment(),
        )

    @property
    def owner_database(self) -> DatabaseUrl:
        """The address of migrations; SettingsError when no database is known."""
        return known(self.owner, "KAOHE_DATABASE_URL")

    @property
    def service_database(self) -> DatabaseUrl:
        """The address of the web server's role; SettingsError when no database is known."""
        return known(self.service, "KAOHE_SERVICE_DATABASE_URL")

    @property
    def worker_database(self) -> DatabaseUrl:
        """The address of the workers' role; SettingsError when no database is known."""
        return known(self.worker, "KAOHE_WORKER_DATABASE_URL")

    @property
    def broker(self) -> str:
        """The Redis-protocol address of nudges; SettingsError when no broker is known."""
        return known(self.redis, "KAOHE_REDIS_URL")

    def environment(self, *roles: Literal["owner", "service", "worker"]) -> dict[str, str]:
        """Gives the variables from which a child reads these settings, with the addresses of `roles` only.

        A web server that never learns the owner's password cannot rewrite the record, whatever befalls it.
        """
        urls: dict[str, DatabaseUrl | None] = {role: getattr(self, role) for role in roles}
        variables = {ADDRESSES[role]: url.libpq for role, url in urls.items() if url}
        return (
            variables
            | ({"KAOHE_REDIS_URL": self.redis} if self.redis else {})
            | (self.admission.environment() if "service" in roles else {})
            | {
                "KAOHE_HOST": self.host,
                "KAOHE_PORT": str(self.port),
                "KAOHE_DATA_DIR": str(self.data),
                "KAOHE_ORIGIN": self.origin,
                "KAOHE_MAX_UPLOAD": str(self.max_upload),
                "KAOHE_EVIDENCE_URL": self.evidence,
            }
        )


def evidence(data: Path) -> str:
    """Gives where evidence files live: a named store, a named folder, or a folder beside the rest."""
    store = read("KAOHE_EVIDENCE_URL", "", accept.store)
    named = read("KAOHE_EVIDENCE_DIR", "", str)
    if store and named:
        raise SettingsError(
            "KAOHE_EVIDENCE_URL 与 KAOHE_EVIDENCE_DIR 只能设置一个。",
            "Set KAOHE_EVIDENCE_URL or KAOHE_EVIDENCE_DIR, not both.",
        )
    return store or (accept.folder(named) if named else data / "evidence").as_uri()


def known(value: Value | None, name: str) -> Value:
    """Gives the value, or says which variable has to be set."""
    if value is None:
        raise SettingsError(
            f"未设置 {name}：请设置，或用 kaohe run 启动内置服务器。",
            f"{name} is not set: set it, or start the built-in servers with kaohe run.",
        )
    return value

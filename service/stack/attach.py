"""How a second command finds the servers of a `kaohe run` that is under way in the same data folder."""

from dataclasses import replace

from service.stack import accounts, checks, valkey
from service.stack.postgres import PORT
from service.stack.sockets import socket_folder
from service.stack.trouble import StackError
from workers.database_url import DatabaseUrl
from workers.settings import SERVICE_ROLE, WORKER_ROLE, Settings


def attached(settings: Settings) -> Settings:
    """Gives the settings with every address that was not named taken from the data folder.

    Raises StackError when nothing runs there; settings that name both servers are given back as they are.
    """
    if settings.owner is None:
        folder = settings.data / "postgres"
        if not (folder / "cluster" / "postmaster.pid").exists():
            raise not_running(settings)
        owner = DatabaseUrl("postgres", accounts.DATABASE, str(socket_folder(folder)), PORT)
        try:
            checks.database_answers(owner)
        except StackError:
            raise not_running(settings) from None
        service = owner.as_user(SERVICE_ROLE, accounts.kept_password(settings, SERVICE_ROLE))
        worker = owner.as_user(WORKER_ROLE, accounts.kept_password(settings, WORKER_ROLE))
        settings = replace(settings, owner=owner, service=service, worker=worker)
    if settings.redis is None:
        settings = replace(settings, redis=valkey.known_url(settings.data / "valkey"))
    return settings


def not_running(settings: Settings) -> StackError:
    """Says what has to be started first."""
    return StackError(
        f"{settings.data} 中没有正在运行的 Kaohe；请先运行 make run，或设置 KAOHE_DATABASE_URL。",
        f"No Kaohe is running in {settings.data}; start make run first, or set KAOHE_DATABASE_URL.",
    )

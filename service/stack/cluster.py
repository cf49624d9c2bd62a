"""The folder PostgreSQL calls a cluster: made whole or not at all, of our version, and nobody else's."""

import contextlib
import os
import shutil
import subprocess
from pathlib import Path

from service.stack import binaries
from service.stack.children import launched
from service.stack.trouble import StackError, server_trouble

ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath}  # no PG… variable of the caller's
INITDB = ("-U", "postgres", "--auth=trust", "-E", "UTF8", "--no-instructions")
LOCALE = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")


def initialised(folder: Path, who: str) -> Path:
    """Gives the cluster inside `folder`, made whole or not at all; StackError when it is of another kind."""
    cluster, draft = folder / "cluster", folder / "cluster.new"
    if cluster.exists():
        version = cluster / "PG_VERSION"
        found = version.read_text("ascii").strip() if version.is_file() else "?"
        if found != binaries.POSTGRES_MAJOR:
            raise other_version(cluster, found)
        return cluster
    shutil.rmtree(draft, ignore_errors=True)
    log = folder / "initdb.log"
    command = launched([binaries.postgres("initdb"), "-D", draft, *INITDB, *LOCALE], who)
    with log.open("wb") as output:
        made = subprocess.run(command, cwd=folder, env=ENVIRONMENT, stdout=output, stderr=output, check=False)
    if made.returncode:
        raise server_trouble("initdb", folder, log)
    return draft.rename(cluster)


def other_version(cluster: Path, found: str) -> StackError:
    """Says that the data are of a PostgreSQL we do not have."""
    return StackError(
        f"{cluster} 是 PostgreSQL {found} 的数据，本程序带的是 {binaries.POSTGRES_MAJOR}；"
        "请先用 pg_dump 转移，或用 KAOHE_DATA_DIR 另选一个。",
        f"{cluster} holds data of PostgreSQL {found}, and this program brings {binaries.POSTGRES_MAJOR}; "
        "move them with pg_dump first, or choose another folder with KAOHE_DATA_DIR.",
    )


def forget_dead(cluster: Path) -> None:
    """Removes the note of a server that lives no more.

    PostgreSQL itself would believe the note if its process id has been given to some other program since.
    We hold the folder's lock, so only a server started by hand could still be there: it works in the folder.
    """
    note = cluster / "postmaster.pid"
    if not note.exists():
        return
    first = note.read_text("utf-8", "replace").split("\n", 1)[0].strip()
    place = Path(f"/proc/{first}/cwd")
    with contextlib.suppress(OSError):
        if place.exists() and place.samefile(cluster):
            raise StackError(
                f"{cluster} 正被另一个 PostgreSQL（进程 {first}）使用；请先停止它。",
                f"{cluster} is in use by another PostgreSQL (process {first}); stop that first.",
            )
    if Path("/proc/self").exists():
        note.unlink()

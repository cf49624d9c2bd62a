"""What a killed `kaohe run` may leave behind when its children are killed with it: their own children.

Every process of a run carries the run's mark in its environment. The next run, holding the folder's lock and
so knowing that the marked run is over, ends whatever still carries the mark; no process id is trusted.
"""

import contextlib
import os
import secrets
import signal
from pathlib import Path

from service.stack.children import wait_until

MARK = "KAOHE_RUN"
SECONDS = 5.0


def mark(folder: Path) -> None:
    """Ends what the folder's last run left behind, and marks this process and its children as a new run."""
    file = folder / "run"
    if file.exists() and (last := file.read_text("ascii")):
        left = carrying(last)
        for process in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        wait_until(lambda: all(over(process) for process in left), SECONDS)
    os.environ[MARK] = secrets.token_hex(16)
    file.write_text(os.environ[MARK], "ascii")


def carrying(token: str) -> list[int]:
    """Gives the processes of this user, other than this one, whose environment carries the mark."""
    wanted = f"{MARK}={token}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if wanted in (folder / "environ").read_bytes().split(b"\0") and folder.name != str(os.getpid()):
                found.append(int(folder.name))
    return found


def over(process: int) -> bool:
    """Tells whether a process has closed all it had open: it is gone, or only its exit status is left."""
    try:
        status = Path(f"/proc/{process}/stat").read_text("utf-8", "replace")
    except OSError:
        return True
    return status.rpartition(")")[2].split()[0] in "ZX"

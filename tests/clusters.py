"""Clusters copied from one that was made once: initdb takes most of the time of a test with a server of its own."""

import atexit
import shutil
import subprocess
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from service.stack import postgres


@cache
def blank() -> Path:
    """A cluster that nobody has used, made once for this process."""
    folder = Path(mkdtemp(prefix="kaohe-blank-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    postgres.start(folder / "postgres").stop()
    return folder / "postgres" / "cluster"


def lay(folder: Path) -> None:
    """Puts an unused cluster where a server's first start would make its own; a folder that is there stays as it is."""
    if not folder.exists():
        folder.mkdir(mode=0o700, parents=True)
        subprocess.run(["cp", "-a", blank(), folder / "cluster"], check=True)  # noqa: S607 - with owners and modes

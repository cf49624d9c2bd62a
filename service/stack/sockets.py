"""Private folders for sockets, whose paths have 107 bytes at most."""

import hashlib
import os
import tempfile
from pathlib import Path

LONGEST = 90  # bytes of the folder; the rest is for "/.s.PGSQL.5432"


def socket_folder(folder: Path) -> Path:
    """Gives a private folder whose path is short and plain enough for a socket, the same at every start."""
    name = f"kaohe-{os.geteuid()}-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]}"
    for place in (folder / "socket", Path(tempfile.gettempdir()) / name, Path("/tmp") / name):  # noqa: S108 - the shortest
        if len(os.fsencode(place)) <= LONGEST and "," not in str(place):
            return private(place)
    raise AssertionError("the path of /tmp is short")


def private(place: Path) -> Path:
    """Makes a folder that is ours alone; one laid out by somebody else is not used."""
    place.mkdir(mode=0o700, exist_ok=True)
    if place.is_symlink() or place.stat().st_uid != os.geteuid():
        return Path(tempfile.mkdtemp(prefix="kaohe-"))
    place.chmod(0o700)
    return place

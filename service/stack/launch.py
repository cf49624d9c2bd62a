"""The step between fork and exec of every child; a program of its own, so nothing runs in a forked Python.

Called as: launch.py PARENT DEATH-SIGNAL IDENTITY PROGRAM [ARGUMENT…]. Standard library only: it is started
with -I -S, which takes about 10 ms.
"""

import ctypes
import os
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000
REFUSED = 71  # EX_OSERR: this identity cannot be had here
NOBODY = 65534


def main(parent: int, death_signal: int, identity: str, command: list[str]) -> None:
    """Takes the identity, ties this process to its parent's life, and becomes the command."""
    try:
        become(identity)
    except OSError as refusal:
        print(f"{identity}: {refusal}", file=sys.stderr)  # noqa: T201 - the child has no other voice
        sys.exit(REFUSED)
    if sys.platform == "linux":
        # After the change of identity, which would clear it; a signal at the parent's death, even by kill -9.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:
            sys.exit(REFUSED)
    os.execv(command[0], command)  # noqa: S606 - exec is what this program is for


def become(identity: str) -> None:
    """Changes who runs the command: "self", "namespace" (root shown as uid 1000), or "nobody"."""
    if identity == "namespace":
        user, group = os.geteuid(), os.getegid()
        if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER):
            raise OSError(ctypes.get_errno(), "unshare")
        Path("/proc/self/setgroups").write_text("deny", "ascii")
        Path("/proc/self/uid_map").write_text(f"1000 {user} 1", "ascii")
        Path("/proc/self/gid_map").write_text(f"1000 {group} 1", "ascii")
    elif identity == "nobody":
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        os.chdir(Path.cwd())  # refused here, and not half-way, when a folder above is closed to nobody


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:])

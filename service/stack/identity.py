"""Who runs PostgreSQL, which refuses to be run by root."""

import os
import subprocess
from pathlib import Path

from service.stack.children import launched
from service.stack.launch import NOBODY
from service.stack.trouble import StackError


def choose(program: Path, folder: Path) -> str:
    """Gives the identity under which `program` can run in `folder`, and makes the folder its own.

    An ordinary user is himself. Root is shown to the program as uid 1000 of a user namespace of its own;
    where a container forbids namespaces, nobody (65534) takes its place if the folders let it through.
    """
    if os.geteuid() != 0:
        return "self"
    for identity, owner in (("namespace", 0), ("nobody", NOBODY)):
        give(folder, owner)
        if possible(identity, program, folder):
            return identity
    give(folder, 0)
    raise StackError(
        "PostgreSQL 不能以 root 运行，本机也不允许替代身份；请用普通用户运行，"
        "或用 KAOHE_DATA_DIR 选择所有人可进入的文件夹。",
        "PostgreSQL does not run as root, and no other identity can be had here; run as an ordinary user, "
        "or choose with KAOHE_DATA_DIR a folder whose parents anyone may enter.",
    )


def possible(identity: str, program: Path, folder: Path) -> bool:
    """Tells by trying whether the program starts under the identity in the folder."""
    attempt = subprocess.run(launched([program, "--version"], identity), cwd=folder, capture_output=True, check=False)
    return attempt.returncode == 0


def give(folder: Path, owner: int) -> None:
    """Makes a folder and all in it the owner's, if it is not already."""
    if folder.stat().st_uid == owner:
        return
    for path in (folder, *folder.rglob("*")):
        os.chown(path, owner, owner, follow_symlinks=False)

"""Folders that hold a server's data: private, and used by one at a time."""

import contextlib
import errno
import fcntl
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from service.stack.children import wait_until
from service.stack.trouble import StackError, folder_trouble

PATIENCE = 15.0  # seconds for the servers of a killed `kaohe run` to finish


def prepare(folder: Path, mode: int = 0o700) -> Path:
    """Makes a private folder, or takes the one that is there as it is; StackError when it cannot be used."""
    try:
        folder.mkdir(mode=mode, parents=True, exist_ok=True)
        probe = folder / f".probe-{secrets.token_hex(4)}"
        probe.write_bytes(b"\0" * 4096)
        probe.unlink()
    except OSError as error:
        raise folder_trouble(folder, error) from None
    return folder


@contextlib.contextmanager
def blamed(folder: Path) -> Iterator[None]:
    """Tells whatever the file system refuses within the block as a trouble of the folder."""
    try:
        yield
    except OSError as error:
        raise folder_trouble(folder, error) from None


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[int]:
    """Holds the folder's lock and gives its descriptor; a child that inherits it holds it for life.

    The kernel drops the lock with its last holder, so no process id is ever trusted to be still the same.
    """
    with blamed(folder):
        descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if not acquire(descriptor) and (
            at_work(keeper(descriptor)) or not wait_until(lambda: acquire(descriptor), PATIENCE)
        ):
            raise in_use(folder, keeper(descriptor))
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


def acquire(descriptor: int) -> bool:
    """Takes the lock if nobody holds it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in {errno.EWOULDBLOCK, errno.EACCES}:
            return False
        raise
    return True


def keeper(descriptor: int) -> int:
    """Gives the process that took the lock last, 0 when it is unknown."""
    text = os.pread(descriptor, 20, 0)
    return int(text) if text.isdigit() else 0


def at_work(process: int) -> bool:
    """Tells whether another process of this id lives; only ever decides whether waiting is worth it."""
    if process in {0, os.getpid()}:
        return False
    try:
        os.kill(process, 0)
    except OSError as error:
        return error.errno == errno.EPERM
    return True


def in_use(folder: Path, process: int) -> StackError:
    """Says that another Kaohe works on this folder."""
    return StackError(
        f"数据文件夹 {folder} 正被另一个进程（{process}）使用；请先停止它，或用 KAOHE_DATA_DIR 另选一个。",
        f"The data folder {folder} is in use by process {process}; "
        "stop that first, or choose another with KAOHE_DATA_DIR.",
    )


def secret(file: Path) -> str:
    """Gives the secret kept in `file`, made at the first call and readable by its owner only."""
    if not file.exists():
        prepare(file.parent)
        draft = file.with_suffix(".new")
        draft.unlink(missing_ok=True)
        draft.touch(0o600)
        draft.write_text(secrets.token_urlsafe(32), "ascii")
        draft.rename(file)
    return file.read_text("ascii")

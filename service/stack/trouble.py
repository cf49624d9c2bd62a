"""What may go wrong with servers, said to the person at the terminal in one sentence of each language."""

import errno
from pathlib import Path


class StackError(Exception):
    """A server or folder that cannot be used; `exit_code` is what the command line ends with.

    `lines` are a program's last words, for the person who wants to know more than the sentence.
    """

    def __init__(self, zh: str, en: str, exit_code: int = 1, lines: tuple[str, ...] = ()) -> None:
        super().__init__(f"{zh} {en}")
        self.zh, self.en, self.exit_code, self.lines = zh, en, exit_code, lines


def folder_trouble(folder: Path, error: OSError) -> StackError:
    """Says why `folder` cannot hold data, and which setting chooses another."""
    zh, en = {
        errno.ENOTDIR: ("不是文件夹", "is not a folder"),
        errno.EEXIST: ("不是文件夹", "is not a folder"),
        errno.EACCES: ("没有写入权限", "may not be written by this user"),
        errno.EPERM: ("没有写入权限", "may not be written by this user"),
        errno.EROFS: ("位于只读文件系统", "is on a read-only file system"),
        errno.ENOSPC: ("所在磁盘已满", "is on a full disk"),
        errno.EDQUOT: ("所在磁盘配额已满", "is over its disk quota"),
        errno.ENAMETOOLONG: ("路径过长", "has too long a path"),
    }.get(error.errno or 0, (f"不可用（{error.strerror}）", f"cannot be used ({error.strerror})"))
    return StackError(
        f"数据文件夹 {folder} {zh}；请用 KAOHE_DATA_DIR 另选一个。",
        f"The data folder {folder} {en}; choose another with KAOHE_DATA_DIR.",
    )


def server_trouble(name: str, folder: Path, log: Path) -> StackError:
    """Says that a program did not come up, with the last it wrote."""
    lines = tail(log, 8)
    if any("No space left on device" in line for line in lines):
        return folder_trouble(folder, OSError(errno.ENOSPC, ""))
    return StackError(f"{name} 未能启动（日志：{log}）。", f"{name} did not start (its log: {log}).", lines=lines)


def tail(log: Path, count: int) -> tuple[str, ...]:
    """Gives the last `count` lines of a log that are not empty."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 65536))
            text = file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return ()
    return tuple([line.rstrip() for line in text.splitlines() if line.strip()][-count:])

"""A zip from a stranger: read by name, within limits, believed in nothing.

Whatever is wrong with it is one error with a reason; no exception of the zip library leaves this module.
"""

import re
import struct
import zipfile
import zlib
from pathlib import Path
from typing import IO, Self

from service.verify.findings import UnusableError

MAX_MEMBERS = 400_000
MAX_MEMBER_BYTES = 256 * (2**16 + 1)  # the longest entry bundle there can be
MAX_TOTAL_BYTES = 2**36
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}(/[A-Za-z0-9][A-Za-z0-9._-]{0,99}){0,9}")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError,
    OverflowError, KeyError, IndexError, AttributeError, MemoryError, struct.error, zlib.error, UnicodeError,
)  # fmt: skip
_ENCRYPTED = 0x1


class Archive:
    """The members of a zip by name. Close it, or use it in a `with`."""

    def __init__(self, file: Path | IO[bytes]) -> None:
        try:
            self._zip = zipfile.ZipFile(file)
            self._members = self._listed()
        except _BROKEN as reason:
            raise _unusable(reason) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def names(self) -> list[str]:
        """The names of all members."""
        return list(self._members)

    def has(self, name: str) -> bool:
        """Whether there is a member of this name."""
        return name in self._members

    def read(self, name: str, most: int = MAX_MEMBER_BYTES) -> bytes:
        """The bytes of a member.

        Raises UnusableError when it is missing, damaged, or longer than `most`, whatever its header says.
        """
        if name not in self._members:
            raise UnusableError("包中缺少文件", "the bundle lacks a file", name)
        try:
            with self._zip.open(self._members[name]) as member:
                data = member.read(most + 1)
        except _BROKEN as reason:
            raise _unusable(reason, name) from None
        if len(data) > most:
            raise UnusableError("包中文件过大", "a file of the bundle is too large", name)
        return data

    def _listed(self) -> dict[str, zipfile.ZipInfo]:
        members: dict[str, zipfile.ZipInfo] = {}
        infos = self._zip.infolist()
        if len(infos) > MAX_MEMBERS or sum(each.file_size for each in infos) > MAX_TOTAL_BYTES:
            raise UnusableError("包过大", "the bundle is too large")
        for each in infos:
            if not _NAME.fullmatch(each.filename) or each.filename in members:
                raise UnusableError(
                    "文件名不合规范或重复", "a file name is malformed or doubled", repr(each.filename)[:120]
                )
            if each.compress_type not in _METHODS or each.flag_bits & _ENCRYPTED:
                raise UnusableError("压缩方式不受支持", "not stored or deflated", each.filename)
            members[each.filename] = each
        return members


def _unusable(reason: BaseException, name: str = "") -> UnusableError:
    return UnusableError("不是可读的ZIP文件", "not a readable zip", f"{name} {type(reason).__name__}".strip())

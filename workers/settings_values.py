"""What each setting accepts; a refusal finishes the sentence "KAOHE_… must be …" in two languages."""

import re
from pathlib import Path

from workers.database_url import DatabaseUrl

UNITS = {"": 1, "KiB": 1024, "MiB": 1024**2, "GiB": 1024**3}
HIGHEST_PORT = 65535


class UnfitError(ValueError):
    """What would have been acceptable, in Chinese and English; never the value itself."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def folder(text: str) -> Path:
    """Gives an absolute path, so that a child started elsewhere means the same folder."""
    if "\0" in text:
        raise UnfitError("必须是文件夹路径", "must be the path of a folder")
    return Path(text).expanduser().absolute()


def port(text: str) -> int:
    """Gives a TCP port, 1 to 65535."""
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text) <= HIGHEST_PORT:
        raise UnfitError("必须是 1 到 65535 的端口号", "must be a port number from 1 to 65535")
    return int(text)


def host(text: str) -> str:
    """Gives an address to listen on."""
    if re.search(r"[\s/]", text):
        raise UnfitError("必须是主机名或 IP 地址", "must be a host name or an IP address")
    return text


def origin(text: str) -> str:
    """Gives the log's name; C2SP signed-note: no spaces, no plus sign."""
    if re.search(r"[\s+]", text):
        raise UnfitError("不能包含空白或加号", "must not contain spaces or a plus sign")
    return text


def size(text: str) -> int:
    """Gives a number of bytes from "52428800" or "50 MiB"."""
    found = re.fullmatch(r"([0-9]{1,15}) ?(|KiB|MiB|GiB)", text)
    if not found or not int(found[1]):
        raise UnfitError("必须是大小，例如 50 MiB", "must be a size such as 50 MiB")
    return int(found[1]) * UNITS[found[2]]


def database(text: str) -> DatabaseUrl | None:
    """Gives a PostgreSQL address; None for an empty text."""
    try:
        return DatabaseUrl.parse(text) if text else None
    except ValueError:
        raise UnfitError("必须是 postgresql:// 地址", "must be a postgresql:// address") from None


def broker(text: str) -> str | None:
    """Gives a Redis-protocol address both Celery and redis-py read; None for an empty text."""
    if text and not re.match(r"rediss?://[^/]", text):
        raise UnfitError("必须是 redis:// 地址", "must be a redis:// address")
    return text or None


def store(text: str) -> str:
    """Gives an object store's URL, empty when there is none."""
    if text and not re.match(r"[a-z][a-z0-9+.-]*://", text):
        raise UnfitError(
            "必须是 file:// 或 s3:// 等存储地址", "must be the address of a store, such as file:// or s3://"
        )
    return text

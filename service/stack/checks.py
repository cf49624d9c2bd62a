"""What has to hold before anything is started."""

import contextlib
import errno
import socket

import psycopg
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from service.stack.binaries import POSTGRES_MAJOR
from service.stack.trouble import StackError
from workers.database_url import DatabaseUrl

USAGE = 2  # the exit code of a setting that cannot be used


def port_is_free(host: str, port: int) -> None:
    """Raises StackError when the web server could not listen on host:port."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        raise port_trouble(host, port, error) from None


def port_trouble(host: str, port: int, error: OSError) -> StackError:
    """Says why host:port is not to be had, and which setting chooses another."""
    zh, en = {
        errno.EADDRINUSE: (f"端口 {port} 已被占用", f"Port {port} is in use"),
        errno.EACCES: (f"没有权限使用端口 {port}", f"Port {port} may not be used by this user"),
    }.get(
        error.errno or 0,
        (
            f"无法在 {host}:{port} 监听（{error.strerror}）",
            f"Cannot listen on {host}:{port} ({error.strerror})",
        ),
    )
    return StackError(
        f"{zh}；请用 KAOHE_PORT 或 KAOHE_HOST 另选一个。",
        f"{en}; choose another with KAOHE_PORT or KAOHE_HOST.",
        USAGE,
    )


def database_answers(url: DatabaseUrl) -> None:
    """Raises StackError when the named PostgreSQL does not let us in or is too old."""
    try:
        with contextlib.closing(psycopg.connect(url.libpq, connect_timeout=10)) as connection:
            version = connection.info.server_version
    except psycopg.OperationalError as error:
        reason = (str(error).strip().splitlines() or ["-"])[-1]
        raise StackError(
            f"KAOHE_DATABASE_URL 指定的 PostgreSQL 没有应答：{reason}。",
            f"The PostgreSQL of KAOHE_DATABASE_URL does not answer: {reason}.",
        ) from None
    if version < int(POSTGRES_MAJOR) * 10000:
        raise StackError(
            f"KAOHE_DATABASE_URL 指定的 PostgreSQL 版本过低，需要 {POSTGRES_MAJOR}。",
            f"The PostgreSQL of KAOHE_DATABASE_URL is too old; {POSTGRES_MAJOR} is needed.",
        )


def broker_answers(url: str) -> None:
    """Raises StackError when the named broker does not answer a ping."""
    try:
        once = Retry(NoBackoff(), 0)
        with contextlib.closing(Redis.from_url(url, socket_timeout=5, retry=once)) as client:
            client.ping()
    except (RedisError, ValueError) as error:
        raise StackError(
            f"KAOHE_REDIS_URL 指定的服务器没有应答：{error}。",
            f"The server of KAOHE_REDIS_URL does not answer: {error}.",
        ) from None

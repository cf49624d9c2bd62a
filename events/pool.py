"""Driver connections out of an engine's pool, each in autocommit: the record's statements are whole transactions."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast
from weakref import WeakKeyDictionary

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, PoolProxiedConnection

# When an engine last lost a connection. Those that waited in the pool then may have lost the same server, and each of
# them would fail somebody's act.
_LOST: WeakKeyDictionary[Engine, float] = WeakKeyDictionary()


@contextmanager
def connection(engine: Engine) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """A pooled driver connection in autocommit: the record's statements are whole transactions."""
    # Past SQLAlchemy's Connection, which would double the cost of an append here.
    pooled = _trusted(engine)
    try:
        driver = cast("psycopg.Connection[tuple[Any, ...]]", pooled.driver_connection)
        borrowed = not driver.autocommit  # of an engine that others use for transactions
        if borrowed:
            driver.autocommit = True
        try:
            yield driver
        finally:
            if driver.closed:
                _LOST[engine] = time.monotonic()
                pooled.invalidate()
            else:
                if driver.pgconn.transaction_status != TransactionStatus.IDLE:
                    driver.rollback()
                if borrowed:
                    driver.autocommit = False
    finally:
        pooled.close()


def _trusted(engine: Engine) -> PoolProxiedConnection:
    """A connection that was made since the last one was lost."""
    while True:
        pooled = engine.raw_connection()
        if pooled.info.setdefault("since", time.monotonic()) >= _LOST.get(engine, 0.0):
            return pooled
        pooled.invalidate()

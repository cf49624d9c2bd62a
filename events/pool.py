"""Driver connections out of an engine's pool, each in autocommit: the record's statements are whole transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine


@contextmanager
def connection(engine: Engine) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """A pooled driver connection in autocommit: the record's statements are whole transactions."""
    # Past SQLAlchemy's Connection, which would double the cost of an append here.
    pooled = engine.raw_connection()
    try:
        driver = cast("psycopg.Connection[tuple[Any, ...]]", pooled.driver_connection)
        borrowed = not driver.autocommit  # of an engine that others use for transactions
        if borrowed:
            driver.autocommit = True
        try:
            yield driver
        finally:
            if driver.closed:
                pooled.invalidate()
                engine.dispose()  # those that wait have lost the same server: each would fail somebody's act
            else:
                if driver.pgconn.transaction_status != TransactionStatus.IDLE:
                    driver.rollback()
                if borrowed:
                    driver.autocommit = False
    finally:
        pooled.close()

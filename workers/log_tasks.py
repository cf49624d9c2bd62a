"""The Celery task that keeps the verifiable log up to date; appends never wait for it."""

import psycopg
import structlog
from celery import Celery
from sqlalchemy.exc import DBAPIError

from workers.desk import Desk
from workers.log import keep_log

KEEP = "kaohe.log"

log = structlog.get_logger()


def register(app: Celery, desk: Desk) -> None:
    """Gives ``app`` the task; the beat calls it every second, and any number at once do no harm."""

    @app.task(name=KEEP)  # type: ignore[untyped-decorator]
    def keep() -> None:
        try:
            keep_log(desk.store, desk.settings)
        except (DBAPIError, psycopg.OperationalError) as error:
            log.warning("database unavailable", error=type(error).__name__)

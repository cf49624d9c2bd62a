"""What a worker process works with: its own engine, store, nudge and projectors, made when first needed."""

from celery import Celery
from redis import Redis
from sqlalchemy import create_engine

from events.store import EventStore
from workers.nudge import Nudge
from workers.progress import Progress
from workers.projector import Projector
from workers.settings import Settings

PARTITIONS = 2
# A host that lost its power holds a share of the tables until the database notices: after two minutes, not two hours.
# A transaction that is idle proves nothing here, for whoever simulates or replays computes within one.
_NOTICED = "-c tcp_keepalives_idle=60 -c tcp_keepalives_interval=15 -c tcp_keepalives_count=4"


class Desk:
    """Wiring of one worker process; ``reopen`` after a fork, so that no connection is shared."""

    def __init__(self, settings: Settings, app: Celery) -> None:
        self.settings = settings
        self._app = app
        self.reopen()

    def reopen(self) -> None:
        """Makes everything anew; nothing connects yet."""
        self.engine = create_engine(
            self.settings.worker_database.sqlalchemy,
            pool_size=2,
            max_overflow=6,
            pool_pre_ping=True,
            connect_args={"options": _NOTICED},
        )
        self.store = EventStore(self.engine, self.settings.origin)
        redis = Redis.from_url(self.settings.broker, socket_timeout=2)
        self.nudge, self.progress = Nudge(self._app, redis), Progress(redis)
        self.begin_anew()

    def begin_anew(self) -> None:
        """Projectors that remember nothing: the tables they worked for may have been swapped."""
        self.projectors = [Projector(self.store, partition) for partition in range(PARTITIONS)]

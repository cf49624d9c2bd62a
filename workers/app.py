"""The Celery app, made from settings; nothing is connected until a task runs."""

from celery import Celery
from celery.signals import worker_process_init

from workers import log_tasks, tasks, witness_tasks
from workers.desk import Desk
from workers.notices import tasks as notice_tasks
from workers.settings import Settings

TIME_LIMIT = 3_600
BEAT = {
    "sweep": {"task": "kaohe.follow", "schedule": 1.0, "options": {"expires": 5}},
    # Every half second, so that a commit is under a signed checkpoint within one.
    "log": {"task": "kaohe.log", "schedule": 0.5, "options": {"expires": 5}},
    "witness": {"task": "kaohe.witness", "schedule": 1.0, "options": {"expires": 5}},
}


def create_app(settings: Settings) -> Celery:
    """A Celery app that can send; ``equip`` makes it able to work."""
    app = Celery("kaohe", broker=settings.broker, set_as_current=False)
    app.conf.update(
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_time_limit=TIME_LIMIT,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        broker_connection_retry_on_startup=True,
        broker_connection_retry=True,
        broker_transport_options={
            # Longer than any task may take: else a running task would be delivered twice.
            "visibility_timeout": TIME_LIMIT + 600,
            "socket_timeout": 5,
            "socket_connect_timeout": 2,
        },
        beat_schedule=BEAT,
        beat_schedule_filename=str(settings.data / "beat-schedule"),
        timezone="UTC",
        enable_utc=True,
    )
    return app


def equip(app: Celery, settings: Settings) -> Celery:
    """Registers the tasks; connections are opened in each worker process, after the fork."""
    desk = Desk(settings, app)
    tasks.register(app, desk)
    log_tasks.register(app, desk)
    witness_tasks.register(app, desk)
    notice_tasks.register(app, desk)
    worker_process_init.connect(lambda **_: desk.reopen(), weak=False)
    return app

"""/, /livez, /readyz, /metrics: for people who arrive and for machines that watch."""

import psycopg
from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from redis import RedisError
from sqlalchemy.exc import DBAPIError, TimeoutError as PoolTimeout

from service import pages
from service.office import office
from service.queries.notices import laid_open
from service.resources.answers import document

blueprint = Blueprint("health", __name__)

_LAST = "SELECT coalesce((SELECT first + count - 1 FROM record.ledger ORDER BY first DESC LIMIT 1), 0)"
_LAG = f"SELECT greatest(({_LAST}) - min(position), 0) FROM scores.checkpoints"  # noqa: S608 - our own text
_APPENDS = "SELECT (SELECT count(*) FROM record.ledger) + (SELECT count(*) FROM record.pending)"
_FIGURES = {
    "kaohe_appends": ("commits in the record", _APPENDS),
    "kaohe_position": ("last position", _LAST),
    "kaohe_ordering_lag": ("committed, not yet ordered", "SELECT count(*) FROM record.pending"),
    "kaohe_projection_lag": ("ordered, not yet projected", _LAG),
    "kaohe_parked_streams": ("streams a projection could not read", "SELECT count(*) FROM scores.parked"),
}
_NOTICES = "SELECT channel, state, count(*) FROM notices.deliveries GROUP BY channel, state"
_NOTICES_LAG = f"SELECT greatest(({_LAST}) - position, 0) FROM notices.progress"  # noqa: S608 - our own text
_FIGURES["kaohe_notices_lag"] = ("ordered, not yet read for notices", _NOTICES_LAG)


_ABOUT = {
    "zh": "记录即事实，每一分都可由事件重算。",
    "en": "The record is the truth; every score is a pure function of it.",
}


@blueprint.get("/")
def root() -> Response:
    """What there is: as a page for people, and without asking the database for programs."""
    if pages.wanted():
        return pages.page("home.html", about=_ABOUT, open=laid_open())
    return document(
        {
            "name": "Kaohe 考核",
            "about": _ABOUT,
            "links": {
                "account": "/account",
                "openapi": "/openapi.json",
                "me": "/api/v1/me",
                "cycles": "/api/v1/cycles",
                "rubrics": "/api/v1/rubrics",
                "people": "/api/v1/people",
                "events": "/api/v1/events",
                "recomputations": "/api/v1/recomputations",
                "log": "/log/checkpoint",
                "health": ["/livez", "/readyz", "/metrics"],
            },
        }
    )


@blueprint.get("/livez")
def livez() -> Response:
    """The process answers."""
    return document({"status": "ok"})


@blueprint.get("/readyz")
def readyz() -> Response:
    """The database answers; the broker may be away, for nothing depends on it."""
    parts: dict[str, str] = {}
    try:
        office().reads.stands()
        parts["database"] = "ok"
    except (DBAPIError, psycopg.Error, PoolTimeout):
        parts["database"] = "unreachable"
    try:
        office().nudge.ping()
        parts["broker"] = "ok"
    except (RedisError, OSError):
        parts["broker"] = "unreachable"
    if parts["database"] == "ok":
        parts["program"] = "ok" if office().reads.ours() else "waiting"  # its scores wait for a recomputation
    ready = parts["database"] == "ok"
    answer = document({"status": "ok" if ready else "unavailable", **parts})
    answer.status_code = 200 if ready else 503
    return answer


@blueprint.get("/metrics")
def metrics() -> Response:
    """Figures of the record and its projections, for Prometheus."""
    registry = CollectorRegistry()
    with office().store.connection() as connection:
        for name, (about, statement) in _FIGURES.items():
            row = connection.execute(statement.encode()).fetchone()
            Gauge(name, about, registry=registry).set(row[0] if row else 0)
        notices = Gauge("kaohe_notices", "deliveries by channel and state", ("channel", "state"), registry=registry)
        for channel, state, count in connection.execute(_NOTICES).fetchall():
            notices.labels(channel, state).set(count)
    return Response(generate_latest(registry), mimetype=None, content_type=CONTENT_TYPE_LATEST)

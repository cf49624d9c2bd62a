"""Notices and dead letters as the outbox has them: what was told, and what became of it; never an address."""

from collections.abc import Mapping
from typing import Any

from domain.channels import Channels
from events.entry import utc_text
from service.office import office
from service.queries.pages import cursor_of, opened_cursor
from workers.notices.letters import title
from workers.notices.places import path

Page = tuple[list[dict[str, Any]], str | None]

_OWN = """
SELECT n.number, n.cause, n.position, n.type, n.stream, n.unit, n.kind, n.occurred_at,
       coalesce(json_agg(json_build_object('channel', d.channel, 'state', d.state, 'why', d.why,
                'attempts', d.attempts, 'changed_at', to_char(d.changed_at AT TIME ZONE 'UTC',
                'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) ORDER BY d.channel) FILTER (WHERE d.id IS NOT NULL), '[]')
  FROM (SELECT * FROM notices.notices WHERE person = %s AND number < %s ORDER BY number DESC LIMIT %s) AS n
  LEFT JOIN notices.deliveries AS d USING (cause, person)
 GROUP BY n.number, n.cause, n.position, n.type, n.stream, n.unit, n.kind, n.occurred_at ORDER BY n.number DESC
"""
_DEAD = """
SELECT d.number, d.id, d.cause, n.position, n.type, n.stream, d.person, d.channel, d.state, d.why, d.attempts,
       d.resendings, d.changed_at
  FROM notices.deliveries AS d JOIN notices.notices AS n USING (cause, person)
 WHERE d.state IN ('dead', 'uncertain') AND d.number > %s ORDER BY d.number LIMIT %s
"""
_ONE = "SELECT resendings FROM notices.deliveries WHERE id = %s AND state IN ('dead', 'uncertain')"
_LAST = 2**53 - 1
_OWN_NAMES = ("event", "position", "type", "stream", "unit", "kind", "occurred_at", "deliveries")
_DEAD_NAMES = ("id", "event", "position", "type", "stream", "person", "channel", "state", "why", "attempts",
               "resendings", "changed_at")  # fmt: skip


def own(person: str, query: Mapping[str, Any]) -> Page:
    """A page of what a person was told of, the newest first, and the cursor of the next one."""
    (behind,) = opened_cursor(query["cursor"], (int,)) or (_LAST,)
    rows, cursor = _page(_OWN, (person, behind), query["limit"])
    return [_notice(dict(zip(_OWN_NAMES, row[1:], strict=True))) for row in rows], cursor


def dead_letters(query: Mapping[str, Any]) -> Page:
    """A page of what did not arrive or may not have, and the cursor of the next one."""
    (behind,) = opened_cursor(query["cursor"], (int,)) or (0,)
    rows, cursor = _page(_DEAD, (behind,), query["limit"])
    named = [dict(zip(_DEAD_NAMES, row[1:], strict=True)) for row in rows]
    return [each | {"changed_at": utc_text(each["changed_at"])} for each in named], cursor


def resendings(delivery: str) -> int | None:
    """How often a dead letter was sent again; None when there is no such dead letter."""
    with office().store.connection() as connection:
        row = connection.execute(_ONE, (delivery,)).fetchone()
    return int(row[0]) if row else None


def channels_shown(state: Channels) -> list[dict[str, Any]]:
    """A person's own channels, with the addresses."""
    addresses = office().vault.open(each.address for each in state.open.values())
    return [
        {
            "channel": channel,
            "address": addresses.get(each.address),
            "language": each.language,
            "kinds": sorted(each.kinds),
            "delivers": channel in office().mailing.channels,
            "confirmed": not state.unconfirmed(channel),
        }
        for channel, each in sorted(state.open.items())
    ]


def _page(statement: str, keys: tuple[Any, ...], limit: int) -> tuple[list[tuple[Any, ...]], str | None]:
    with office().store.connection() as connection:
        rows = connection.execute(statement.encode(), (*keys, limit + 1)).fetchall()
    return rows[:limit], cursor_of(rows[limit - 1][0]) if len(rows) > limit else None


def _notice(row: dict[str, Any]) -> dict[str, Any]:
    zh, en = title(row["type"], row["kind"])
    link = office().mailing.public + path(row["stream"], row.pop("unit"), row["kind"], row["type"])
    return row | {"title_zh": zh, "title_en": en, "link": link, "occurred_at": utc_text(row["occurred_at"])}

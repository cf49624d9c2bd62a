"""What waits for review, oldest first, for the desk of whoever asks: each sees what he may do."""

from dataclasses import dataclass
from typing import Any

from events.store import EventStore

_QUEUE = (
    "SELECT position, unit, item, leaf, department, kind, subject, EXISTS (SELECT FROM scores.evidence_uses AS u"
    " WHERE (u.cycle, u.unit, u.item, u.evidence) = (q.cycle, q.unit, q.item, q.subject) AND u.again)"
    " FROM scores.review_queue AS q WHERE cycle = %s"
    " AND (%s::text[] IS NULL OR department = ANY(%s)) AND (%s::text IS NULL OR unit = %s)"
    # Of double marking only what the person who asks may do himself; its subject names who has judged already.
    " AND (%s::text IS NULL OR kind <> 'second-judgement'"
    " OR (department = ANY(%s::text[]) AND strpos(subject, %s::text) = 0))"
    " AND (%s::text IS NULL OR kind <> 'moderation' OR (strpos(subject, %s::text) = 0"
    " AND (department = ANY(%s::text[]) OR '*' = ANY(%s::text[]))))"
    " AND (position, unit, item, kind, subject) > (%s, %s, %s, %s, %s)"
    " ORDER BY position, unit, item, kind, subject LIMIT %s"
)


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose queue it is, and the departments he reviews and approves for ("*": all); no person: whoever looks on."""

    person: str | None = None
    reviewing: tuple[str, ...] = ()
    approving: tuple[str, ...] = ()


ANYBODY = Desk()


def waiting(
    store: EventStore,
    cycle: str,
    departments: list[str] | None,
    unit: str | None,
    after: tuple[int, str, str, str, str],
    limit: int,
    desk: Desk = ANYBODY,
) -> list[dict[str, Any]]:
    """What waits behind ``after``; ``departments`` None is all of them. ``used_again``: a file known elsewhere too."""
    names = ("position", "unit", "item", "leaf", "department", "kind", "subject", "used_again")
    person, reviewing, approving = desk.person, list(desk.reviewing), list(desk.approving)
    marking = (person, reviewing, person, person, person, approving, approving)
    parameters = (cycle, departments, departments, unit, unit, *marking, *after, limit)
    with store.connection() as connection:
        rows = connection.execute(_QUEUE, parameters, prepare=True, binary=True).fetchall()
    return [dict(zip(names, row, strict=True)) for row in rows]

"""Dead letters told to administrators: once a day on which there are any, and not about this notice itself."""

from collections.abc import Iterator
from datetime import UTC, datetime

from domain import notices
from domain.told.table import DEAD_LETTERS
from workers.notices.outbox import Connection, Notice
from workers.notices.roster import Roster

# Days with dead letters of which no administrator was told; a dead letter about dead letters is none of them, and a
# mistyped address is its owner's to put right.
_DEAD = """
SELECT DISTINCT to_char(d.changed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day
  FROM notices.deliveries AS d JOIN notices.notices AS n USING (cause, person)
 WHERE d.state IN ('dead', 'uncertain') AND n.kind NOT IN ('dead-letter', 'address') AND NOT EXISTS (
       SELECT FROM notices.notices AS told
        WHERE told.cause = 'dead-letters/' || to_char(d.changed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD'))
"""


def dead_letters(connection: Connection, roster: Roster) -> Iterator[tuple[Notice, tuple[str, ...]]]:
    """A notice a day and administrator, with the channels it goes over."""
    row = DEAD_LETTERS
    for (day,) in connection.execute(_DEAD).fetchall():
        for person in roster.reachable():
            if notices.concerns(row.tell[0], "", frozenset(), person):
                cause, now, act = f"dead-letters/{day}", datetime.now(UTC), row.tell[0]
                made = Notice(cause, person.id, roster.position, "DeadLetters", cause, row.kind, act, "", [], now)
                yield made, roster.over(person.id, row.kind)

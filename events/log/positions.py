"""What stands beside each position of a stretch of the record, read without the entries being decoded."""

from typing import Any, LiteralString

from events.log.storage import Connection

LEAF: LiteralString = "sha256('\\x00'::bytea || entry)"
"""The leaf hash, made where the entry lies: 32 bytes travel instead of an entry."""

_LEDGER = """
SELECT commit_seq, first FROM record.ledger
 WHERE first >= coalesce((SELECT max(first) FROM record.ledger WHERE first <= %(after)s + 1), 0) AND first <= %(upto)s
"""
_LAST = "SELECT first + count - 1 FROM record.ledger ORDER BY first DESC LIMIT 1"


def last_position(connection: Connection) -> int:
    """The last position the record has given, 0 before the first."""
    row = connection.execute(_LAST).fetchone()
    return int(row[0]) if row else 0


def read_positions(connection: Connection, columns: LiteralString, after: int, upto: int) -> list[tuple[Any, ...]]:
    """Rows of (position, *columns of record.events) for after < position ≤ upto, by position.

    Positions may be missing or doubled in a record that was tampered with; the caller looks.
    """
    # Never prepared and never joined: a plan for any range at all would read the whole table for a small one.
    ledger = connection.execute(_LEDGER, {"after": after, "upto": upto}, binary=True, prepare=False)
    firsts: dict[int, int] = dict(ledger.fetchall())
    if not firsts:
        return []
    lowest, highest = min(firsts), max(firsts)
    dense = highest - lowest < 4 * len(firsts) + 4
    where: LiteralString = "commit_seq BETWEEN %s AND %s" if dense else "commit_seq = ANY(%s)"
    rows = connection.execute(
        "SELECT commit_seq, ordinal, " + columns + " FROM record.events WHERE " + where,  # noqa: S608 - literal text, by its type
        (lowest, highest) if dense else (list(firsts),),
        binary=True,
        prepare=False,
    ).fetchall()
    placed = [(firsts[row[0]] + row[1], *row[2:]) for row in rows if row[0] in firsts]
    placed.sort(key=lambda row: int(row[0]))
    return [row for row in placed if after < row[0] <= upto]

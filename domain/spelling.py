"""How ids, reasons and moments are spelt; whatever does not fit is refused before it is recorded.

Ids become parts of stream names, so a slash or a star in one would be another stream or another scope.
"""

import re
from contextlib import suppress
from datetime import UTC, datetime

from domain.refusals import Refused

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


def identifier(text: str, place: str) -> str:
    """``text``, refused unless it is 1 to 40 ASCII letters, digits, '.', '_' or '-'."""
    if not _ID.fullmatch(text):
        raise Refused("bad-id", place=place)
    return text


def reason(text: str, place: str = "reason") -> str:
    """``text``, refused when it is blank."""
    if not text.strip():
        raise Refused("no-reason", place=place)
    return text


def moment(text: str, place: str) -> datetime:
    """The moment (UTC) of an RFC 3339 text; refused when it is none or has no zone, and so is no moment."""
    with suppress(ValueError, OverflowError):
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    raise Refused("bad-moment", place=place)


def written(when: datetime) -> str:
    """A moment as it is recorded: RFC 3339 in UTC with microseconds and ``Z``."""
    return when.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")

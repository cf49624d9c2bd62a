"""How long what is issued now is in force: as asked, within what the house allows, nothing for ever."""

from datetime import datetime, timedelta

from events.entry import utc_text
from service.office import office


def lifetime(days: int | None = None, before: int | None = None) -> tuple[str, str]:
    """The last moment of a token asked for ``days``, and the latest one allowed (RFC 3339 UTC).

    ``before``: the days that the token was issued for in whose place it comes; it lasts no longer than that one.
    """
    now, allowed = office().now(), office().settings.admission
    most = min(allowed.most_days, before or allowed.most_days)
    last = now + timedelta(days=days or min(allowed.token_days, most))
    return utc_text(last), utc_text(now + timedelta(days=most))


def session_end() -> datetime:
    """The last moment of a session that begins now."""
    return office().now() + timedelta(hours=office().settings.admission.session_hours)

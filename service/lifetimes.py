"""How long what is issued now is in force: as asked, never longer than the house allows, nothing for ever."""

from datetime import datetime, timedelta

from events.entry import utc_text
from service.office import office


def lifetime(days: int | None = None) -> tuple[str, str]:
    """The last moment of a token asked for ``days``, and the latest one allowed (RFC 3339 UTC)."""
    now, allowed = office().now(), office().settings.admission
    last = now + timedelta(days=days or allowed.token_days)
    return utc_text(last), utc_text(now + timedelta(days=allowed.most_days))


def session_end() -> datetime:
    """The last moment of a session that begins now."""
    return office().now() + timedelta(hours=office().settings.admission.session_hours)

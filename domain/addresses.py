"""What is an address of a channel: a mailbox, or an endpoint of HTTP."""

import re
from urllib.parse import urlsplit

from domain.refusals import Refused

# RFC 5321, section 4.1.2, without quoted local parts and literals: what remains can end no header and no command.
_MAILBOX = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)
# What a header takes for text in another coding (RFC 2047), and would write as other characters than these.
_CODED = "=?"
_LONGEST_MAILBOX = 254
_LONGEST_LOCAL = 64
_ENDPOINT = re.compile(r"https?://[A-Za-z0-9.\[\]:-]+(/[!-~]*)?", re.ASCII)
_LONGEST_ENDPOINT = 1000
_WANTED_MAILBOX = ("须为邮箱，如 name@example.org", "a mailbox, such as name@example.org")
_WANTED_ENDPOINT = ("须为 https:// 地址，不含片段", "an https:// address without a fragment")


def address(channel: str, text: str, *, plain: bool = False) -> str:
    """``text``, refused unless it is an address of the channel; ``plain``: a webhook may do without TLS."""
    if not reachable(channel, text, plain=plain):
        raise Refused("bad-address", *(_WANTED_MAILBOX if channel == "email" else _WANTED_ENDPOINT), place="address")
    return text


def reachable(channel: str, text: str, *, plain: bool) -> bool:
    """Whether ``text`` is an address of the channel."""
    return _mailbox(text) if channel == "email" else _endpoint(text, plain=plain)


def _mailbox(text: str) -> bool:
    local = text.partition("@")[0]
    short = len(text) <= _LONGEST_MAILBOX and len(local) <= _LONGEST_LOCAL
    return short and _CODED not in text and bool(_MAILBOX.fullmatch(text))


def _endpoint(text: str, *, plain: bool) -> bool:
    if len(text) > _LONGEST_ENDPOINT or not _ENDPOINT.fullmatch(text) or "#" in text:
        return False
    try:
        where = urlsplit(text)
        return bool(where.hostname) and where.port != 0 and (plain or where.scheme == "https")
    except ValueError:
        return False

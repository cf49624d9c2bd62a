"""How notices leave this machine, read from the environment: the mail server, the sender, what links begin with."""

import re
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from urllib.parse import parse_qs, unquote, urlsplit

from domain.addresses import address
from domain.refusals import Refused
from workers.settings import Settings, SettingsError, read
from workers.settings_values import UnfitError

PORTS = {"smtp": 587, "smtps": 465}
Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server: TLS from the start, by STARTTLS, or (for a relay on this machine) none."""

    host: str
    port: int
    tls: str  # "implicit", "starttls" or "never"
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Mailing:
    """``smtp`` None: e-mail waits in the outbox. ``inside``: networks where webhooks may go besides the internet."""

    smtp: Smtp | None
    sender: str
    public: str
    inside: tuple[Network, ...]

    @classmethod
    def from_environment(cls, settings: Settings) -> "Mailing":
        """Reads KAOHE_SMTP_URL, _SMTP_FROM, _PUBLIC_URL, _WEBHOOK_INSIDE; raises SettingsError naming the variable."""
        smtp, sender = read("KAOHE_SMTP_URL", "", server), read("KAOHE_SMTP_FROM", "", mailbox)
        if smtp and not sender:
            raise SettingsError(
                "设置了 KAOHE_SMTP_URL，还须设置 KAOHE_SMTP_FROM。", "With KAOHE_SMTP_URL, set KAOHE_SMTP_FROM too."
            )
        own = f"http://{settings.host}:{settings.port}"
        return cls(smtp, sender, read("KAOHE_PUBLIC_URL", own, site), read("KAOHE_WEBHOOK_INSIDE", "", networks))

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels over which this machine can deliver."""
        return ("email", "webhook") if self.smtp else ("webhook",)


def server(text: str) -> Smtp | None:
    """``smtps://user:password@host``, or ``smtp://`` with STARTTLS; ``?tls=never`` only without a password."""
    if not text:
        return None
    unfit = UnfitError("必须是 smtp:// 或 smtps:// 地址", "must be an smtp:// or smtps:// address")
    try:
        where = urlsplit(text)
        asked, port = parse_qs(where.query, strict_parsing=bool(where.query)), where.port
    except ValueError:
        raise unfit from None
    never = asked == {"tls": ["never"]}
    if where.scheme not in PORTS or not where.hostname or where.path not in {"", "/"} or (asked and not never):
        raise unfit
    if never and (where.scheme == "smtps" or where.password):
        raise UnfitError("没有 TLS 时不得带密码", "must not send a password without TLS")
    tls = "implicit" if where.scheme == "smtps" else "never" if never else "starttls"
    user, password = unquote(where.username or ""), unquote(where.password or "")
    return Smtp(where.hostname, port or PORTS[where.scheme], tls, user, password)


def mailbox(text: str) -> str:
    """Gives an e-mail address, empty when there is none."""
    try:
        return address("email", text) if text else ""
    except Refused:
        raise UnfitError("必须是邮箱地址", "must be an e-mail address") from None


def site(text: str) -> str:
    """Gives the address people know this service by, without a slash at its end."""
    if not re.fullmatch(r"https?://[!-~]{1,200}", text) or "@" in text or "?" in text or "#" in text:
        raise UnfitError("必须是 http:// 或 https:// 地址", "must be an http:// or https:// address")
    return text.rstrip("/")


def networks(text: str) -> tuple[Network, ...]:
    """Gives networks such as 10.0.0.0/8, separated by commas."""
    try:
        return tuple(ip_network(each.strip()) for each in text.split(",") if each.strip())
    except ValueError:
        raise UnfitError("必须是以逗号分隔的网段", "must be networks separated by commas") from None

"""Who is let in for how long, and the OpenID provider that vouches for people."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from workers.settings_reading import SettingsError, read
from workers.settings_values import UnfitError

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
LONGEST_DAYS = 365
LONGEST_HOURS = 24
SECRET, SECRET_FILE = "KAOHE_OIDC_CLIENT_SECRET", "KAOHE_OIDC_CLIENT_SECRET_FILE"
PROVIDER = ("KAOHE_OIDC_ISSUER", "KAOHE_OIDC_CLIENT_ID", SECRET, SECRET_FILE)
_SHORTEST = 16


@dataclass(frozen=True, slots=True)
class Provider:
    """An OpenID provider as it knows us, and the origin under which browsers reach us."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    public_url: str

    def environment(self) -> dict[str, str]:
        """The variables from which it is read."""
        return {
            "KAOHE_OIDC_ISSUER": self.issuer,
            "KAOHE_OIDC_CLIENT_ID": self.client_id,
            SECRET: self.client_secret,
            "KAOHE_PUBLIC_URL": self.public_url,
        }


@dataclass(frozen=True, slots=True)
class Admission:
    """How long a token is in force unless its issuer says (days), at most (days), and a session (hours)."""

    token_days: int = 90
    most_days: int = LONGEST_DAYS
    session_hours: int = 8
    provider: Provider | None = None

    @classmethod
    def from_environment(cls) -> "Admission":
        """Reads the variables; raises SettingsError naming the first one that cannot be used."""
        most = read("KAOHE_TOKEN_MOST_DAYS", str(LONGEST_DAYS), between(1, LONGEST_DAYS))
        return cls(
            token_days=read("KAOHE_TOKEN_DAYS", str(min(90, most)), between(1, most)),
            most_days=most,
            session_hours=read("KAOHE_SESSION_HOURS", "8", between(1, LONGEST_HOURS)),
            provider=provider(),
        )

    def environment(self) -> dict[str, str]:
        """The variables from which it is read."""
        return {
            "KAOHE_TOKEN_MOST_DAYS": str(self.most_days),
            "KAOHE_TOKEN_DAYS": str(self.token_days),
            "KAOHE_SESSION_HOURS": str(self.session_hours),
        } | (self.provider.environment() if self.provider else {})


def provider() -> Provider | None:
    """The provider that the environment names, whole or not at all."""
    issuer = read("KAOHE_OIDC_ISSUER", "", address)
    if not issuer:
        return None
    found = Provider(
        issuer,
        read("KAOHE_OIDC_CLIENT_ID", "", str),
        client_secret(),
        read("KAOHE_PUBLIC_URL", "", bare_origin),
    )
    for name, value in found.environment().items():
        if not value:
            raise SettingsError(
                f"设置了 KAOHE_OIDC_ISSUER，还须设置 {name}。", f"With KAOHE_OIDC_ISSUER, set {name} too."
            )
    return found


def client_secret() -> str:
    """The secret itself, or the content of the file that is named, which other people's `ps` never shows."""
    given, named = read(SECRET, "", str), read(SECRET_FILE, "", str)
    if given and named:
        raise SettingsError(f"{SECRET} 与 {SECRET_FILE} 只能设置一个。", f"Set {SECRET} or {SECRET_FILE}, not both.")
    if named:
        try:
            given = Path(named).expanduser().read_text("utf-8").strip()
        except (OSError, ValueError):
            raise SettingsError(f"无法读取 {SECRET_FILE}。", f"{SECRET_FILE} cannot be read.") from None
    if given and not (len(given) >= _SHORTEST and given.isascii() and given.isprintable()):
        # The cookie of a sign-in under way is encrypted under a key made of it.
        raise SettingsError(
            f"{SECRET} 须为至少 {_SHORTEST} 个可见ASCII字符。", f"{SECRET} has at least {_SHORTEST} ASCII characters."
        )
    return given


def between(least: int, most: int) -> Callable[[str], int]:
    """Accepts a whole number within bounds."""

    def parse(text: str) -> int:
        if not re.fullmatch("[0-9]{1,6}", text) or not least <= int(text) <= most:
            raise UnfitError(f"必须是 {least} 到 {most} 的整数", f"must be a whole number from {least} to {most}")
        return int(text)

    return parse


def address(text: str) -> str:
    """Accepts an https:// address, or an http:// one of this machine; "" for none."""
    parts = urlsplit(text)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if text and (not safe or not parts.hostname or parts.query or parts.fragment or re.search(r"[\s\\@]", text)):
        raise UnfitError(
            "必须是 https:// 地址（本机可用 http://）", "must be an https:// address (http:// on this machine)"
        )
    return text


def bare_origin(text: str) -> str:
    """Accepts an address that is only scheme, host and port."""
    text = address(text).rstrip("/")
    if text and urlsplit(text).path:
        raise UnfitError("不能包含路径", "must not have a path")
    return text

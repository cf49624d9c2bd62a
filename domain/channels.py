"""How a person wants to be told: by e-mail or webhook, in which language, of what; folded from ``person/{id}``.

Addresses and keys are personal data: here are only commitments to them, the vault holds the texts.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from domain import facts
from domain.refusals import Refused

CHANNELS = ("email", "webhook")
LANGUAGES = ("zh", "en")
KINDS = ("returned", "decided", "results", "calendar", "waiting", "second", "assigned", "incident", "dead-letter")
# What waits stands in the queue, and is much at times: a letter for each of it comes to whom asks for that.
USUAL = tuple(kind for kind in KINDS if kind != "waiting")

# RFC 5321, section 4.1.2, without quoted local parts and literals: what remains can end no header and no command.
_MAILBOX = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)
_LONGEST_MAILBOX = 254
_LONGEST_LOCAL = 64
_ENDPOINT = re.compile(r"https?://[A-Za-z0-9.\[\]:-]+(/[!-~]*)?", re.ASCII)
_LONGEST_ENDPOINT = 1000
# The key in force and the one before it both sign, so a receiver changes over when it likes.
_SIGN = 2


@dataclass(frozen=True, slots=True)
class Channel:
    """An open channel; ``address`` is a commitment."""

    address: str
    language: str
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Channels:
    """One person's channels as of now; ``secrets``: commitments to the keys that sign, the newest first."""

    person: str
    open: Mapping[str, Channel] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()

    def evolve(self, fact: facts.Fact) -> "Channels":
        """These channels after ``fact``; other facts change nothing."""
        match fact:
            case facts.NoticeChannelSet():
                added = Channel(fact.address, fact.language, frozenset(fact.kinds))
                # What one receiver knows must not sign for the next.
                secrets = () if fact.channel == "webhook" else self.secrets
                return replace(self, open={**self.open, fact.channel: added}, secrets=secrets)
            case facts.NoticeSecretSet():
                return replace(self, secrets=(fact.secret, *self.secrets)[:_SIGN])
            case facts.NoticeChannelClosed():
                return replace(self, open={key: each for key, each in self.open.items() if key != fact.channel})
        return self

    def wants(self, kind: str) -> tuple[str, ...]:
        """The channels over which the person is told of this kind."""
        return tuple(channel for channel in CHANNELS if channel in self.open and kind in self.open[channel].kinds)


def put(state: Channels, wanted: facts.NoticeChannelSet, secret: str, *, erased: bool) -> list[facts.Fact]:
    """Opens a channel or replaces it; a webhook begins with a key of its own (``secret``, a commitment).

    Refused once the person's texts were lawfully erased: nothing could ever erase an address kept afterwards.
    """
    if erased:
        raise Refused("erased-person", state.person, state.person)
    return [wanted, facts.NoticeSecretSet(secret)] if wanted.channel == "webhook" else [wanted]


def rotate(state: Channels, secret: str, *, erased: bool) -> list[facts.Fact]:
    """A new key signs, and the one before it still does; the one before that no longer."""
    if erased:
        raise Refused("erased-person", state.person, state.person)
    _open(state, "webhook")
    return [facts.NoticeSecretSet(secret)]


def close(state: Channels, channel: str) -> list[facts.Fact]:
    """Closes a channel."""
    _open(state, channel)
    return [facts.NoticeChannelClosed(channel)]


def address(channel: str, text: str, *, plain: bool = False) -> str:
    """``text``, refused unless it is an address of the channel; ``plain``: a webhook may do without TLS."""
    if not reachable(channel, text, plain=plain):
        raise Refused("bad-address", place="address")
    return text


def reachable(channel: str, text: str, *, plain: bool) -> bool:
    """Whether ``text`` is an address of the channel."""
    return _mailbox(text) if channel == "email" else _endpoint(text, plain=plain)


def _mailbox(text: str) -> bool:
    local = text.partition("@")[0]
    return len(text) <= _LONGEST_MAILBOX and len(local) <= _LONGEST_LOCAL and bool(_MAILBOX.fullmatch(text))


def _endpoint(text: str, *, plain: bool) -> bool:
    if len(text) > _LONGEST_ENDPOINT or not _ENDPOINT.fullmatch(text) or "#" in text:
        return False
    try:
        where = urlsplit(text)
        return bool(where.hostname) and where.port != 0 and (plain or where.scheme == "https")
    except ValueError:
        return False


def _open(state: Channels, channel: str) -> None:
    if channel not in state.open:
        raise Refused("unknown-channel", channel, channel)

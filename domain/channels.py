"""How a person wants to be told: by e-mail or webhook, in which language, of what; folded from ``person/{id}``.

Addresses and keys are personal data: here are only commitments to them, the vault holds the texts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from domain import facts
from domain.codes import Code, missed, still
from domain.refusals import Refused
from domain.told.accounts import ACCOUNT

CHANNELS = ("email", "webhook")
LANGUAGES = ("zh", "en")
_YEAR = ("returned", "decided", "results", "calendar", "waiting", "second", "assigned", "incident", "dead-letter")
KINDS = (*_YEAR, ACCOUNT)
# What waits stands in the queue, and is much at times: a letter for each of it comes to whom asks for that.
USUAL = tuple(kind for kind in KINDS if kind != "waiting")

# The key in force and the one before it both sign, so a receiver changes over when it likes.
_SIGN = 2
# Somebody else's mailbox is no place to send codes to all day.
CHECKS, DAY = 10, timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Channel:
    """An open channel; ``address`` is a commitment."""

    address: str
    language: str
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Channels:
    """One person's channels as of now; ``secrets``: commitments to the keys that sign, the newest first.

    ``confirmed``: addresses known to be his; ``codes`` that went to some; ``asked``: when he last had one checked.
    """

    person: str
    open: Mapping[str, Channel] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    confirmed: frozenset[str] = frozenset()
    codes: tuple[Code, ...] = ()
    asked: tuple[str, ...] = ()

    def evolve(self, fact: facts.Fact, time: str = "") -> "Channels":
        """These channels after ``fact`` of that time (RFC 3339 UTC); other facts change nothing."""
        match fact:
            case facts.NoticeChannelSet():
                added = Channel(fact.address, fact.language, frozenset(fact.kinds))
                # What one receiver knows must not sign for the next.
                secrets = () if fact.channel == "webhook" else self.secrets
                asked = self.asked if fact.address in self.confirmed else _newest(self.asked, time)
                return replace(self, open={**self.open, fact.channel: added}, secrets=secrets, asked=asked)
            case facts.NoticeCheckRequested():
                return replace(self, asked=_newest(self.asked, time))
            case facts.NoticeCodeIssued():
                code = Code(fact.address, fact.digest, fact.expires)
                return replace(self, codes=(*still(self.codes, code), code))
            case facts.NoticeCodeMissed():
                return replace(self, codes=missed(self.codes, fact.address))
            case facts.NoticeAddressConfirmed():
                left = tuple(each for each in self.codes if each.address != fact.address)
                return replace(self, confirmed=self.confirmed | {fact.address}, codes=left)
            case facts.NoticeSecretSet():
                return replace(self, secrets=(fact.secret, *self.secrets)[:_SIGN])
            case facts.NoticeChannelClosed():
                return replace(self, open={key: each for key, each in self.open.items() if key != fact.channel})
        return self

    def wants(self, kind: str) -> tuple[str, ...]:
        """The channels over which the person is told of this kind; of his own account by mail whatever he asked for."""
        always = {"email"} if kind == ACCOUNT else set[str]()
        return tuple(
            each for each in CHANNELS if each in self.open and (each in always or kind in self.open[each].kinds)
        )

    def unconfirmed(self, channel: str) -> bool:
        """Whether the channel is open and nobody knows yet whose address it has."""
        return channel in self.open and self.open[channel].address not in self.confirmed


def put(
    state: Channels, wanted: facts.NoticeChannelSet, secret: str, now: datetime, *, erased: bool
) -> list[facts.Fact]:
    """Opens a channel or replaces it; a webhook begins with a key of its own (``secret``, a commitment).

    Refused once the person's texts were lawfully erased: nothing could ever erase an address kept afterwards.
    """
    if erased:
        raise Refused("erased-person", state.person, state.person)
    if wanted.address not in state.confirmed:
        _not_too_often(state, now)
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


def check(state: Channels, channel: str, now: datetime) -> list[facts.Fact]:
    """Has the address of a channel checked once more: a new code, or another ping."""
    _open(state, channel)
    if not state.unconfirmed(channel):
        raise Refused("already-confirmed")
    _not_too_often(state, now)
    return [facts.NoticeCheckRequested(channel)]


def confirm(state: Channels, digest: str, now: datetime) -> list[facts.Fact]:
    """What follows when the person shows a code of that digest for his e-mail address: confirmed, or missed."""
    _open(state, "email")
    if not state.unconfirmed("email"):
        raise Refused("already-confirmed")
    mailbox = state.open["email"].address
    live = [each for each in state.codes if each.address == mailbox and each.live(now)]
    if not live:
        raise Refused("no-code")
    if any(each.digest == digest for each in live):
        return [facts.NoticeAddressConfirmed("email", mailbox, digest)]
    return [facts.NoticeCodeMissed(mailbox)]


def _not_too_often(state: Channels, now: datetime) -> None:
    if sum(datetime.fromisoformat(each) > now - DAY for each in state.asked if each) >= CHECKS:
        raise Refused("too-many-checks")


def _newest(asked: tuple[str, ...], time: str) -> tuple[str, ...]:
    return (*asked, time)[-CHECKS:]


def _open(state: Channels, channel: str) -> None:
    if channel not in state.open:
        raise Refused("unknown-channel", channel, channel)

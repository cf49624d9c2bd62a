"""How a person wants to be told, ``person/{id}``; and what is sent once more, ``notice/{delivery}``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NoticeChannelSet:
    """Notices of these kinds go to the person over a channel; the address is a commitment."""

    channel: str
    address: str
    language: str
    kinds: list[str]


@dataclass(frozen=True, slots=True)
class NoticeSecretSet:
    """A key signs what goes to the person's webhook from here; the key is a commitment."""

    secret: str


@dataclass(frozen=True, slots=True)
class NoticeChannelClosed:
    """Nothing goes to the person over a channel any more."""

    channel: str


@dataclass(frozen=True, slots=True)
class NoticeResendingOrdered:
    """An administrator has a dead letter sent once more, for the ``number``-th time."""

    delivery: str
    number: int
    reason: str

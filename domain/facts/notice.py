"""How a person wants to be told, ``person/{id}``; and what is sent once more, ``notice/{delivery}``.

An address is used once it is confirmed: by a code that went there, or by a webhook's answer to a signed ping.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NoticeChannelSet:
    """Notices of these kinds go to the person over a channel; the address is a commitment."""

    channel: str
    address: str
    language: str
    kinds: list[str]


@dataclass(frozen=True, slots=True)
class NoticeCheckRequested:
    """The person has the address of a channel checked once more."""

    channel: str


@dataclass(frozen=True, slots=True)
class NoticeCodeIssued:
    """A code goes to an address (a commitment); only its SHA-256 is recorded, and it is good until ``expires``."""

    address: str
    digest: str
    expires: str


@dataclass(frozen=True, slots=True)
class NoticeCodeMissed:
    """The person showed a code that none of those in force is."""

    address: str


@dataclass(frozen=True, slots=True)
class NoticeAddressConfirmed:
    """The address (a commitment) is the person's: he showed the code of that digest, or his webhook answered ("")."""

    channel: str
    address: str
    digest: str


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

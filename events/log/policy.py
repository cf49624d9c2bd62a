"""C2SP tlog-policy: which logs and witnesses are trusted, and which of the witnesses are enough.

A policy is octets: names and addresses may hold any byte from 0x80 on and are compared byte by byte, which is
why they are kept as text with surrogate escapes.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from events.log.errors import MalformedKeyError, MalformedPolicyError
from events.log.keys import KeyType, VerifierKey, parse_vkey

MAX_POLICY_BYTES = 2**20
NO_QUORUM = "none"

_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
_COUNT = re.compile(r"[1-9][0-9]{0,5}")


@dataclass(frozen=True, slots=True)
class Party:
    """A log or a witness: its key and, where one is given, the address it is reached at."""

    key: VerifierKey
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Has witnessed when at least `threshold` of its members have."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """The trusted logs, the witnesses and groups by name in the order of the file, the name of the quorum.

    Without logs (an application may know them from elsewhere) it trusts no checkpoint until some are put in.
    """

    logs: tuple[Party, ...]
    witnesses: dict[str, Party]
    groups: dict[str, Group]
    quorum: str

    def met_by(self, witnesses: Iterable[str]) -> bool:
        """Whether these witnesses, by their names in this policy, are enough."""
        have = {name for name in witnesses if name in self.witnesses}
        # a group names only what stands before it, so one pass decides all
        for name, group in self.groups.items():
            if sum(member in have for member in group.members) >= group.threshold:
                have.add(name)
        return self.quorum == NO_QUORUM or self.quorum in have


@dataclass(slots=True)
class _Draft:
    logs: list[Party] = field(default_factory=list)
    witnesses: dict[str, Party] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    quorum: str | None = None
    used: set[str] = field(default_factory=set)


def parse_policy(data: bytes) -> Policy:
    """The policy in these bytes.

    Raises:
        MalformedPolicyError: not a policy; names the line.
    """
    if len(data) > MAX_POLICY_BYTES:
        raise MalformedPolicyError(f"{len(data)} bytes")
    draft = _Draft()
    for number, line in enumerate(data.split(b"\n"), 1):
        words = re.split("[ \t]+", line.strip(b" \t").decode("utf-8", "surrogateescape"))
        if _FORBIDDEN.search(line):
            raise MalformedPolicyError(f"line {number}")
        if not words[0] or words[0].startswith("#"):
            continue
        try:
            _LINES[words[0]](draft, words[1:])
        except MalformedKeyError as wrong:
            raise MalformedPolicyError(f"line {number}: {wrong}") from wrong
        except (KeyError, ValueError):
            raise MalformedPolicyError(f"line {number}") from None
    if draft.quorum is None:
        raise MalformedPolicyError("quorum")
    return Policy(tuple(draft.logs), draft.witnesses, draft.groups, draft.quorum)


def _log(draft: _Draft, words: list[str]) -> None:
    vkey, *url = words
    draft.logs.append(_party(vkey, url, KeyType.ED25519, draft.logs))


def _witness(draft: _Draft, words: list[str]) -> None:
    name, vkey, *url = words
    party = _party(vkey, url, KeyType.COSIGNATURE, draft.witnesses.values())
    draft.witnesses[_new_name(draft, name)] = party


def _group(draft: _Draft, words: list[str]) -> None:
    name, count, *members = words
    if not members or len(set(members)) != len(members) or draft.used & set(members):
        raise ValueError(name)
    if not all(member in draft.witnesses or member in draft.groups for member in members):
        raise ValueError(name)
    draft.used.update(members)
    draft.groups[_new_name(draft, name)] = Group(_threshold(count, len(members)), tuple(members))


def _quorum(draft: _Draft, words: list[str]) -> None:
    (name,) = words
    known = name == NO_QUORUM or name in draft.witnesses or name in draft.groups
    if draft.quorum is not None or not known:
        raise ValueError(name)
    draft.quorum = name


_LINES: dict[str, Callable[[_Draft, list[str]], None]] = {
    "log": _log,
    "witness": _witness,
    "group": _group,
    "quorum": _quorum,
}


def _party(vkey: str, url: list[str], kind: KeyType, others: Iterable[Party]) -> Party:
    key = parse_vkey(vkey)
    # the same public key under another name would let one party count twice
    if key.type is not kind or len(url) > 1 or any(other.key.public == key.public for other in others):
        raise ValueError(vkey)
    return Party(key, *url)


def _new_name(draft: _Draft, name: str) -> str:
    if name == NO_QUORUM or name in draft.witnesses or name in draft.groups:
        raise ValueError(name)
    return name


def _threshold(count: str, members: int) -> int:
    if count in ("any", "all"):
        return 1 if count == "any" else members
    if not _COUNT.fullmatch(count) or not 1 <= int(count) <= members:
        raise ValueError(count)
    return int(count)

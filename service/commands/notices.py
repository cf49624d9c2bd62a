"""What people order about notices: their own channels and keys, and dead letters sent again."""

import os
from collections.abc import Sequence
from typing import Any

import psycopg

from domain import channels, facts, resendings
from domain.channels import Channels
from domain.people import Grant
from domain.refusals import Refused
from domain.resendings import Resendings
from events.store import Commit, Within
from events.vault import Secret, kept_together, seal
from service.auth import caller, own_grant, permit
from service.commands.streams import act
from service.office import office
from service.queries import outbox
from workers.notices.signature import secret_text

_KEY_BYTES = 32
_APPROVED = "SELECT 1 FROM record.events WHERE stream = %s AND type = 'ErasureApproved'"


def set_channel(body: dict[str, Any]) -> tuple[Commit, str | None]:
    """Opens or replaces a channel of the caller; a webhook's new key is answered once, with the commit that made it."""
    me, channel = caller().id, body["channel"]
    plain = bool(office().mailing.inside)
    where = Secret(me, f"notice.{channel}", channels.address(channel, body["address"], plain=plain))
    key = _new_key(me)
    wanted = facts.NoticeChannelSet(channel, where.commitment, body["language"], sorted(set(body["kinds"])))

    def decide(state: Channels) -> Sequence[facts.Fact]:
        return channels.put(state, wanted, key.commitment, erased=_erased(me))

    kept = [where, key] if channel == "webhook" else [where]
    commit = act(office().channels, ("person/", me), "set-notice-channel", own_grant, decide, _seal(me, kept))
    return commit, key.content if channel == "webhook" and not commit.replayed else None


def rotate_secret() -> tuple[Commit, str | None]:
    """A new key for the caller's webhook, answered once."""
    me = caller().id
    key = _new_key(me)

    def decide(state: Channels) -> Sequence[facts.Fact]:
        return channels.rotate(state, key.commitment, erased=_erased(me))

    commit = act(office().channels, ("person/", me), "rotate-notice-secret", own_grant, decide, _seal(me, [key]))
    return commit, None if commit.replayed else key.content


def close_channel(channel: str) -> Commit:
    """Closes a channel of the caller."""
    me = caller().id

    def decide(state: Channels) -> Sequence[facts.Fact]:
        return channels.close(state, channel)

    return act(office().channels, ("person/", me), "close-notice-channel", own_grant, decide)


def resend(delivery: str, reason: str) -> Commit:
    """Orders that a dead letter is sent again; the workers do it once they have read so in the record."""

    def decide(state: Resendings) -> Sequence[facts.Fact]:
        return resendings.order(state, outbox.resendings(delivery), reason)

    return act(office().resendings, ("notice/", delivery), "resend-notice", _administer, decide)


def _administer() -> Grant:
    return permit("administer")


def _erased(person: str) -> bool:
    return bool(office().erasures.get(person)[0].approved_by)


def _new_key(person: str) -> Secret:
    return Secret(person, "notice.secret", secret_text(os.urandom(_KEY_BYTES)))


def _seal(person: str, kept: Sequence[Secret]) -> Within:
    def write(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        kept_together(person)(connection)
        if connection.execute(_APPROVED, (f"erasure/{person}",)).fetchone():
            raise Refused("erased-person", person, person)  # meanwhile
        for each in kept:
            seal(each)(connection)

    return write

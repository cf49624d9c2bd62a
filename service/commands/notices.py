"""What people order about notices: their own channels and keys, and dead letters sent again."""

import os
from collections.abc import Sequence
from typing import Any

import psycopg

from domain import addresses, channels, facts, resendings
from domain.channels import Channels
from domain.people import Grant
from domain.refusals import Refused
from domain.resendings import Resendings
from events.sealed import Secret, seal
from events.store import Commit, Within
from events.vault import kept_together
from service.auth import caller, own_grant, permit
from service.commands.streams import act
from service.office import office
from service.queries import outbox
from service.tokens import digest_of
from workers.notices.signature import secret_text

_KEY_BYTES = 32
_APPROVED = "SELECT 1 FROM record.events WHERE stream = %s AND type = 'ErasureApproved'"


def set_channel(body: dict[str, Any]) -> tuple[Commit, str | None]:
    """Opens or replaces a channel of the caller; a webhook's new key is answered once, with the commit that made it.

    The address that stands there already keeps its commitment, and so whether it is confirmed.
    """
    me, channel = caller().id, body["channel"]
    plain = bool(office().mailing.inside)
    fresh = Secret(me, f"notice.{channel}", addresses.address(channel, body["address"], plain=plain))
    key, kept = _new_key(me), list[Secret]()

    def decide(state: Channels) -> Sequence[facts.Fact]:
        stands = _standing(state, channel, fresh.content)
        kept[:] = ([] if stands else [fresh]) + ([key] if channel == "webhook" else [])
        address = stands or fresh.commitment
        wanted = facts.NoticeChannelSet(channel, address, body["language"], sorted(set(body["kinds"])))
        return channels.put(state, wanted, key.commitment, office().now(), erased=_erased(me))

    commit = act(office().channels, ("person/", me), "set-notice-channel", own_grant, decide, _seal(me, kept))
    return commit, key.content if channel == "webhook" and not commit.replayed else None


def check_address(channel: str) -> Commit:
    """Has the address of a channel of the caller checked once more."""

    def decide(state: Channels) -> Sequence[facts.Fact]:
        return channels.check(state, channel, office().now())

    return act(office().channels, ("person/", caller().id), "check-notice-address", own_grant, decide)


def confirm_address(code: str) -> Commit:
    """The caller shows the code that went to his e-mail address; a wrong one is recorded and refused."""
    digest = digest_of(code)

    def decide(state: Channels) -> Sequence[facts.Fact]:
        return channels.confirm(state, digest, office().now())

    commit = act(office().channels, ("person/", caller().id), "confirm-notice-address", own_grant, decide)
    if commit.events[0].envelope.type == facts.NoticeCodeMissed.__name__:
        raise Refused("wrong-code")
    return commit


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


def _standing(state: Channels, channel: str, text: str) -> str:
    """The commitment of the channel's address, if that is ``text``."""
    found = state.open.get(channel)
    same = found is not None and office().vault.open([found.address]).get(found.address) == text
    return found.address if found is not None and same else ""


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

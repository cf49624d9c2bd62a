"""Gathering cosignatures: after each signed checkpoint every witness of the policy is asked (C2SP tlog-witness).

Nothing waits for a witness: rounds are bounded in time, a dead or dripping witness is left behind and asked again,
and appending, ordering and signing go on without any of this.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import structlog
from environs import Env

from events.log.errors import LogError, MalformedPolicyError
from events.log.notes import Note, verify_note
from events.log.policy import Policy, parse_policy
from events.log.storage import Connection, read_checkpoint
from events.store import EventStore
from workers.settings import SettingsError
from workers.witness_round import Correspondence, Round

log = structlog.get_logger()
POLICY_FILE = "KAOHE_LOG_POLICY_FILE"
SECONDS = 5.0
PAUSE = 30.0
_TAKE = "SELECT pg_try_advisory_lock(hashtext('log.witnesses'))"
_GIVE_BACK = "SELECT pg_advisory_unlock(hashtext('log.witnesses'))"


@dataclass(frozen=True, slots=True)
class Gathered:
    """Where the newest checkpoint stands: its size, who cosigned it (names of the policy), of how many, enough?"""

    size: int
    witnesses: frozenset[str]
    known: int
    met: bool


class Gatherer:
    """Asks the witnesses of one log, round by round; one of these a process."""

    def __init__(self, store: EventStore, seconds: float = SECONDS, pause: float = PAUSE) -> None:
        self._store = store
        self._correspondence = Correspondence(seconds, pause)

    def gather(self) -> Gathered | None:
        """One round over the newest checkpoint; None without a policy or a checkpoint, or while another gathers."""
        policy = witness_policy()
        if policy is None or not policy.witnesses:
            return None
        with self._store.connection() as connection:
            taken = connection.execute(_TAKE).fetchone()
            if not (taken and taken[0]):
                return None
            try:
                return self._round(connection, policy)
            except LogError as broken:
                log.error("witnesses cannot be asked", zh=broken.zh, en=broken.en, place=broken.detail)  # noqa: TRY400 - the name says it all
                return None
            finally:
                connection.execute(_GIVE_BACK)

    def _round(self, connection: Connection, policy: Policy) -> Gathered | None:
        found = read_checkpoint(connection)
        if found is None:
            return None
        size, checkpoint = found
        have = cosigned_by(checkpoint, policy)
        missing = {
            name: party
            for name, party in policy.witnesses.items()
            if party.url and name not in have and self._correspondence.may_ask(name)
        }
        if missing:
            have |= Round(self._correspondence, connection, checkpoint, missing).run()
        return Gathered(size, frozenset(have), len(policy.witnesses), policy.met_by(have))


def policy_given() -> tuple[bytes, Policy] | None:
    """The trust policy of KAOHE_LOG_POLICY_FILE (C2SP tlog-policy), as written and as read; None without one.

    Raises:
        MalformedPolicyError: there is no such file, or no policy in it.
    """
    named = Env().str(POLICY_FILE, "").strip()
    if not named:
        return None
    try:
        data = Path(named).expanduser().read_bytes()
        return data, _read(data)
    except OSError as wrong:
        raise MalformedPolicyError(f"{POLICY_FILE} {named}: {wrong.strerror}") from None
    except MalformedPolicyError as wrong:
        raise MalformedPolicyError(f"{POLICY_FILE} {named}: {wrong.detail}") from None


def policy_can_be_used() -> None:
    """Raises SettingsError when a policy is given that cannot be used."""
    try:
        policy_given()
    except MalformedPolicyError as wrong:
        raise SettingsError(
            f"策略文件无法使用：{wrong.detail}。", f"The policy cannot be used: {wrong.detail}."
        ) from None


def witness_policy() -> Policy | None:
    """The trust policy given; None without one, or while it cannot be read."""
    try:
        given = policy_given()
    except MalformedPolicyError as wrong:
        log.error("no policy", error=str(wrong))  # noqa: TRY400 - the error is in it
        return None
    return given[1] if given else None


@lru_cache(2)
def _read(data: bytes) -> Policy:
    return parse_policy(data)


def cosigned_by(checkpoint: Note, policy: Policy) -> set[str]:
    """The witnesses, by their names in the policy, whose cosignatures stand under this checkpoint."""
    names = {party.key: name for name, party in policy.witnesses.items()}
    try:
        return {names[each.key] for each in verify_note(checkpoint, names)}
    except LogError:
        return set()

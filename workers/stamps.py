"""Time-stamping: now and then the newest checkpoint is shown to an RFC 3161 authority; nothing waits for it.

Set KAOHE_TSA_URL and KAOHE_TSA_CERTIFICATE (a PEM file of the authority's root): an answer that cannot be verified
offline is no stamp and is not kept. KAOHE_TSA_MINUTES (60) is the least time between two.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from environs import Env, EnvValidationError

from events.log.checkpoint import parse_checkpoint
from events.log.errors import LogError, StampInvalidError
from events.log.notes import Note
from events.log.policy import Policy
from events.log.stamps import (
    ANSWER_TYPE,
    MAX_STAMP_BYTES,
    REQUEST_TYPE,
    Stamp,
    check_stamp,
    keep_stamp,
    newest_stamp,
    question,
    read_authorities,
)
from events.log.storage import Connection, read_checkpoint, read_checkpoint_at
from events.store import EventStore
from workers.post import Unreachable, post
from workers.witnesses import cosigned_by, witness_policy

log = structlog.get_logger()
SECONDS = 10.0
_AGAIN = 60.0  # seconds before an authority that did not stamp is asked again
_LOOK_BACK = 32
_COSIGNED = "SELECT DISTINCT size FROM log.cosignatures WHERE size > %s ORDER BY size DESC LIMIT %s"
_TAKE = "SELECT pg_try_advisory_lock(hashtext('log.stamps'))"
_GIVE_BACK = "SELECT pg_advisory_unlock(hashtext('log.stamps'))"


@dataclass(frozen=True, slots=True)
class Authority:
    """Where the authority answers, the PEM of its root, and how often it is asked (seconds)."""

    url: str
    certificate: Path
    every: float


class Stamper:
    """Asks one authority. Kept between rounds: when it was asked last, so that a dead one costs next to nothing."""

    def __init__(self, store: EventStore, seconds: float = SECONDS) -> None:
        self._store = store
        self._seconds = seconds
        self._asked = float("-inf")

    def stamp(self) -> Stamp | None:
        """Stamps the newest checkpoint, if it is time; None when nothing was stamped."""
        authority = time_authority()
        if authority is None or time.monotonic() < self._asked + min(authority.every, _AGAIN):
            return None
        with self._store.connection() as connection:
            taken = connection.execute(_TAKE).fetchone()
            if not (taken and taken[0]):
                return None
            try:
                return self._stamp(connection, authority)
            except (LogError, Unreachable, OSError) as wrong:
                log.error("no time stamp", authority=authority.url, error=str(wrong))  # noqa: TRY400 - the error is in it
                return None
            finally:
                connection.execute(_GIVE_BACK)

    def _stamp(self, connection: Connection, authority: Authority) -> Stamp | None:
        last = newest_stamp(connection)
        if last and datetime.now(UTC) < last.time + timedelta(seconds=authority.every):
            return None
        checkpoint = worth_stamping(connection, last.size if last else 0)
        if checkpoint is None:
            return None
        self._asked = time.monotonic()
        authorities = read_authorities(authority.certificate.read_bytes())
        asked = question(checkpoint.text)
        answer = post(authority.url, asked.data, media_type=REQUEST_TYPE, seconds=self._seconds, most=MAX_STAMP_BYTES)
        if answer.status != 200 or answer.media_type != ANSWER_TYPE:  # noqa: PLR2004 - the status itself
            raise StampInvalidError(f"{answer.status} {answer.media_type}")
        moment = check_stamp(answer.body, checkpoint.text, authorities, asked.nonce)
        stamp = Stamp(parse_checkpoint(checkpoint.text).head.size, answer.body, moment)
        keep_stamp(connection, stamp)
        log.info("time-stamped", size=stamp.size, time=moment.isoformat())
        return stamp


def worth_stamping(connection: Connection, beyond: int) -> Note | None:
    """The newest checkpoint beyond a size that enough witnesses cosigned, else the newest one signed."""
    newest = read_checkpoint(connection)
    if newest is None or newest[0] <= beyond:
        return None
    policy = witness_policy()
    for (size,) in connection.execute(_COSIGNED, (beyond, _LOOK_BACK)).fetchall():
        note = read_checkpoint_at(connection, size)
        if note is not None and _enough(note, policy):
            return note
    return newest[1]


def _enough(note: Note, policy: Policy | None) -> bool:
    have = cosigned_by(note, policy) if policy else set()
    return policy is not None and bool(have) and policy.met_by(have)


def time_authority() -> Authority | None:
    """The authority of the environment, None without one; half of one is an error in the log, every time."""
    env = Env()
    url, certificate = env.str("KAOHE_TSA_URL", "").strip(), env.str("KAOHE_TSA_CERTIFICATE", "").strip()
    if not url:
        return None
    try:
        minutes = env.float("KAOHE_TSA_MINUTES", 60.0)
    except (EnvValidationError, ValueError):
        minutes = -1.0
    if not certificate or not minutes >= 0:
        log.error("KAOHE_TSA_URL needs KAOHE_TSA_CERTIFICATE, and KAOHE_TSA_MINUTES is a number from 0")
        return None
    return Authority(url, Path(certificate).expanduser(), minutes * 60)

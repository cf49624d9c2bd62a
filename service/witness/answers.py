"""How a witness answers one request body: C2SP tlog-witness, `add-checkpoint`, without HTTP around it."""

import sqlite3
import time
from dataclasses import dataclass

import structlog

from events.log.cosign import parse_add_checkpoint, write_signatures
from events.log.errors import LogError
from events.log.keys import VerifierKey
from events.log.signers import SignerKey, cosign
from events.log.witness import Conflict, Refused
from service.witness.memory import Memory

log = structlog.get_logger()
TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, a media type and a body."""

    status: int
    body: bytes
    media_type: str = TEXT


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness at work: its key, the keys of the logs it trusts by origin, its memory."""

    key: SignerKey
    logs: dict[str, tuple[VerifierKey, ...]]
    memory: Memory

    def add_checkpoint(self, body: bytes) -> Answer:
        """Cosigns a checkpoint that continues the last one cosigned; refuses everything else by the status agreed.

        400 malformed, 404 unknown log, 403 not signed by it, 409 another size (with it) or another root for the
        size, 422 not proved to have only grown, 503 the memory cannot be written: nothing was signed.
        """
        try:
            request = parse_add_checkpoint(body)
        except LogError as wrong:
            return refusal(400, wrong)
        try:
            decision, moment = self.memory.decide(self.logs, request, int(time.time()))
        except sqlite3.Error as broken:
            return unavailable(broken)
        if isinstance(decision, Conflict):
            return Answer(decision.status, decision.body.encode(), decision.content_type)
        if isinstance(decision, Refused):
            return refusal(decision.status, decision.reason)
        head = decision.checkpoint.head
        log.info("cosigned", origin=decision.checkpoint.origin, size=head.size, root=head.root.hex())
        return Answer(200, write_signatures(cosign(decision.checkpoint.text, self.key, moment)))

    def shown(self) -> Answer:
        """What anybody may know: its public key and what it cosigned last of each log."""
        try:
            logs = self.memory.seen()
        except sqlite3.Error as broken:
            return unavailable(broken)
        lines = (f"{one.origin} {one.head.size} {one.head.root.hex()} {one.time} {one.suspects}\n" for one in logs)
        return Answer(200, f"{self.key.verifier.text}\n\n{''.join(lines)}".encode())


def unavailable(broken: sqlite3.Error) -> Answer:
    """The answer while the memory cannot be used: nothing is cosigned that could be forgotten."""
    log.error("the memory cannot be used, nothing is cosigned", error=str(broken))
    return Answer(503, "见证人的记忆暂不可用 / the witness's memory is not available\n".encode())


def refusal(status: int, reason: LogError) -> Answer:
    """A refusal that says why, in both languages."""
    log.warning("not cosigned", status=status, reason=reason.en, place=reason.detail[:200])
    return Answer(status, f"{reason}\n".encode(errors="replace"))

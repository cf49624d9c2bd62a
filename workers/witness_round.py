"""One checkpoint before the witnesses: asked side by side, each in its own time, each answer stored as it comes."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from queue import Empty, Queue
from threading import Thread

import structlog

from events.log.asking import Cosignature, request_for, understand
from events.log.authentic import AuthenticTiles
from events.log.checkpoint import parse_checkpoint
from events.log.errors import LogError
from events.log.notes import MAX_NOTE_BYTES, Note
from events.log.policy import Party
from events.log.storage import Connection, tile_reader
from workers.post import Reply, Unreachable, post

log = structlog.get_logger()
_ASKED_AT_MOST = 4  # another gatherer may move a witness on between its answer and our next question
_STANDS_AT = "SELECT coalesce(max(size), 0) FROM log.cosignatures WHERE key = %s"
_COSIGN = "SELECT log.cosign(%s, %s, %s, %s)"


@dataclass(frozen=True, slots=True)
class Answer:
    """Which witness answered, and what."""

    name: str
    reply: Reply | Unreachable


class Correspondence:
    """What outlasts a round: who has still not answered, and what was wrong with whom.

    A round lasts at most ``seconds``; who could not be reached is left alone for ``pause`` seconds, so that a dead
    witness costs next to nothing.
    """

    def __init__(self, seconds: float, pause: float) -> None:
        self.seconds, self._pause = seconds, pause
        self._busy: set[str] = set()
        self._rests_until: dict[str, float] = {}
        self._trouble: dict[str, str] = {}

    def may_ask(self, name: str) -> bool:
        """Whether no earlier question to this witness hangs, and its pause is over."""
        return name not in self._busy and time.monotonic() >= self._rests_until.get(name, 0.0)

    def rest(self, name: str, why: str) -> None:
        """Leaves a witness that could not be reached alone for a while."""
        self._rests_until[name] = time.monotonic() + self._pause
        self.note_trouble(name, "无法连接", "cannot be reached", why)

    def ask(self, name: str, url: str, body: bytes, answers: "Queue[Answer]") -> None:
        """Posts in a thread of its own; the answer comes in the queue."""
        self._busy.add(name)

        def run() -> None:
            reply: Reply | Unreachable
            try:
                reply = post(url, body, media_type="text/plain", seconds=self.seconds, most=MAX_NOTE_BYTES)
            except Unreachable as error:
                reply = error
            self._busy.discard(name)
            answers.put(Answer(name, reply))

        Thread(target=run, name=f"witness {name}", daemon=True).start()

    def note_trouble(self, name: str, zh: str, en: str, place: str) -> None:
        """Says what is wrong with a witness, once until it changes."""
        if self._trouble.get(name) != (said := f"{en}: {place}"):
            self._trouble[name] = said
            log.error("no cosignature", witness=name, zh=zh, en=en, place=place)

    def note_well(self, name: str) -> None:
        """Forgets what was wrong with a witness."""
        if self._trouble.pop(name, None):
            log.info("cosigns again", witness=name)


class Round:
    """One checkpoint before the witnesses that have not cosigned it."""

    def __init__(
        self, correspondence: Correspondence, connection: Connection, checkpoint: Note, missing: dict[str, Party]
    ) -> None:
        self._correspondence, self._connection = correspondence, connection
        self._checkpoint, self._missing = checkpoint, missing
        self._head = parse_checkpoint(checkpoint.text).head
        self._tiles = AuthenticTiles(self._head, tile_reader(connection))
        self._answers: Queue[Answer] = Queue()
        self._asked = dict.fromkeys(missing, 0)
        self._waiting: set[str] = set()

    def run(self) -> set[str]:
        """The witnesses that cosigned within the time; each cosignature is stored as it comes."""
        until = time.monotonic() + self._correspondence.seconds
        for name, party in self._missing.items():
            row = self._connection.execute(_STANDS_AT, (party.key.text,)).fetchone()
            self._ask(name, row[0] if row else 0)
        have = set()
        while self._waiting and (left := until - time.monotonic()) > 0:
            try:
                answer = self._answers.get(timeout=left)
            except Empty:
                break
            self._waiting.discard(answer.name)
            if self._take(answer):
                have.add(answer.name)
        for name in self._waiting:
            self._correspondence.rest(name, "no answer in time")
        return have

    def _ask(self, name: str, stands_at: int) -> None:
        self._asked[name] += 1
        try:
            request = request_for(self._checkpoint, stands_at, self._tiles.node)
        except LogError as refused:
            self._correspondence.note_trouble(name, refused.zh, refused.en, refused.detail)
            return
        self._waiting.add(name)
        url = (self._missing[name].url or "").rstrip("/") + "/add-checkpoint"
        self._correspondence.ask(name, url, request.data, self._answers)

    def _take(self, answer: Answer) -> bool:
        name, reply = answer.name, answer.reply
        if isinstance(reply, Unreachable):
            self._correspondence.rest(name, str(reply))
            return False
        key = self._missing[name].key
        try:
            said = understand(reply.status, reply.media_type, reply.body, self._checkpoint, key, int(time.time()))
        except LogError as refused:
            self._correspondence.note_trouble(name, refused.zh, refused.en, refused.detail)
            return False
        if isinstance(said, Cosignature):
            when = datetime.fromtimestamp(said.time, UTC)
            self._connection.execute(_COSIGN, (self._head.size, key.text, said.line.line, when))
            self._correspondence.note_well(name)
            return True
        if self._asked[name] < _ASKED_AT_MOST:
            self._ask(name, said)
        return False

"""How entries reach the database: each commit one call of one function, many small ones of several threads together."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import psycopg
from sqlalchemy import Engine

from events.binary import BYTES, TEXTS, Bytes, bytes_array, elements, integer, texts_array
from events.commits import Request, Within
from events.conflicts import RecordRefused, WrongVersion, refusals
from events.convoy import Convoy
from events.entry import Head, leaf_of
from events.pool import connection
from events.prepared import Prepared

_APPEND = "SELECT record.append(%b, %t, %t, %b)"
_STAND = "SELECT record.stand(%t, %t, %t)"
_APPEND_EACH = Prepared(
    "kaohe_append_each",
    "SELECT record.append_each($1, $2, $3, $4, $5, $6)",
    (BYTES, TEXTS, TEXTS, BYTES, TEXTS, TEXTS),
)
_HEAD = "SELECT version, entry FROM record.events WHERE stream = %s ORDER BY version DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class Ready:
    """A commit ready to go: its entries, who asked for it, what it stands on, and what others do; see ``Append``."""

    stream: str
    entries: tuple[bytes, ...]
    actor: str
    request: Request | None
    grounds: tuple[tuple[str, int], ...] = ()
    held: tuple[str, ...] = ()

    @property
    def key(self) -> str | None:
        """The idempotency key, if it has one."""
        return self.request.key if self.request else None

    @property
    def hash(self) -> bytes | None:
        """What was asked under the key: 32 bytes."""
        return self.request.hash if self.request else None


class Sender:
    """Sends commits; those of one event that several threads make at the same time share a round trip (``convoy``)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._convoy = Convoy(self._carry)

    def send(self, commit: Ready, within: Within | None) -> int:
        """Commits it and gives its number. Raises WrongVersion, KeyReused or BadCommit; then nothing was written."""
        if len(commit.entries) == 1 and within is None and not commit.held:
            return self._convoy.send(commit)
        values = (Bytes(commit.entries), commit.actor, commit.key, commit.hash)
        with connection(self._engine) as one, refusals(), one.transaction():
            if commit.held or commit.grounds:
                one.execute(_STAND, (list(commit.held), *_columns(commit.grounds)), prepare=True)
            if within is not None:
                within(one)
            row = one.execute(_APPEND, values, prepare=True).fetchone()
            return int(row[0]) if row else 0

    def _carry(self, commits: Sequence[Ready]) -> Sequence[int | BaseException]:
        """Carries commits of one event each, together if that goes, else each alone so that each is answered."""
        try:
            return self._together(commits)
        except psycopg.OperationalError:
            raise  # a lost connection: nobody knows what became of them, so none of them is sent again
        except (psycopg.Error, RecordRefused) as error:
            if len(commits) == 1:
                return [self._exactly(error, commits[0].stream)]
            return [self._carry([commit])[0] for commit in commits]

    def _exactly(self, error: Exception, stream: str) -> Exception:
        if not isinstance(error, WrongVersion):
            return error
        version = head(self._engine, stream).version  # the loser of a race knows only which version was taken
        return WrongVersion(f"stream {stream} stands at version {version}, which is not what was seen", version)

    def _together(self, commits: Sequence[Ready]) -> Sequence[int]:
        # In the order of the streams, as every commit is, so that two transactions cannot wait for each other.
        order = sorted(range(len(commits)), key=lambda place: stream_bytes(commits[place].stream))
        ordered = [commits[place] for place in order]
        asked: tuple[bytes | None, ...] = (None, None, None)
        if any(commit.request for commit in ordered):
            actors, keys = ([commit.actor for commit in ordered], [commit.key for commit in ordered])
            asked = (texts_array(actors), texts_array(keys), bytes_array([each.hash for each in ordered]))
        grounds = {ground for commit in ordered for ground in commit.grounds}
        stood = map(texts_array, _columns(grounds)) if grounds else (None, None)
        values = (bytes_array([commit.entries[0] for commit in ordered]), *asked, *stood)
        with connection(self._engine) as one, refusals():
            (answer,) = _APPEND_EACH.row(one, values)
        numbers = dict(zip(order, map(integer, elements(answer)), strict=True))
        return [numbers[place] for place in range(len(commits))]


def _columns(grounds: Collection[tuple[str, int]]) -> tuple[list[str], list[str]]:
    """Streams and versions of grounds, each as ``record.stand`` takes them."""
    return [stream for stream, _ in grounds], [str(version) for _, version in grounds]


def head(engine: Engine, stream: str) -> Head:
    """Where ``stream`` stands now."""
    with connection(engine) as one:
        row = one.execute(_HEAD, (stream,), binary=True).fetchone()
        return Head(row[0], leaf_of(row[1])) if row else Head()


def stream_bytes(stream: str) -> bytes:
    """Sorts as the database's "C" collation does; a lone surrogate is refused later, by name."""
    return stream.encode(errors="surrogatepass")

"""A program that keeps a log and is killed, again and again: at a chosen step, or at a random moment.

Called as: keeper.py URL MEMORY DEATHS SEED. Every child forked here appends, orders, grows and signs until it dies
by SIGKILL; it tells on standard output, one line each, the ids of the events it was answered.
"""

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine

from events.entry import NewEvent
from events.log import growth, memory, signing
from events.log.growth import grow
from events.log.keys import KeyType
from events.log.memory import Memory
from events.log.signers import SignerKey
from events.order import seal
from events.store import EventStore

ORIGIN = "example.org/kaohe"
KEY = SignerKey(ORIGIN, KeyType.ED25519, b"k" * 32)
STEPS = (
    (growth, "read_edge"),
    (growth, "read_positions"),
    (growth, "write_growth"),
    (signing, "read_head"),
    (signing, "prove_growth"),
    (memory.Memory, "write"),
    (memory.os, "fsync"),
    (memory.Path, "replace"),
    (signing, "sign_note"),
    (signing, "publish"),
)


def main(url: str, path: str, deaths: int, seed: int) -> None:
    for number in range(deaths):
        chance = random.Random(seed * 1000 + number)  # noqa: S311 - the same deaths each time
        child = os.fork()
        if not child:
            try:
                live(url, Path(path), chance, at_step=number % 2 == 0)
            finally:
                os._exit(1)
        if number % 2:
            time.sleep(chance.uniform(0.005, 0.08))
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
            sys.exit(f"child {number} ended by itself")


def live(url: str, path: Path, chance: random.Random, *, at_step: bool) -> None:
    if at_step:
        owner, name = chance.choice(STEPS)
        deadly(owner, name, chance.randint(1, 4), after=chance.random() < 0.5)
    store = EventStore(create_engine(url), ORIGIN)
    stream, kept = f"note/{os.getpid()}-{time.time_ns()}", Memory(path, ORIGIN)
    for _ in range(200):
        events = [NewEvent("NoteTaken", {"text": "x"})] * chance.randint(1, 40)
        commit = store.append(stream, store.head(stream), events)
        os.write(1, "".join(f"{each.envelope.id}\n" for each in commit.events).encode())
        seal(store._engine)
        while grow(store, chance.randint(5, 60)):
            pass
        with store.connection() as connection:
            signing.sign_newest(connection, [KEY], kept)


def deadly(owner: Any, name: str, call: int, *, after: bool) -> None:
    """Makes the n-th call of a function the last thing this process does."""
    real: Callable[..., Any] = getattr(owner, name)
    calls = 0

    def last(*arguments: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = real(*arguments, **options)
        if calls == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    setattr(owner, name, last)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))

"""A log with a real database and key, and the policy by which its checkpoints are cosigned."""

from pathlib import Path

import pytest

from events.log.keys import KeyType
from events.log.memory import Memory
from events.log.signers import SignerKey
from events.log.signing import sign_newest
from events.log.storage import read_checkpoint
from events.log.trust import assess_note
from events.store import EventStore
from tests.events.log.record import ORIGIN, order_and_grow, record
from workers.witnesses import Gathered, Gatherer, witness_policy

LOG = SignerKey(ORIGIN, KeyType.ED25519, bytes(range(32)))


class Log:
    """A log with a real database and key, and the policy it gathers to."""

    def __init__(self, store: EventStore, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.store, self.memory, self.file = store, Memory(folder / "signed", ORIGIN), folder / "policy"
        self.gatherer = Gatherer(store, seconds=2, pause=0)
        monkeypatch.setenv("KAOHE_LOG_POLICY_FILE", str(self.file))

    def grow(self, count: int) -> None:
        record(self.store, count)
        order_and_grow(self.store)
        with self.store.connection() as connection:
            assert sign_newest(connection, [LOG], self.memory)

    def policy(self, *witnesses: tuple[str, str], need: int) -> None:
        lines = [f"log {LOG.verifier.text}"]
        lines += [f"witness w{number} {vkey} {url}" for number, (vkey, url) in enumerate(witnesses, 1)]
        lines += [f"group enough {need} {' '.join(f'w{number}' for number in range(1, len(witnesses) + 1))}"]
        self.file.write_text("\n".join([*lines, "quorum enough", ""]))

    def gather(self) -> Gathered:
        gathered = self.gatherer.gather()
        assert gathered is not None
        return gathered

    def witnessed(self) -> set[str]:
        """Who cosigned the newest checkpoint, as any verifier of the policy finds it."""
        policy = witness_policy()
        assert policy is not None
        with self.store.connection() as connection:
            found = read_checkpoint(connection)
        assert found is not None
        return set(assess_note(found[1], policy).witnessed)

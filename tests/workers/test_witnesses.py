"""Gathering cosignatures over real HTTP: our witness, a third party's, dead, slow, lying ones."""

import base64
import contextlib
import hashlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from structlog.testing import capture_logs

from events.log.keys import KeyType
from events.log.memory import Memory
from events.log.signers import SignerKey
from events.log.signing import sign_newest
from events.log.storage import read_checkpoint
from events.log.trust import assess_note
from events.store import EventStore
from tests.events.log.record import ORIGIN, order_and_grow, record, store_at
from tests.servers import Database
from tests.service.witnesses import WitnessProcess, witness_process
from workers.witnesses import Gathered, Gatherer, witness_policy

LOG = SignerKey(ORIGIN, KeyType.ED25519, bytes(range(32)))
Reply = tuple[int, str, bytes]


class Strict:
    """A third party's witness, written from the specification alone: no line of ours takes part."""

    def __init__(self, name: str) -> None:
        self.name, self.private = name, Ed25519PrivateKey.generate()
        self.size, self.root = 0, b""

    @property
    def vkey(self) -> str:
        typed = b"\x04" + self.private.public_key().public_bytes_raw()
        key_id = hashlib.sha256(self.name.encode() + b"\n" + typed).digest()[:4]
        self.id = key_id
        return f"{self.name}+{key_id.hex()}+{base64.b64encode(typed).decode()}"

    def __call__(self, body: bytes) -> Reply:
        head, _, note = body.partition(b"\n\n")
        old, *lines = head.decode().split("\n")
        text = note.decode().partition("\n\n")[0] + "\n"
        origin, size, root = text.split("\n")[:3]
        assert origin == ORIGIN
        if int(old.removeprefix("old ")) != self.size:
            return 409, "text/x.tlog.size", f"{self.size}\n".encode()
        proof = [base64.b64decode(line) for line in lines]
        if not consistent(self.size, int(size), self.root, base64.b64decode(root), proof):
            return 422, "text/plain", b""
        self.size, self.root = int(size), base64.b64decode(root)
        return 200, "text/plain", self.line(text, int(time.time()))

    def line(self, text: str, moment: int) -> bytes:
        signed = self.private.sign(f"cosignature/v1\ntime {moment}\n{text}".encode())
        blob = base64.b64encode(self.id + moment.to_bytes(8, "big") + signed).decode()
        return f"— {self.name} {blob}\n".encode()


def consistent(old: int, new: int, was: bytes, now: bytes, proof: list[bytes]) -> bool:
    """RFC 9162 section 2.1.4.2, from its text."""
    if old in (0, new):
        return not proof and (old == 0 or was == now)
    if old & (old - 1) == 0:
        proof = [was, *proof]
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = proof[0]
    for hashed in proof[1:]:
        if fn & 1 or fn == sn:
            fr = hashlib.sha256(b"\x01" + hashed + fr).digest()
            sr = hashlib.sha256(b"\x01" + hashed + sr).digest()
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = hashlib.sha256(b"\x01" + sr + hashed).digest()
        fn, sn = fn >> 1, sn >> 1
    return fr == was and sr == now and sn == 0


@contextlib.contextmanager
def served(answer: Callable[[bytes], Reply]) -> Iterator[str]:
    """Serves a third party's answers; gives the submission prefix."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, kind, sent = answer(body) if self.path == "/prefix/add-checkpoint" else (404, "text/plain", b"")
            with contextlib.suppress(OSError):
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.end_headers()
                self.wfile.write(sent)

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/prefix/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


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


@pytest.fixture
def log(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    with store_at(database.worker) as store:
        yield Log(store, tmp_path, monkeypatch)


@pytest.fixture
def ours(tmp_path: Path) -> Iterator[WitnessProcess]:
    with witness_process(tmp_path / "witness", LOG.verifier.text) as made:
        yield made


def test_every_new_checkpoint_is_cosigned_by_our_witness_and_a_third_partys(log: Log, ours: WitnessProcess) -> None:
    theirs = Strict("third.example/w")
    with served(theirs) as url:
        log.policy((ours.vkey, ours.url), (theirs.vkey, url), need=2)
        for count in (5, 1, 300, 7):
            log.grow(count)
            gathered = log.gather()
            assert (gathered.witnesses, gathered.known, gathered.met) == ({"w1", "w2"}, 2, True)
            assert log.witnessed() == {"w1", "w2"}
    assert theirs.size == 313


def test_a_round_without_anything_new_asks_nobody(log: Log) -> None:
    asked: list[bytes] = []
    theirs = Strict("third.example/w")
    with served(lambda body: asked.append(body) or theirs(body)) as url:
        log.policy((theirs.vkey, url), need=1)
        log.grow(3)
        log.gather()
        log.gather()
    assert len(asked) == 1


def test_the_quorum_is_met_without_a_dead_a_silent_and_a_slow_witness(log: Log, ours: WitnessProcess) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, dead_port() as dead:
        stopped = threading.Event()
        slow = Strict("slow.example/w")

        def drip(body: bytes) -> Reply:
            stopped.wait(60)
            return slow(body)

        with served(drip) as url:
            log.policy(
                (ours.vkey, ours.url),
                (Strict("dead.example/w").vkey, dead),
                (Strict("silent.example/w").vkey, f"http://127.0.0.1:{silent.getsockname()[1]}"),
                (slow.vkey, url),
                need=1,
            )
            log.grow(4)
            with capture_logs() as said:
                gathered = log.gather()
            stopped.set()
    assert (gathered.witnesses, gathered.known, gathered.met) == ({"w1"}, 4, True)
    assert {each["witness"] for each in said if each["event"] == "no cosignature"} == {"w2", "w3", "w4"}
    assert log.witnessed() == {"w1"}


def test_a_dead_witness_is_named_once_and_counts_again_when_it_is_back(log: Log, tmp_path: Path) -> None:
    made = WitnessProcess(tmp_path / "late")
    made.init()
    with dead_port() as dead:
        log.policy((made.vkey, dead), need=1)
    log.grow(2)
    with capture_logs() as said:
        assert not log.gather().met
        assert not log.gather().met
    assert [each["event"] for each in said] == ["no cosignature"]
    try:
        made.start(LOG.verifier.text)
        log.policy((made.vkey, made.url), need=1)
        with capture_logs() as said:
            assert log.gather().met
        assert [each["event"] for each in said] == ["cosigns again"]
    finally:
        made.stop()


@pytest.mark.parametrize("lie", ["key", "text", "time", "garbage", "future", "redirect", "flood", "size"])
def test_a_lie_is_refused_and_named(log: Log, lie: str) -> None:
    theirs, other = Strict("third.example/w"), Strict("third.example/w")
    vkey, _ = theirs.vkey, other.vkey

    def answer(body: bytes) -> Reply:
        text = body.partition(b"\n\n")[2].decode().partition("\n\n")[0] + "\n"
        now = int(time.time())
        good = theirs.line(text, now)
        other.id = theirs.id
        lies: dict[str, Reply] = {
            "key": (200, "text/plain", other.line(text, now)),
            "text": (200, "text/plain", theirs.line(text.replace("\n3\n", "\n4\n"), now)),
            "time": (200, "text/plain", theirs.line(text, 0)),
            "garbage": (200, "text/plain", b"\xff\x00" + good),
            "future": (200, "text/plain", theirs.line(text, 2**62)),
            "redirect": (301, "text/plain", good),
            "flood": (200, "text/plain", good + b"x" * (2**20)),
            "size": (409, "text/x.tlog.size", b"99999999\n"),
        }
        return lies[lie]

    with served(answer) as url:
        log.policy((vkey, url), need=1)
        log.grow(3)
        with capture_logs() as said:
            assert not log.gather().met
    assert [(each["event"], each["witness"]) for each in said] == [("no cosignature", "w1")]
    assert log.witnessed() == set()


def test_a_log_that_forked_gets_no_cosignature_though_it_signs_with_its_key(
    log: Log, ours: WitnessProcess, postgres_server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.servers import fresh_database

    log.policy((ours.vkey, ours.url), need=1)
    log.grow(20)
    assert log.gather().met
    with fresh_database(postgres_server, f"fork_{time.time_ns()}") as second, store_at(second.worker) as store:
        folder = tmp_path / "fork"
        folder.mkdir()
        forked = Log(store, folder, monkeypatch)
        forked.policy((ours.vkey, ours.url), need=1)
        for count in (10, 10, 10):  # behind, as large, beyond
            forked.grow(count)
            with capture_logs() as said:
                assert not forked.gather().met
            assert [each["event"] for each in said] == ["no cosignature"]


def test_two_gatherers_at_once_store_each_cosignature_once(log: Log, ours: WitnessProcess) -> None:
    log.policy((ours.vkey, ours.url), need=1)
    log.grow(5)
    found: list[Gathered | None] = []
    threads = [threading.Thread(target=lambda: found.append(Gatherer(log.store, seconds=2).gather())) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert any(each and each.met for each in found)
    with log.store.connection() as connection:
        assert connection.execute("SELECT count(*) FROM log.cosignatures").fetchone() == (1,)


@pytest.mark.parametrize("text", [None, "", "witness nonsense\n"])
def test_without_a_policy_that_can_be_read_nothing_is_gathered(log: Log, text: str | None) -> None:
    if text is not None:
        log.file.write_text(text)
    log.grow(1)
    assert log.gatherer.gather() is None


@contextlib.contextmanager
def dead_port() -> Iterator[str]:
    """An address at which nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"

"""Witnesses as processes of their own, reached over HTTP as a log reaches them."""

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from events.log.checkpoint import Checkpoint
from events.log.cosign import AddCheckpoint
from events.log.keys import KeyType
from events.log.paths import consistency_proof
from events.log.signers import SignerKey, sign_note
from events.log.tree import TreeHead
from service.witness.folder import Folder

LOG = SignerKey("log.example/kaohe", KeyType.ED25519, bytes(32))
STRANGER = SignerKey("log.example/kaohe", KeyType.ED25519, b"s" * 32)
COMMAND = [sys.executable, "-c", "from service.witness_cli import witness; witness()"]


@dataclass
class Answered:
    status: int
    media_type: str
    body: bytes


@dataclass
class WitnessProcess:
    """One witness in one folder; it may be killed and started again on the same folder."""

    folder: Path
    name: str = "witness.example/w1"
    running: list[subprocess.Popen[str]] = field(default_factory=list)
    url: str = ""
    vkey: str = ""

    def command(self, *options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, "--data", str(self.folder), *options], capture_output=True, text=True, check=False, timeout=60
        )

    def init(self) -> str:
        self.vkey = Folder(self.folder).create(self.name).verifier.text
        return self.vkey

    def start(self, *logs: str) -> None:
        options = [part for log in logs for part in ("--log", log)]
        self.folder.mkdir(exist_ok=True)
        with (self.folder / "out").open("a") as out:
            process = subprocess.Popen(
                [*COMMAND, "--data", str(self.folder), "--port", "0", *options],
                stdout=subprocess.PIPE,
                stderr=out,
                text=True,
            )
        self.running.append(process)
        assert process.stdout is not None
        line = process.stdout.readline()
        assert re.match(r"http://127\.0\.0\.1:[0-9]+/ ", line), (line, (self.folder / "out").read_text())
        self.url = line.split()[0]
        process.stdout.readline()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        process = self.running.pop()
        assert process.stdout is not None
        os.kill(process.pid, how)
        code = process.wait(timeout=60)
        process.stdout.close()
        return code

    def post(self, body: bytes, path: str = "/add-checkpoint", **headers: str) -> Answered:
        return http("POST", self.url, path, body, headers)

    def ask(self, request: AddCheckpoint) -> Answered:
        return self.post(request.data)


def http(method: str, url: str, path: str, body: bytes | None = None, headers: Any = None) -> Answered:
    where = urlsplit(url)
    with contextlib.closing(HTTPConnection(where.hostname or "", where.port, timeout=60)) as connection:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        return Answered(response.status, response.headers.get("Content-Type", ""), response.read())


@contextlib.contextmanager
def witness_process(folder: Path, *logs: str, name: str = "witness.example/w1") -> Iterator[WitnessProcess]:
    """A running witness that trusts these logs."""
    made = WitnessProcess(folder, name)
    made.init()
    try:
        made.start(*logs)
        yield made
    finally:
        while made.running:
            made.stop(signal.SIGKILL)


def request(tree: Any, old: int, new: int, key: SignerKey = LOG, origin: str = LOG.name) -> AddCheckpoint:
    """What the log of this (naive) tree would send."""
    head = TreeHead(new, tree.root(0, new))
    proof = tuple(consistency_proof(min(old, new), new, tree.node))
    return AddCheckpoint(old, proof, sign_note(Checkpoint(origin, head).text, key))

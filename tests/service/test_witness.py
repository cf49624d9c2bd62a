"""A witness as a process of its own: what it cosigns, what it refuses, what it remembers."""

import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from events.log.cosign import AddCheckpoint, read_conflict, read_signatures
from events.log.keys import parse_vkey
from service.witness.memory import MOST_SUSPECTS, Memory
from tests.events.log.conftest import NaiveTree
from tests.service.witnesses import LOG, STRANGER, WitnessProcess, http, request, witness_process

TREE = NaiveTree.of([str(number).encode() for number in range(60)])
FORK = NaiveTree.of([b"edited" if number == 3 else str(number).encode() for number in range(60)])


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[WitnessProcess]:
    with witness_process(tmp_path, LOG.verifier.text) as made:
        yield made


def cosigned_time(witness: WitnessProcess, asked: AddCheckpoint) -> int:
    """Asks, requires a cosignature that verifies under the witness's public key, and gives its time."""
    answer = witness.ask(asked)
    assert answer.status == 200, answer
    key = parse_vkey(witness.vkey)
    (line,) = read_signatures(answer.body, asked.checkpoint, (key,))
    signed = key.check(asked.checkpoint.text, line.body)
    assert signed is not None
    return signed


def test_a_log_that_only_grows_is_cosigned_at_every_step(witness: WitnessProcess) -> None:
    before = int(time.time())
    times = [cosigned_time(witness, request(TREE, old, new)) for old, new in [(0, 3), (3, 4), (4, 4), (4, 60)]]
    assert before <= times[0]
    assert times == sorted(times)


def test_an_unknown_log_is_not_found(witness: WitnessProcess) -> None:
    assert witness.ask(request(TREE, 0, 3, origin="other.example")).status == 404


def test_a_foreign_key_is_forbidden(witness: WitnessProcess) -> None:
    assert witness.ask(request(TREE, 0, 3, STRANGER)).status == 403


def test_an_old_size_beyond_the_checkpoint_is_a_bad_request(witness: WitnessProcess) -> None:
    assert witness.ask(request(TREE, 5, 3)).status == 400


@pytest.mark.parametrize(
    "body",
    [b"", b"old 0\n", b"old 0\n\n", b"\xff" * 100, request(TREE, 0, 3).data[:-3], b"old 00\n\n" + b"x" * 9],
    ids=["empty", "no checkpoint", "no note", "bytes", "cut", "spelling"],
)
def test_what_is_no_request_is_a_bad_request(witness: WitnessProcess, body: bytes) -> None:
    assert witness.post(body).status == 400


def test_a_stale_size_is_answered_with_the_size_last_cosigned(witness: WitnessProcess) -> None:
    cosigned_time(witness, request(TREE, 0, 7))
    answer = witness.ask(request(TREE, 3, 9))
    assert (answer.status, answer.media_type, read_conflict(answer.body)) == (409, "text/x.tlog.size", 7)
    cosigned_time(witness, request(TREE, 7, 9))


def test_a_truncated_log_never_brings_a_witness_back(witness: WitnessProcess) -> None:
    cosigned_time(witness, request(TREE, 0, 7))
    assert witness.ask(request(TREE, 5, 5)).body == b"7\n"
    assert witness.ask(request(TREE, 0, 5)).body == b"7\n"
    assert witness.ask(request(TREE, 7, 5)).status == 400


def test_a_proof_that_does_not_hold_is_unprocessable(witness: WitnessProcess) -> None:
    cosigned_time(witness, request(TREE, 0, 7))
    assert witness.ask(replace(request(TREE, 7, 20), proof=(bytes(32),))).status == 422
    assert witness.ask(replace(request(TREE, 7, 20), proof=())).status == 422


def test_a_fork_is_refused_though_the_logs_own_key_signed_it_and_is_kept_as_evidence(witness: WitnessProcess) -> None:
    cosigned_time(witness, request(TREE, 0, 7))
    same_size = witness.ask(request(FORK, 7, 7))
    assert (same_size.status, same_size.media_type) == (409, "text/plain; charset=utf-8")
    assert witness.ask(request(FORK, 7, 20)).status == 422
    cosigned_time(witness, request(TREE, 7, 20))
    origin, size, root, _, suspects = http("GET", witness.url, "/").body.decode().splitlines()[2].split()
    assert (origin, size, root, suspects) == (LOG.name, "20", TREE.root(0, 20).hex(), "2")
    assert witness.command("--show").stdout.splitlines()[2].split()[-1] == "2"


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_witness_remembers_what_it_cosigned_however_it_ended(witness: WitnessProcess, how: signal.Signals) -> None:
    cosigned_time(witness, request(TREE, 0, 7))
    code = witness.stop(how)
    assert code == (-signal.SIGKILL if how == signal.SIGKILL else 0)
    witness.start()
    assert witness.ask(request(TREE, 0, 9)).body == b"7\n"
    assert witness.ask(request(FORK, 7, 9)).status == 422
    cosigned_time(witness, request(TREE, 7, 9))


def test_killed_at_any_moment_it_never_cosigns_two_histories(witness: WitnessProcess) -> None:
    tree, other = TREE, FORK
    for size in (5, 11, 23):
        old, _ = known(witness)
        with ThreadPoolExecutor(8) as pool:
            asked = [pool.submit(cosigned_root, witness, each, old, size) for each in (tree, other) * 8]
            witness.stop(signal.SIGKILL)
            left = {each.result() for each in asked} - {None}
        witness.start()
        remembered, root = known(witness)
        assert len(left) <= 1
        assert not left or (size, left) == (remembered, {root})
        if remembered == size and root == other.root(0, size):
            tree, other = other, tree  # the first history it knew of: from here the only one
        if remembered == size:
            assert witness.ask(request(other, size, size)).status == 409
        cosigned_time(witness, request(tree, remembered, size))


def known(witness: WitnessProcess) -> tuple[int, bytes]:
    """The size and root the witness says it cosigned last."""
    lines = http("GET", witness.url, "/").body.decode().splitlines()
    return (int(lines[2].split()[1]), bytes.fromhex(lines[2].split()[2])) if len(lines) > 2 else (0, b"")


def cosigned_root(witness: WitnessProcess, tree: NaiveTree, old: int, size: int) -> bytes | None:
    """The root that a cosignature left the witness for, None when none came."""
    asked = request(tree, old, size)
    try:
        answer = witness.ask(asked)
    except (OSError, HTTPException):
        return None
    if answer.status != 200:
        return None
    read_signatures(answer.body, asked.checkpoint, (parse_vkey(witness.vkey),))
    return tree.root(0, size)


def test_of_two_histories_at_once_one_is_cosigned(witness: WitnessProcess) -> None:
    asked = [request(tree, 0, size) for size in (7, 9, 11, 13) for tree in (TREE, FORK)]
    with ThreadPoolExecutor(len(asked)) as pool:
        answers = list(pool.map(witness.ask, asked))
    assert sorted(each.status for each in answers) == [200] + [409] * 7
    (first,) = [each for each, answer in zip(asked, answers, strict=True) if answer.status == 200]
    head_size = int(first.checkpoint.text.split("\n")[1])
    assert all(read_conflict(each.body) == head_size for each in answers if each.media_type == "text/x.tlog.size")


def test_a_body_too_large_or_without_a_length_is_refused_unread(witness: WitnessProcess) -> None:
    assert witness.post(b"", **{"Content-Length": str(2**30)}).status == 413
    assert witness.post(b"", **{"Content-Length": "-1"}).status == 400
    assert witness.post(b"0\r\n\r\n", **{"Transfer-Encoding": "chunked"}).status == 411
    assert witness.post(b"old 0\n\n", "/other").status == 404


def test_a_connection_that_says_nothing_hinders_nobody(witness: WitnessProcess) -> None:
    where = urlsplit(witness.url)
    silent = [socket.create_connection((where.hostname or "", where.port or 0)) for _ in range(20)]
    try:
        for each in silent:
            each.sendall(b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 100\r\n\r\nold")
        cosigned_time(witness, request(TREE, 0, 7))
    finally:
        for each in silent:
            each.close()


def test_several_requests_may_share_a_connection(witness: WitnessProcess) -> None:
    where = urlsplit(witness.url)
    connection = HTTPConnection(where.hostname or "", where.port)
    for old, new in [(0, 3), (3, 9), (5, 9), (9, 20)]:
        connection.request("POST", "/add-checkpoint", request(TREE, old, new).data)
        response = connection.getresponse()
        assert (response.status, bool(response.read())) == (409 if old == 5 else 200, True)
    connection.close()


def test_a_key_is_made_once_and_its_folder_belongs_to_its_owner(tmp_path: Path) -> None:
    made = WitnessProcess(tmp_path / "w")
    assert made.command().returncode == 2
    vkey = made.command("--init", "--name", made.name).stdout.strip()
    assert parse_vkey(vkey).name == made.name
    again = made.command("--init", "--name", "other")
    assert again.returncode == 2
    assert "密钥" in again.stderr
    assert "key" in again.stderr
    assert (tmp_path / "w" / "key").stat().st_mode & 0o077 == 0
    assert made.command("--show").stdout.strip() == vkey


@pytest.mark.parametrize("vkey", ["nonsense", "witness"])
def test_only_a_logs_public_key_can_be_trusted(tmp_path: Path, vkey: str) -> None:
    made = WitnessProcess(tmp_path)
    own = made.init()
    assert made.command("--log", own if vkey == "witness" else vkey, "--show").returncode == 2
    assert made.command("--log", LOG.verifier.text, "--show").returncode == 0


def test_two_processes_on_one_folder_still_cosign_one_history(witness: WitnessProcess) -> None:
    second = WitnessProcess(witness.folder, vkey=witness.vkey)
    second.start()
    try:
        asked = [
            (each, request(tree, 0, size)) for size in (7, 9) for tree in (TREE, FORK) for each in (witness, second)
        ]
        with ThreadPoolExecutor(len(asked)) as pool:
            answers = list(pool.map(lambda pair: pair[0].ask(pair[1]).status, asked))
    finally:
        second.stop()
    assert answers.count(200) == 1


def test_a_witness_whose_memory_is_lost_or_damaged_signs_nothing(witness: WitnessProcess) -> None:
    cosigned_time(witness, request(TREE, 0, 7))
    memory = witness.folder / "memory.db"
    kept = memory.read_bytes()
    memory.write_bytes(b"no database" * 1000)
    assert witness.ask(request(TREE, 7, 9)).status == 503
    memory.unlink()
    assert witness.ask(request(FORK, 0, 9)).status == 503
    assert http("GET", witness.url, "/").status == 503
    witness.stop()
    said = witness.command()
    assert said.returncode == 2
    assert "memory.db" in said.stderr
    memory.write_bytes(kept)
    witness.start()
    cosigned_time(witness, request(TREE, 7, 9))


def test_the_time_of_a_cosignature_never_runs_backwards(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "memory.db")
    memory.create()
    logs = {LOG.name: (LOG.verifier,)}
    times = [memory.decide(logs, request(TREE, old, new), now)[1] for old, new, now in [(0, 3, 100), (3, 5, 50)]]
    assert times == [100, 100]
    assert memory.decide(logs, request(TREE, 5, 6), 101)[1] == 101
    assert [(seen.head.size, seen.time) for seen in memory.seen()] == [(6, 101)]


def test_a_log_cannot_fill_the_disk_of_its_auditor_with_forks(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "memory.db")
    memory.create()
    logs = {LOG.name: (LOG.verifier,)}
    memory.decide(logs, request(TREE, 0, 3), 100)
    for number in range(MOST_SUSPECTS + 5):
        fork = NaiveTree.of([str(number).encode()] * 4)
        memory.decide(logs, request(fork, 3, 4), 100)
    assert [seen.suspects for seen in memory.seen()] == [MOST_SUSPECTS]

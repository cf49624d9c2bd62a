"""Over real HTTP: granian with two workers in front, a Celery worker behind, one nudge from the act to its score."""

import contextlib
import http.client
import json
import select
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from service.arriving import MOST_A_PERSON
from service.stack import commands
from service.stack.children import spawn, wait_until
from service.stack.run import ready
from tests.servers import fresh_database, process_number
from tests.service import city as cities
from tests.service.city import API, CYCLE, City, sheet
from workers.database_url import DatabaseUrl

SUBMISSIONS = API + sheet() + "/submissions"
SECONDS = 60.0
FIGURES = {"figures": {"1a": {"actual": 80, "target": 100}}}


@dataclass(frozen=True, slots=True)
class House:
    """A city whose web server and worker run."""

    city: City
    port: int

    def ask(self, who: str, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, dict[str, Any]]:
        raw = None if body is None else json.dumps(body)
        more = self.city.headers(who, **headers) | ({"Content-Type": "application/json"} if raw else {})
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, raw, more)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def say(self, request: bytes) -> bytes:
        """The answer to bytes that no library would send."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            with contextlib.suppress(ConnectionError):  # it may hang up before it has heard all
                connection.sendall(request)
            return connection.recv(65_536)


@pytest.fixture(scope="module")
def house(
    postgres_server: DatabaseUrl, servers: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    redis = servers["valkey"].rsplit("/", 1)[0] + f"/{150 + process_number()}"
    folder = tmp_path_factory.mktemp("house")
    with (
        fresh_database(postgres_server, f"house_{process_number()}") as database,
        cities.opened(database, redis, folder, port=free_port()) as city,
    ):
        settings = replace(city.office.settings, owner=None)
        children = [spawn(commands.worker(settings)), spawn(commands.web(settings))]
        try:
            assert wait_until(lambda: ready(settings), SECONDS), (folder / "logs" / "web.log").read_text()
            yield House(city, settings.port)
        finally:
            for child in reversed(children):
                child.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def test_what_is_filed_over_http_reaches_the_score_by_a_nudge_alone(house: House) -> None:
    status, receipt = house.ask("unit", "POST", SUBMISSIONS, FIGURES, Idempotency_Key="over-http")
    assert status == 201
    again = house.ask("unit", "POST", SUBMISSIONS, FIGURES, Idempotency_Key="over-http")
    assert again == (201, receipt)

    def caught_up() -> bool:
        status, scores = house.ask("unit", "GET", f"{API}/cycles/{CYCLE}/units/zhongshan/scores")
        return status == 200 and scores["lag"] == 0 and scores["leaves"]["1a"]["claimed"] == "1.28"

    assert wait_until(caught_up, SECONDS)


def test_a_recomputation_asked_for_over_http_is_done_by_the_workers(house: House) -> None:
    status, receipt = house.ask("auditor", "POST", f"{API}/recomputations", {"reason": "年终复核 check of the year"})
    assert status == 201
    path = f"{API}/recomputations/{receipt['events'][0]['data']['recomputation']}"
    assert wait_until(lambda: house.ask("auditor", "GET", path)[1]["state"] == "identical", SECONDS)


def test_the_request_id_of_the_caller_stands_in_the_event(house: House) -> None:
    body = {"figures": {"1b": {"numerator": 1, "denominator": 2}}}
    house.ask("unit", "POST", SUBMISSIONS, body, X_Request_Id="my-own-id")
    newest = house.city.office.store.read(f"sheet/{CYCLE}/zhongshan/1")[-1]
    assert newest.envelope.correlationid == "my-own-id"


def test_a_chunked_body_is_read_to_its_end_or_refused_as_too_large(house: House) -> None:
    body = json.dumps(FIGURES).encode()
    bearer = house.city.headers("unit")["Authorization"]
    head = (
        f"POST {SUBMISSIONS} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {bearer}\r\n"
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    ).encode()
    answer = house.say(head + f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 201"), answer[:300]
    big = b"x" * (4 << 20)
    answer = house.say(head + f"{len(big):x}\r\n".encode() + big + b"\r\n0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 413"), answer[:300]
    assert b"application/problem+json" in answer
    assert house.ask("unit", "GET", f"{API}/me")[0] == 200


def test_headers_and_lines_without_end_take_nothing_down(house: House) -> None:
    long = b"GET /api/v1/me HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"x" * 200_000 + b"\r\n\r\n"
    many = b"GET /api/v1/me HTTP/1.1\r\nHost: localhost\r\n" + b"X-Many: 1\r\n" * 5_000 + b"\r\n"
    path = b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n"
    for request in (long, many, path, b"\x16\x03\x01 no http at all\r\n\r\n", b"GET\r\n\r\n"):
        try:
            answer = house.say(request)
        except ConnectionError:
            continue
        assert not answer or answer.split()[1].startswith(b"4"), answer[:200]
    assert house.ask("unit", "GET", f"{API}/me")[0] == 200


def test_the_logs_of_a_running_house_hold_no_token(house: House) -> None:
    house.ask("unit", "GET", f"{API}/me")
    log = (house.city.office.settings.data / "logs" / "web.log").read_text()
    assert '"path":"/api/v1/me"' in log
    assert not any(token.split("_", 2)[2] in log for token in house.city.tokens.values())


def test_bodies_that_do_not_arrive_hinder_nobody_and_one_person_sends_only_so_many(house: House) -> None:
    token = house.city.headers("unit")["Authorization"]
    head = f"POST {SUBMISSIONS} HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\nContent-Type: application/json\r\n"
    half = f"{head}Content-Length: 100\r\n\r\n{{".encode()
    with contextlib.ExitStack() as stack:
        waiting = [
            stack.enter_context(socket.create_connection(("127.0.0.1", house.port), timeout=10))
            for _ in range(2 * MOST_A_PERSON + 8)
        ]
        for connection in waiting:
            connection.sendall(half)
        refused, _, _ = select.select(waiting, [], [], 10)
        assert refused[0].recv(65_536).startswith(b"HTTP/1.1 429 ")
        for _ in range(8):
            assert house.ask("viewer", "GET", API + "/me")[0] == 200
        assert house.ask("reviewer", "POST", SUBMISSIONS, FIGURES)[0] == 403
    end = time.monotonic() + 60  # never reached unless the server does not notice who has gone
    while (status := house.ask("unit", "POST", SUBMISSIONS, FIGURES)[0]) == 429 and time.monotonic() < end:
        time.sleep(0.02)
    assert status == 201


def test_a_caller_who_went_dark_is_noticed_by_the_kernel(house: House) -> None:
    assert house.ask("viewer", "GET", "/livez")[0] == 200
    with socket.create_connection(("127.0.0.1", house.port), timeout=10) as connection:
        connection.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(65_536).startswith(b"HTTP/1.1 200 ")
        ends = f":{house.port:04X}", f":{connection.getsockname()[1]:04X}"
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    keepalive = "02"
    assert [row[5][:2] for row in rows if (row[1][-5:], row[2][-5:]) == ends] == [keepalive]

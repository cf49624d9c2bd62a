"""Bodies on their way: whoever waits for one takes no place of those who work, and nobody has too many at once."""

import io
import threading
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, Response, g, request
from werkzeug.test import EnvironBuilder, run_wsgi_app
from werkzeug.wsgi import wrap_file

from service.arriving import MOST_A_PERSON, WORKING, Door, one_more_file
from service.problems import Problem, answer


class Silent:
    """A body whose sender says no more until he is let go."""

    def __init__(self) -> None:
        self.asked, self.gone = threading.Event(), threading.Event()

    def read(self, _size: int = -1) -> bytes:
        self.asked.set()
        self.gone.wait(30)
        return b""


def here() -> str:
    return "here"


def read() -> str:
    return str(len(request.get_data()))


def file() -> Response:
    g.caller = SimpleNamespace(id=request.args["who"])
    one_more_file()
    return Response(wrap_file(request.environ, io.BytesIO(b"a file")), direct_passthrough=True)


@pytest.fixture
def small() -> Flask:
    app = Flask(__name__)
    app.register_error_handler(Problem, answer)
    app.post("/")(read)
    app.get("/")(here)
    app.get("/file")(file)
    return app


def ask(door: Door, body: Any = None) -> int:
    environ = EnvironBuilder(method="POST" if body else "GET").get_environ()
    environ |= {"wsgi.input": body, "wsgi.input_terminated": True, "CONTENT_LENGTH": "9"} if body else {}
    answered: tuple[Iterable[bytes], str, Any] = run_wsgi_app(door, environ, buffered=True)
    return int(answered[1].split()[0])


def test_whoever_waits_for_a_body_takes_no_place_of_those_who_work_and_sends_only_so_many(small: Flask) -> None:
    door, bodies = Door(small.wsgi_app), [Silent() for _ in range(MOST_A_PERSON)]
    threads = [threading.Thread(target=ask, args=(door, body)) for body in bodies]
    for thread in threads:
        thread.start()
    for body in bodies:
        assert body.asked.wait(30)
    assert len(bodies) > WORKING
    assert ask(door) == 200
    assert ask(door, Silent()) == 429
    for body in bodies:
        body.gone.set()
    for thread in threads:
        thread.join()
    assert ask(door, bodies[0]) == 200


def test_one_person_takes_only_so_many_files_at_once_until_their_last_byte_left(small: Flask) -> None:
    door = small.extensions["door"] = Door(small.wsgi_app)

    def take(who: str) -> tuple[Any, str]:
        body, status, _ = run_wsgi_app(door, EnvironBuilder("/file", query_string={"who": who}).get_environ())
        return body, status[:3]

    slow = [take("one") for _ in range(MOST_A_PERSON)]
    assert {status for _, status in slow} == {"200"}
    assert take("one")[1] == "429"
    assert take("another")[1] == "200"
    for body, _ in slow:
        body.close()
    body, status = take("one")
    assert (status, b"".join(body)) == ("200", b"a file")

"""The API in this process: the same handlers, tokens and preconditions that meet a caller from outside.

Every command carries an idempotency key made from what it asks. So a year that was interrupted is played again from
its beginning: what was recorded answers as it did, and the rest follows.
"""

import hashlib
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from service.demo.notes import Notes
from service.demo.papers import Paper
from service.demo.places import CYCLE

Body = Mapping[str, Any]
OK, CREATED, FORBIDDEN, CONFLICT = 200, 201, 403, 409


class OffScript(RuntimeError):
    """The API answered otherwise than the year expects."""


@dataclass(slots=True)
class Stage:
    """Who is on stage and how often somebody acted; ``versions`` are those of the sheets as last seen."""

    app: Flask
    notes: Notes
    report: Callable[[int], None] = lambda _acts: None
    acts: int = 0
    versions: dict[str, int] = field(default_factory=dict)

    def read(self, who: str, path: str) -> bytes:
        """What somebody reads."""
        answer = self.app.test_client().get(f"/api/v1{path}", headers=self._headers(who))
        return _body(answer, f"GET {path}", OK)

    def post(self, who: str, path: str, body: Body, expect: int = CREATED) -> dict[str, Any]:
        """Somebody acts; OffScript unless the answer has the expected status."""
        key = _key(path, json.dumps(body, sort_keys=True, ensure_ascii=False).encode())
        headers = self._headers(who) | {"Idempotency-Key": key} | self._seen(path)
        answer = self.app.test_client().post(f"/api/v1{path}", json=body, headers=headers)
        return self._acted(answer, path, expect)

    def upload(self, who: str, path: str, leaf: str, paper: Paper) -> dict[str, Any]:
        """Somebody sends a file for a leaf."""
        key = _key(path, leaf.encode(), paper.name.encode(), paper.body)
        return self._acted(self._send(who, path, paper, {"leaf": leaf}, {"Idempotency-Key": key}), path, CREATED)

    def hand_in(self, who: str, kind: str, paper: Paper, reason: str, effective: str = "") -> dict[str, Any]:
        """Somebody imports a file: sees the difference, and confirms exactly that; after an interruption the same."""
        path, held = f"/cycles/{CYCLE}/imports", {"effective": effective} if effective else {}
        digest = hashlib.sha256(paper.body).hexdigest()
        known = json.loads(self.read(who, path))["imports"]
        seen = next((each["difference"] for each in known if each["file"] == digest), None)
        if seen is None:
            answer = self._send(who, f"{path}/{kind}/preview", paper, held, {})
            seen = json.loads(_body(answer, f"POST {path}/{kind}/preview", OK))["difference"]
        key = _key(f"{path}/{kind}", paper.name.encode(), paper.body)
        said = held | {"difference": str(seen), "reason": reason}
        answer = self._send(who, f"{path}/{kind}", paper, said, {"Idempotency-Key": key})
        return self._acted(answer, f"{path}/{kind}", CREATED)

    def _send(self, who: str, path: str, paper: Paper, said: Body, headers: Mapping[str, str]) -> TestResponse:
        data = {**said, "file": (io.BytesIO(paper.body), paper.name)}
        return self.app.test_client().post(f"/api/v1{path}", data=data, headers=self._headers(who) | dict(headers))

    def _headers(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.notes.people[who].token}"}

    def _seen(self, path: str) -> dict[str, str]:
        """The version a reviewer has seen of the sheet the path is on."""
        stream = _stream(path)
        return {"If-Match": f'"{self.versions[stream]}"'} if stream in self.versions else {}

    def _acted(self, answer: TestResponse, path: str, expect: int) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(_body(answer, f"POST {path}", expect))
        for event in told.get("events", ()):
            self.versions[event["stream"]] = event["version"]
        self.acts += 1
        self.report(self.acts)
        return told


def _body(answer: TestResponse, asked: str, expect: int) -> bytes:
    with answer:
        if answer.status_code != expect:
            raise OffScript(f"{asked}: {answer.status_code}, not {expect}: {answer.get_data(as_text=True)[:400]}")
        return answer.get_data()


def _key(*parts: str | bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part if isinstance(part, bytes) else part.encode()).digest())
    return f"demo-{digest.hexdigest()[:40]}"


def _stream(path: str) -> str:
    """The stream of a sheet's path: /cycles/2026/units/port/sheets/6/judgements is on sheet/2026/port/6."""
    match path.split("/"):
        case ["", "cycles", cycle, "units", unit, "sheets", item, *_]:
            return f"sheet/{cycle}/{unit}/{item}"
    return ""

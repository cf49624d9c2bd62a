"""What knocks at the door of a sheet, and the problem that each refusal must be."""

from typing import Any

from werkzeug.test import TestResponse

from tests.service.city import API, City, sheet

SHEET = sheet()
SUBMISSIONS = API + SHEET + "/submissions"
FIGURES = {"figures": {"1a": {"actual": 1, "target": 2}}}
JSON = "application/json"
MIB = 1 << 20


def send(city: City, body: bytes, kind: str = JSON, path: str = SUBMISSIONS, **headers: str) -> TestResponse:
    return city.call("unit", "POST", path, data=body, content_type=kind, headers=city.headers("unit", **headers))


def named(answer: TestResponse, *statuses: int) -> dict[str, Any]:
    """The problem, which must be one: typed, in both languages, and of one of the statuses."""
    assert answer.status_code in statuses, answer.get_data(as_text=True)
    assert answer.mimetype == "application/problem+json"
    problem: dict[str, Any] = answer.get_json()
    assert problem["type"].startswith("urn:kaohe:problem:")
    assert problem["status"] == answer.status_code
    assert any("\u4e00" <= letter <= "\u9fff" for letter in problem["title_zh"])
    assert problem["title_en"].isascii()
    assert problem["request_id"] == answer.headers["X-Request-Id"]
    for complaint in problem.get("errors", []):
        assert complaint["zh"]
        assert complaint["en"]
    return problem

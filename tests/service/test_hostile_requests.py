"""Hostile paths, methods, queries and headers: a named problem in both languages, and nothing left behind."""

import pytest

from tests.service.city import API, City
from tests.service.hostility import FIGURES, SHEET, named


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/" + "x" * 5_000),
        ("GET", f"/api/v1/cycles/{'c' * 41}/scores"),
        ("GET", "/api/v1/cycles/%00/scores"),
        ("GET", "/api/v1/cycles/%ff%fe/scores"),
        ("GET", "/api/v1/cycles/../../etc/passwd"),
        ("GET", "/api/v1/cycles/2026%2f..%2f/scores"),
        ("GET", "/api/v1/people/not-a-uuid"),
        ("GET", "/api/v1/events/0"),
        ("GET", "/api/v1/events/-1"),
        ("GET", "/api/v1/events/99999999999999999999"),
        ("GET", "/api/v1/events/9999999999999999"),
        ("GET", "/api/v2/me"),
    ],
)
def test_a_path_that_leads_nowhere_is_not_found(untouched: City, method: str, path: str) -> None:
    named(untouched.call("auditor", method, path), 404)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "BREW"])
def test_a_method_that_is_not_offered_is_named_with_those_that_are(untouched: City, method: str) -> None:
    answer = untouched.call("unit", method, API + "/me")
    named(answer, 405)
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=many",
        "limit=",
        "limit=1e3",
        "after=-1",
        "after=99999999999999999999",
        "until=%00",
        "type=%00",
        "stream=%27%3B+drop",
        "actor=%22%2C%22",
        "unit=..%2f",
        "recorded_from=now",
        "recorded_from=2026-01-01T00:00:00",
        "recorded_from=9999-12-31T23:59:59-23:59",
        "unti=5",
        "limit=5&limit=6",
        "unit=zhongshan&unit=xigang",
        "cursor=" + "A" * 401,
    ],
)
def test_a_query_that_does_not_fit_is_refused(untouched: City, query: str) -> None:
    named(untouched.get("auditor", f"/events?{query}"), 422)


@pytest.mark.parametrize(
    "cursor", ["x", "%00", "WzFd0", "WyJhIl0", "Wy0xXQ", "W251bGxd", "W1sxXV0", "e30", "WzEsMl0", "é"]
)
def test_a_cursor_that_is_not_ours_is_refused(untouched: City, cursor: str) -> None:
    named(untouched.get("auditor", f"/events?cursor={cursor}"), 400)
    named(untouched.get("auditor", f"/cycles/2026/queue?cursor={cursor}"), 400)


@pytest.mark.parametrize("key", ["", " ", "é", "a b", "k" * 201, "\t"])
def test_an_idempotency_key_that_is_none_is_refused(untouched: City, key: str) -> None:
    named(untouched.post("unit", SHEET + "/submissions", FIGURES, Idempotency_Key=key), 400)


@pytest.mark.parametrize("seen", ["*", "", "three", '"-1"', '"1", "2"', '"99999999999999"', '""'])
def test_a_version_that_is_none_is_refused(untouched: City, seen: str) -> None:
    named(untouched.post("unit", SHEET + "/submissions", FIGURES, If_Match=seen), 400)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic a2FvaGU6",
        "Bearer kaohe_" + "0" * 32 + "_" + "A" * 43,
        "Bearer kaohe_" + "0" * 32 + "_" + "A" * 42,
        "Bearer " + "x" * 8_000,
        "Bearer kaohe_é",
        "Bearer null",
    ],
)
def test_a_token_that_is_none_opens_nothing(untouched: City, token: str) -> None:
    answer = untouched.call("stranger", "GET", API + "/me", headers={"Authorization": token})
    named(answer, 401)
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_secret_of_another_token_of_the_same_person_opens_nothing(untouched: City) -> None:
    token = untouched.tokens["unit"]
    forged = token[:-1] + ("A" if token[-1] != "A" else "B")
    named(untouched.call("stranger", "GET", API + "/me", headers={"Authorization": f"Bearer {forged}"}), 401)

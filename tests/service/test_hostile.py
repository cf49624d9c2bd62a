"""Hostile input: a named problem in both languages, and nothing left behind in the record, the vault or the store."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from werkzeug.test import TestResponse

from tests.service.city import API, City, sheet
from tests.service.papers import pdf

SHEET = sheet()
SUBMISSIONS = API + SHEET + "/submissions"
FIGURES = {"figures": {"1a": {"actual": 1, "target": 2}}}
JSON = "application/json"
MIB = 1 << 20


@pytest.fixture
def untouched(shared_city: City) -> Iterator[City]:
    """A city that holds after the test exactly what it held before."""
    before = shared_city.size()
    yield shared_city
    assert shared_city.size() == before


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


UNREADABLE = {
    "nothing": b"",
    "half": b'{"figures": {',
    "two values": b"{} {}",
    "not a number": b'{"figures": NaN}',
    "infinity": b'{"figures": -Infinity}',
    "named twice": b'{"figures": {"1a": {"actual": 1, "target": 2}}, "figures": {}}',
    "named twice inside": b'{"figures": {"1a": {"actual": 1, "actual": 9, "target": 2}}}',
    "beyond 2^53": b'{"figures": {"1a": {"actual": 9007199254740993, "target": 2}}}',
    "ten thousand digits": b'{"figures": {"1a": {"actual": ' + b"9" * 10_000 + b', "target": 2}}}',
    "bad UTF-8": b'{"figures": {"\xff\xfe": {}}}',
    "overlong UTF-8": b'{"figures": {"\xc0\x80": {}}}',
    "UTF-16": '{"figures": {}}'.encode("utf-16"),
    "a mark before": b"\xef\xbb\xbf" + json.dumps(FIGURES).encode(),
    "a raw NUL": b'{"figures": {"\x00": {}}}',
    "deep lists": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"figures": ' * 50_000 + b"{}" + b"}" * 50_000,
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_body_that_is_no_json_is_refused_as_unreadable(untouched: City, body: bytes) -> None:
    named(send(untouched, body), 400)


INVALID: dict[str, Any] = {
    "a list": [],
    "null": None,
    "a text": "figures",
    "a number": 7,
    "no figures": {},
    "figures null": {"figures": None},
    "figures a list": {"figures": []},
    "no leaf": {"figures": {}},
    "too many leaves": {"figures": {f"l{number}": {} for number in range(21)}},
    "an odd leaf": {"figures": {"../1a": {}}},
    "a stranger": {**FIGURES, "points": "8.00"},
    "a float": {"figures": {"1a": {"actual": 0.5, "target": 2}}},
    "a float that is infinite": {"figures": {"1a": {"actual": 1e999, "target": 2}}},
    "a text for a number": {"figures": {"1a": {"actual": "1", "target": 2}}},
    "a truth for a number": {"figures": {"1a": {"actual": True, "target": 2}}},
    "a list for a number": {"figures": {"1a": {"actual": [1], "target": 2}}},
    "below nothing": {"figures": {"1a": {"actual": -1, "target": 2}}},
    "no target": {"figures": {"1a": {"actual": 1}}},
    "a stranger inside": {"figures": {"1a": {"actual": 1, "target": 2, "points": 9}}},
    "NUL": {"figures": {"1a": {"actual": "\x00", "target": 2}}},
    "NUL in a name": {"figures": {"1a\x00": {}}},
    "a lone surrogate": {"figures": {"1a": {"\ud800": 1}}},
    "a lone surrogate as a leaf": {"figures": {"\udfff": {}}},
    "no zone": {**FIGURES, "effective": "2026-01-01T00:00:00"},
    "no moment": {**FIGURES, "effective": "yesterday"},
    "a moment before all time": {**FIGURES, "effective": "0000-01-01T00:00:00Z"},
    "a moment before the calendar": {**FIGURES, "effective": "0001-01-01T00:00:00+23:59"},
    "a moment beyond all time": {**FIGURES, "effective": "9999-12-31T23:59:59-23:59"},
    "a tally by hand": {"figures": {"1f": {"claims": 9}}},
}


@pytest.mark.parametrize("body", INVALID.values(), ids=INVALID.keys())
def test_a_body_that_does_not_fit_is_refused_as_invalid(untouched: City, body: Any) -> None:
    raw = json.dumps(body).replace("Infinity", "1e999").encode()
    named(send(untouched, raw), 422)


def test_an_unknown_leaf_is_unknown(untouched: City) -> None:
    named(send(untouched, b'{"figures": {"99z": {"actual": 1, "target": 2}}}'), 404)


@pytest.mark.parametrize(
    "kind", ["text/plain", "text/html", "application/xml", "application/x-www-form-urlencoded", "x"]
)
def test_only_json_is_taken(untouched: City, kind: str) -> None:
    named(send(untouched, json.dumps(FIGURES).encode(), kind), 415)


def test_ten_megabytes_are_refused_before_they_are_read(untouched: City) -> None:
    body = b'{"figures": "' + b"x" * (10 * MIB) + b'"}'
    named(send(untouched, body), 413)


def test_a_body_just_over_a_mebibyte_is_too_large(untouched: City) -> None:
    named(send(untouched, b" " * MIB + b"{}"), 413)


@pytest.mark.parametrize("length", ["-1", "many", "1e9", "99999999999999999999"])
def test_a_length_that_is_none_is_no_way_in(untouched: City, length: str) -> None:
    answer = untouched.call(
        "unit", "POST", SUBMISSIONS, data=b"{}", content_type=JSON, environ_overrides={"CONTENT_LENGTH": length}
    )
    named(answer, 400, 413, 422)


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


def test_a_stale_version_is_refused_says_where_the_sheet_stands_and_leaves_a_trace(city: City) -> None:
    city.done("unit", SHEET + "/submissions", FIGURES)
    problem = named(city.post("unit", SHEET + "/submissions", FIGURES, If_Match='"7"'), 412)
    assert problem["version"] == city.seen("unit", SHEET)["version"] == 1
    named(city.post("administrator", "/cycles/2026/phases", {"phase": "closed", "reason": "期满"}, If_Match='"1"'), 412)
    judgement = {"leaf": "2a", "points": "0.50", "reason": "看过了"}
    named(city.post("approver", sheet(item="2") + "/judgements", judgement, If_Match='"7"'), 403)
    city.settle()
    traced = city.seen("auditor", "/events?type=ActRefused")["events"]
    assert [(each["entry"]["data"]["act"], each["entry"]["data"]["code"]) for each in traced] == [
        ("submit", "stale"),
        ("advance-phase", "stale"),
    ]


def test_whoever_judges_says_which_version_he_saw(untouched: City) -> None:
    body = {"leaf": "2a", "points": "0.50", "reason": "看过了"}
    named(untouched.post("reviewer", SHEET + "/judgements", body), 428)


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


def test_the_same_request_under_a_key_gets_the_same_answer(city: City) -> None:
    first = city.post("unit", SHEET + "/submissions", FIGURES, Idempotency_Key="k-1")
    size = city.size()
    again = city.post("unit", SHEET + "/submissions", FIGURES, Idempotency_Key="k-1")
    assert (first.status_code, first.get_json()) == (again.status_code, again.get_json()) == (201, first.get_json())
    assert again.headers["ETag"] == first.headers["ETag"]
    assert city.size() == size


def test_a_key_for_another_request_is_refused(city: City) -> None:
    city.done("unit", SHEET + "/submissions", FIGURES, Idempotency_Key="k-1")
    size = city.size()
    other = {"figures": {"1a": {"actual": 2, "target": 2}}}
    assert named(city.post("unit", SHEET + "/submissions", other, Idempotency_Key="k-1"), 422)["type"].endswith(
        "reused"
    )
    assert named(city.post("unit", sheet(item="2") + "/submissions", FIGURES, Idempotency_Key="k-1"), 422)
    assert city.size() == size


def test_a_key_answers_for_ever_whatever_has_happened_since(city: City) -> None:
    first = city.done("unit", SHEET + "/submissions", FIGURES, Idempotency_Key="k-1")
    city.done("unit", SHEET + "/submissions", {"figures": {"1a": {"actual": 2, "target": 2}}})
    assert city.done("unit", SHEET + "/submissions", FIGURES, Idempotency_Key="k-1", If_Match='"0"') == first


def test_a_repeated_token_request_never_shows_the_token_again(city: City) -> None:
    path = f"/people/{city.people['viewer']}/credentials"
    first = city.done("administrator", path, {"days": 1}, Idempotency_Key="k-1")
    again = city.done("administrator", path, {"days": 1}, Idempotency_Key="k-1")
    assert first["token"].startswith("kaohe_")
    assert again["token"] is None
    assert again["events"] == first["events"]


def test_the_same_request_twice_at_once_is_recorded_once(city: City) -> None:
    def ask(_: int) -> TestResponse:
        return city.post("administrator", "/people", {"name": "同一人"}, Idempotency_Key="once")

    before = city.size()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.get_json()["stream"] for answer in answers}) == 1
    after = city.size()
    assert after["record.events"] == before["record.events"] + 1
    assert after["vault.secrets"] == before["vault.secrets"] + 1
    assert after["vault.keys"] == before["vault.keys"] + 1


def test_of_two_acts_on_the_same_version_one_is_stale(city: City) -> None:
    def ask(number: int) -> int:
        body = {"figures": {"1a": {"actual": number, "target": 100}}}
        return city.post("unit", SHEET + "/submissions", body, If_Match='"0"').status_code

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(ask, range(6))) == [201, 412, 412, 412, 412, 412]


def test_acts_that_name_no_version_all_find_their_place(city: City) -> None:
    def ask(number: int) -> int:
        body = {"figures": {"1a": {"actual": number, "target": 100}}}
        return city.post("unit", SHEET + "/submissions", body).status_code

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(ask, range(4))) == {201}
    assert city.seen("unit", SHEET)["version"] == 4


def test_a_refused_person_leaves_no_name_behind(untouched: City) -> None:
    named(untouched.post("viewer", "/people", {"name": "某人"}), 403)
    named(untouched.post("administrator", "/people", {"name": " "}), 422)


def test_a_person_registered_on_a_version_that_is_not_leaves_a_trace_and_no_name(city: City) -> None:
    before = city.size()
    named(city.post("administrator", "/people", {"name": "某人"}, If_Match='"5"'), 412)
    after = city.size()
    assert after["record.events"] == before["record.events"] + 1
    assert after["vault.secrets"] == before["vault.secrets"]


def test_a_refused_rubric_leaves_no_text_behind(untouched: City) -> None:
    named(untouched.post("administrator", "/rubrics", {"rubric": {"id": "x"}}), 422)
    named(untouched.post("viewer", "/rubrics", {"rubric": {"id": "x"}}), 403)


def test_a_reason_too_long_for_an_entry_is_refused(untouched: City) -> None:
    body = {"unit": "zhongshan", "reason": "长" * 2_001}
    named(untouched.post("viewer", f"/people/{untouched.people['viewer']}/conflicts", body), 422)


def test_no_token_and_no_file_name_is_ever_logged(city: City, capfd: pytest.CaptureFixture[str]) -> None:
    city.call("unit", "POST", f"{API}{SHEET}/evidence", data={"leaf": "1a", "file": pdf(name="张三的病历.pdf")})
    city.call("unit", "POST", f"{API}{SHEET}/evidence", data={"leaf": "1a", "file": pdf(name="张三的病历.exe")})
    city.post("administrator", f"/people/{city.people['viewer']}/credentials", {"days": 1})
    city.get("unit", "/me", X_Request_Id="chosen-by-caller")
    logged = capfd.readouterr().err
    assert "chosen-by-caller" in logged
    assert "张三" not in logged
    assert "kaohe_" not in logged
    assert not any(token.split("_", 2)[2] in logged for token in city.tokens.values())


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec=None)), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60)
@given(body=ANY)
def test_whatever_json_says_is_never_an_error_of_ours(shared_city: City, body: Any) -> None:
    raw = json.dumps(body).encode()
    for path in ("/submissions", "/claims", "/judgements", "/bonuses"):
        answer = send(shared_city, raw, path=API + SHEET + path, If_Match='"0"')
        named(answer, 400, 403, 412, 422)


@settings(max_examples=60)
@given(body=st.binary(max_size=200))
def test_whatever_bytes_say_is_never_an_error_of_ours(shared_city: City, body: bytes) -> None:
    named(send(shared_city, body), 400, 422)
    named(send(shared_city, body, "multipart/form-data; boundary=x", API + SHEET + "/evidence"), 400, 413, 422)

"""Acts on what has moved on, acts repeated, acts at once: each is recorded once, or refused by name."""

from concurrent.futures import ThreadPoolExecutor

from werkzeug.test import TestResponse

from tests.service.city import City, sheet
from tests.service.hostility import FIGURES, SHEET, named


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

"""Hostile bodies: a named problem in both languages, and nothing left behind in the record, the vault or the store."""

import json
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from tests.service.city import API, City
from tests.service.hostility import FIGURES, JSON, MIB, SHEET, SUBMISSIONS, named, send

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

"""RFC 8785, restricted: the one text of a value, and by what name a value without one is refused."""

import json

import pytest
from hypothesis import given, strategies as st

from events.canonical import LARGEST, NotCanonical, canonical, storable

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)
NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00", max_codepoint=0xFFFF), max_size=12)
INTEGERS = st.integers(-LARGEST, LARGEST)
VALUES = st.recursive(
    st.none() | st.booleans() | INTEGERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)
OBJECTS = st.dictionaries(NAMES, VALUES, max_size=6)


@given(OBJECTS)
def test_the_text_is_what_the_standard_library_writes_sorted_and_compact(value: dict[str, object]) -> None:
    expected = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert canonical(value) == expected.encode()


@given(OBJECTS)
def test_reading_the_text_gives_the_value_back(value: dict[str, object]) -> None:
    assert json.loads(canonical(value)) == value


@given(OBJECTS, st.randoms(use_true_random=False))
def test_the_order_of_the_members_does_not_matter(value: dict[str, object], chance: object) -> None:
    members = list(value.items())
    chance.shuffle(members)  # type: ignore[attr-defined]
    assert canonical(dict(members)) == canonical(value)


@given(OBJECTS)
def test_canonical_text_read_and_written_again_is_the_same_text(value: dict[str, object]) -> None:
    text = canonical(value)
    assert canonical(json.loads(text)) == text


@given(OBJECTS, OBJECTS)
def test_two_values_share_a_text_only_when_they_are_equal(one: dict[str, object], other: dict[str, object]) -> None:
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)  # True == 1 in Python
    assert (canonical(one) == canonical(other)) == same


def test_the_strings_of_rfc_8785_section_3_2_2_2_are_written_as_it_says() -> None:
    value = {"string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/", "literals": [None, True, False]}
    assert canonical(value) == (b'{"literals":[null,true,false],"string":"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}')


def test_members_are_sorted_as_rfc_8785_section_3_2_3_sorts_them() -> None:
    names = ["\u20ac", "\r", "\ufb33", "1", "\u0080", "\u00f6"]
    text = canonical(dict.fromkeys(names, 0)).decode()
    assert list(json.loads(text)) == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\ufb33"]


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"a": {"b": [1, 1.0]}}, "$.a.b[1]: float"),
        ({"a": float("nan")}, "$.a: float"),
        ({"n": LARGEST + 1}, "$.n: integer"),
        ({"n": -LARGEST - 1}, "$.n: integer"),
        ({"t": ["fine", "NUL \x00"]}, "$.t[1]: text"),
        ({"t": "单 \ud800"}, "$.t: text"),
        ({"\x00": 1}, "$: text"),
        ({"a": {"\ud800": 1}}, "$.a: text"),
        ({"a": {"😀": 1}}, "$.a: a member name"),
        ({"a": {1: 1}}, "$.a: a member name"),
        ({"b": b"bytes"}, "$.b: bytes"),
        ({"s": {1, 2}}, "$.s: set"),
    ],
    ids=lambda each: each.split(":")[0] if isinstance(each, str) else "",
)
def test_a_value_without_canonical_text_is_refused_with_its_place(value: dict[str, object], place: str) -> None:
    with pytest.raises(NotCanonical) as refused:
        canonical(value)
    assert str(refused.value).startswith(place)


@given(OBJECTS, st.floats() | st.integers(LARGEST + 1) | st.binary() | st.just("\ud8ab"), NAMES)
def test_one_bad_member_anywhere_spoils_the_whole(value: dict[str, object], bad: object, name: str) -> None:
    with pytest.raises(NotCanonical):
        canonical({**value, name: {"deep": [bad]}})


def test_integers_up_to_the_last_exact_double_are_kept() -> None:
    assert canonical({"a": LARGEST, "b": -LARGEST}) == b'{"a":9007199254740991,"b":-9007199254740991}'


@given(st.text())
def test_storable_text_is_just_the_text_that_has_canonical_form(text: str) -> None:
    try:
        canonical({"text": text})
    except NotCanonical:
        assert not storable(text)
    else:
        assert storable(text)

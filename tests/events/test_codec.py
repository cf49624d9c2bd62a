"""A fact becomes an event and comes back the same; what is not ours, or not whole, is refused."""

import json
from dataclasses import fields
from typing import Any

import msgspec
import pytest
from hypothesis import given, strategies as st

from domain import facts
from events.canonical import LARGEST
from events.codec import TYPES, UnknownEvent, brief, to_event, to_fact
from events.entry import Actor, Context, Head, build, decode
from tests.events.examples import EXAMPLES

CONTEXT = Context("test", Actor("x"), "2026-01-01T00:00:00.000000Z")
TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=12)
INTEGERS = st.integers(-LARGEST, LARGEST)
FIGURES = st.dictionaries(
    st.text("abcz", min_size=1, max_size=3), st.booleans() | INTEGERS | TEXTS | st.lists(TEXTS, max_size=2), max_size=3
)
BY_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXTS,
    int: INTEGERS,
    bool: st.booleans(),
    list[str]: st.lists(TEXTS, max_size=3),
    dict[str, str]: st.dictionaries(st.text("abcz", max_size=3), TEXTS, max_size=3),
    dict[str, int]: st.dictionaries(st.text("abcz", max_size=3), INTEGERS, max_size=3),
    dict[str, dict[str, int]]: st.dictionaries(
        st.text("abc", max_size=3), st.dictionaries(st.text("0123ab", max_size=3), INTEGERS, max_size=2), max_size=2
    ),
    facts.Figures: FIGURES,
    dict[str, facts.Figures]: st.dictionaries(st.text("0123ab", max_size=3), FIGURES, max_size=3),
    dict[str, dict[str, facts.Figures]]: st.dictionaries(
        st.text("abc", max_size=3), st.dictionaries(st.text("0123ab", max_size=3), FIGURES, max_size=2), max_size=2
    ),
}
FACTS = st.one_of(
    *(st.builds(kind, **{field.name: BY_TYPE[field.type] for field in fields(kind)}) for kind in TYPES.values())
)


def recorded(fact: facts.Fact) -> bytes:
    return build("stream", Head(), to_event(fact), CONTEXT)


def changed(name: str, **members: Any) -> bytes:
    """The entry of an example with members of its envelope or, under ``data``, of its data replaced."""
    entry = json.loads(recorded(EXAMPLES[name][1]))
    entry["data"] |= members.pop("data", {})
    return json.dumps(entry | members, ensure_ascii=False).encode()


@given(FACTS)
def test_a_fact_comes_back_from_its_bytes_as_it_was(fact: facts.Fact) -> None:
    assert to_fact(decode(recorded(fact))) == fact
    assert to_fact(brief(recorded(fact))) == fact


@given(FACTS)
def test_an_event_has_the_name_of_its_fact_and_every_member(fact: facts.Fact) -> None:
    event = to_event(fact)
    assert event.type == type(fact).__name__
    assert event.data.keys() == {field.name for field in fields(type(fact))}
    assert event.effective is None


def test_the_time_from_which_a_fact_holds_goes_beside_it() -> None:
    fact = facts.KeyReleased("b1")
    assert to_event(fact, "2026-01-01T00:00:00.000000Z").effective == "2026-01-01T00:00:00.000000Z"


def test_every_fact_has_its_type_and_no_two_share_a_name() -> None:
    classes = [each for each in vars(facts).values() if isinstance(each, type)]
    declared = [each for each in classes if each.__module__.startswith("domain.facts.")]
    assert set(TYPES.values()) == set(declared)
    assert len(TYPES) == len(declared)


@pytest.mark.parametrize("name", ["SheetBurned", "", "figuressubmitted", "__class__"])
def test_a_type_this_program_does_not_know_is_refused_by_name(name: str) -> None:
    with pytest.raises(UnknownEvent):
        to_fact(decode(changed("KeyReleased", type=name)))


@pytest.mark.parametrize(
    "schema",
    [
        "", "1", "urn:kaohe:event:KeyReleased:2", "urn:kaohe:event:KeyReleased:0", "urn:kaohe:event:KeyReleased:-1",
        "urn:kaohe:event:KeyReleased:one", "urn:kaohe:event:KeyReleased:01", "urn:kaohe:event:KeyReserved:1",
        "urn:other:event:KeyReleased:1", "urn:kaohe:event:KeyReleased:1:1",
    ],
)  # fmt: skip
def test_an_event_is_read_only_under_its_own_types_schema(schema: str) -> None:
    with pytest.raises(UnknownEvent):
        to_fact(decode(changed("KeyReleased", dataschema=schema)))


@pytest.mark.parametrize("name", TYPES)
def test_a_member_that_is_missing_or_of_another_kind_is_refused(name: str) -> None:
    entry = json.loads(recorded(EXAMPLES[name][1]))
    first = fields(TYPES[name])[0].name
    with pytest.raises(msgspec.ValidationError):
        to_fact(decode(changed(name, data={first: [1.5]})))
    del entry["data"][first]
    with pytest.raises(msgspec.ValidationError):
        to_fact(decode(json.dumps(entry).encode()))


def test_what_has_a_default_may_be_missing_in_what_was_recorded() -> None:
    entry = json.loads(recorded(facts.LeafJudged("6b", "1.00", "seen")))
    del entry["data"]["alone"]
    assert to_fact(decode(json.dumps(entry).encode())) == facts.LeafJudged("6b", "1.00", "seen")

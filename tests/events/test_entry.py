"""An entry says exactly what was recorded, in bytes that never change."""

import hashlib
import json
import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, strategies as st

from events.entry import MAX_BYTES, Actor, Context, EntryTooLarge, Head, NewEvent, build, decode, leaf_of, utc_text
from tests.events.test_canonical import OBJECTS, TEXTS

WORDS = TEXTS.filter(bool)
ACTORS = st.builds(Actor, TEXTS, TEXTS, TEXTS)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive
HEADS = st.just(Head()) | st.builds(Head, st.integers(1, 2**31 - 2), st.binary(min_size=32, max_size=32))
CONTEXTS = st.builds(Context, WORDS, ACTORS, MOMENTS.map(utc_text), st.none() | WORDS, st.none() | WORDS)
EVENTS = st.builds(NewEvent, WORDS, OBJECTS, st.integers(1, 99), st.none() | st.just("2024-11-30"))
HERE = Context("example.org/log", Actor("p-1", "filer", "u-1"), "2024-11-30T08:00:00.000000Z")


@given(WORDS, HEADS, EVENTS, CONTEXTS)
def test_what_is_built_is_what_is_read(stream: str, head: Head, event: NewEvent, context: Context) -> None:
    read = decode(build(stream, head, event, context))
    assert (read.subject, read.streamversion, read.prevhash) == (stream, head.version + 1, head.leaf.hex())
    assert (read.type, read.schema_version, json.loads(bytes(read.data))) == (event.type, event.version, event.data)
    assert (read.source, read.time, read.effectivetime) == (context.source, context.time, event.effective)
    assert (read.correlationid, read.causationid) == (context.correlation, context.causation)
    assert Actor(read.actor, read.actorrole, read.actorscope) == context.actor


@given(WORDS, HEADS, EVENTS, CONTEXTS)
def test_the_bytes_are_canonical_json(stream: str, head: Head, event: NewEvent, context: Context) -> None:
    entry = build(stream, head, event, context)
    again = json.dumps(json.loads(entry), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert entry == again.encode()


def test_an_entry_has_the_required_attributes_of_cloudevents_with_names_of_its_rules() -> None:
    attributes = json.loads(build("sheet/6", Head(1, b"\x01" * 32), NewEvent("Submitted", {}), HERE))
    assert attributes["specversion"] == "1.0"
    assert {"id", "source", "type"} <= attributes.keys()
    assert all(re.fullmatch("[a-z0-9]{1,20}", name) for name in attributes)  # section 2.1, names


def test_two_events_of_the_same_content_have_two_ids() -> None:
    one, other = (decode(build("s", Head(), NewEvent("T", {}), HERE)) for _ in range(2))
    assert one.id != other.id


def test_the_leaf_is_the_hash_of_rfc_6962_section_2_1() -> None:
    assert leaf_of(b"") == hashlib.sha256(b"\x00").digest()
    assert leaf_of(b"entry") == hashlib.sha256(b"\x00entry").digest()


def test_an_entry_may_fill_the_two_bytes_of_its_length_and_no_more() -> None:
    room = MAX_BYTES - len(build("s", Head(), NewEvent("T", {"note": ""}), HERE))
    assert len(build("s", Head(), NewEvent("T", {"note": "x" * room}), HERE)) == MAX_BYTES
    with pytest.raises(EntryTooLarge, match="65536 bytes"):
        build("s", Head(), NewEvent("T", {"note": "x" * (room + 1)}), HERE)


@given(MOMENTS, st.integers(-14, 14))
def test_a_time_is_written_in_utc_with_microseconds_wherever_it_was_told(moment: datetime, hours: int) -> None:
    text = utc_text(moment.astimezone(timezone(timedelta(hours=hours))))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", text)
    assert datetime.fromisoformat(text) == moment


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        utc_text(datetime(2024, 11, 30))  # noqa: DTZ001 - that is what is refused

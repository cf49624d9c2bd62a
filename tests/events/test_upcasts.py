"""Old shapes become today's in one place, step by step, and a version nobody wrote is refused."""

from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

from events.codec import UnknownEvent, brief, reader
from events.entry import Actor, Context, Head, NewEvent, build, decode
from events.upcasts import STEPS, Data, current_version, lift


@dataclass(frozen=True, slots=True)
class Moved:
    """Today's shape: version 1 had "where", version 2 had "place" without "reason"."""

    place: str
    reason: str


def named(data: Data) -> Data:
    return {"place": data["where"]}


def reasoned(data: Data) -> Data:
    return {**data, "reason": "not recorded then"}


TEMPORARY = {("Moved", 1): named, ("Moved", 2): reasoned}
READ = reader({"Moved": Moved}, TEMPORARY)


def entry(data: dict[str, Any], version: int, name: str = "Moved") -> bytes:
    context = Context("test", Actor("x"), "2026-01-01T00:00:00.000000Z")
    return build("s", Head(), NewEvent(name, data, version), context)


def test_each_step_raises_the_version_new_events_are_written_in() -> None:
    assert current_version("Moved", {}) == 1
    assert current_version("Moved", TEMPORARY) == 3
    assert current_version("Other", TEMPORARY) == 1


@pytest.mark.parametrize(
    ("version", "data"), [(1, {"where": "here"}), (2, {"place": "here"}), (3, {"place": "here", "reason": "because"})]
)
def test_every_version_reads_as_todays_fact(version: int, data: Data) -> None:
    expected = Moved("here", "because" if version == 3 else "not recorded then")
    assert READ(decode(entry(data, version))) == expected
    assert READ(brief(entry(data, version))) == expected


def test_lifting_leaves_the_recorded_data_as_it_was() -> None:
    data = {"where": "here"}
    assert lift("Moved", 1, data, TEMPORARY) == {"place": "here", "reason": "not recorded then"}
    assert data == {"where": "here"}


def test_todays_version_is_not_lifted() -> None:
    assert lift("Moved", 3, {"where": "here"}, TEMPORARY) == {"where": "here"}


@pytest.mark.parametrize("version", [4, 0, -1, 99])
def test_a_version_nobody_wrote_is_unknown(version: int) -> None:
    with pytest.raises(UnknownEvent, match="Moved"):
        READ(decode(entry({"place": "here", "reason": "because"}, version)))


def test_an_old_event_of_the_wrong_shape_is_refused_and_not_guessed() -> None:
    with pytest.raises(msgspec.ValidationError):
        READ(decode(entry({"place": 1}, 2)))


def test_every_step_of_ours_starts_at_a_version_that_was_written_and_leaves_no_gap() -> None:
    for name, version in STEPS:
        assert version >= 1
        assert version == 1 or (name, version - 1) in STEPS

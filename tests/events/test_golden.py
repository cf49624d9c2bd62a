"""What was once written is read for ever: one exact entry of every version of every type, kept as bytes."""

import json
from pathlib import Path
from typing import Any

import pytest

from domain import facts
from events.canonical import canonical
from events.codec import TYPES, brief, to_event, to_fact
from events.entry import decode, leaf_of
from events.upcasts import current_version
from tests.events.examples import (
    CONTEXT,
    DIGEST,
    EFFECTIVE,
    EXAMPLES,
    GOLDEN,
    HEAD,
    ID,
    LAST,
    LEAVES,
    ONE,
    TWO,
    golden,
    written,
)  # fmt: skip

FILES = sorted(GOLDEN.glob("*.json"))
# Members that say something only in some cases; their examples show the other.
MAY_BE_EMPTY: dict[str, set[str]] = {
    "ActRefused": {"detail"},
    "DeadlineMoved": {"before"},
    "SimulationRequested": {"rubric"},
    "SimulationFinished": {"failure"},
}
# Facts that old versions stand for, by (type, version); the newest version stands for the example itself.
BEFORE: dict[tuple[str, int], facts.Fact] = {
    ("RubricApplied", 1): facts.RubricApplied(DIGEST, "口径已定，从严掌握", []),
    ("CycleCreated", 1): facts.CycleCreated(
        "2026年度考核", "2026年度考核", "six-actions", DIGEST, {"open": LAST, "closed": LAST}
    ),
    ("AppealFiled", 1): facts.AppealFiled(ONE, "6a", "合同数少计十份", [TWO], ""),
    ("ObjectionAnswered", 1): facts.ObjectionAnswered(
        ONE, "xigang", "zhongshan", "dismissed", "数据与合同清单一致", "", "", ""
    ),
    ("ImportConfirmed", 1): facts.ImportConfirmed(
        ONE, "figures", DIGEST, "xlsx", DIGEST, 75, 40, 3, 11, 5, "按填报模板导入", 0
    ),
    ("SimulationRequested", 1): facts.SimulationRequested(
        ONE, "2026", "", {"Q3": "zero"}, {"zhongshan": {"16a": {"yes": True}}}, "看看影响", {}
    ),
}


def expected(place: Path) -> facts.Fact:
    name, version = named(place)
    return BEFORE[name, version] if version < current_version(name) else EXAMPLES[name][1]


def named(place: Path) -> tuple[str, int]:
    name, version, _ = place.name.split(".")
    return name, int(version.removeprefix("v"))


def shape(value: Any) -> Any:
    """Member names and kinds of values, without the values; figures keep the names of their members too."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items()}
    if isinstance(value, list):
        return [shape(each) for each in value]
    return type(value).__name__


@pytest.mark.parametrize("name", TYPES)
def test_every_version_of_every_type_has_its_golden_entry(name: str) -> None:
    missing = [v for v in range(1, current_version(name) + 1) if not golden(name, v).exists()]
    assert missing == [], "write it once with: python -m tests.events.examples"


def test_there_is_no_golden_entry_of_a_type_or_version_nobody_writes() -> None:
    known = {golden(name, version) for name in TYPES for version in range(1, current_version(name) + 1)}
    assert set(FILES) == known


@pytest.mark.parametrize("place", FILES, ids=lambda place: place.stem)
def test_a_golden_entry_is_read_as_the_fact_it_always_meant(place: Path) -> None:
    entry = place.read_bytes()
    assert to_fact(decode(entry)) == expected(place)
    assert to_fact(brief(entry)) == expected(place)


@pytest.mark.parametrize("place", FILES, ids=lambda place: place.stem)
def test_a_golden_entry_keeps_its_envelope(place: Path) -> None:
    envelope = decode(place.read_bytes())
    name, version = named(place)
    assert (envelope.type, envelope.schema_version) == (name, version)
    assert envelope.dataschema == f"urn:kaohe:event:{name}:{version}"
    assert (envelope.specversion, envelope.id, envelope.source) == ("1.0", ID, CONTEXT.source)
    assert (envelope.time, envelope.effectivetime) == (CONTEXT.time, EFFECTIVE)
    assert (envelope.actor, envelope.actorrole, envelope.actorscope) == (
        CONTEXT.actor.id, CONTEXT.actor.role, CONTEXT.actor.scope,
    )  # fmt: skip
    assert (envelope.correlationid, envelope.causationid) == (CONTEXT.correlation, CONTEXT.causation)
    assert (envelope.streamversion, envelope.prevhash) == (HEAD.version + 1, HEAD.leaf.hex())
    if version == current_version(name):
        assert envelope.subject == EXAMPLES[name][0]


@pytest.mark.parametrize("place", FILES, ids=lambda place: place.stem)
def test_a_golden_entry_is_the_one_canonical_text_of_what_it_says(place: Path) -> None:
    assert canonical(json.loads(place.read_bytes())) == place.read_bytes()


@pytest.mark.parametrize("name", TYPES)
def test_todays_program_writes_the_bytes_of_the_newest_golden_entry(name: str) -> None:
    kept = golden(name, current_version(name)).read_bytes()
    today = written(name)
    assert shape(json.loads(today)["data"]) == shape(json.loads(kept)["data"]), "a changed shape needs a new version"
    assert today == kept


@pytest.mark.parametrize("name", TYPES)
def test_what_a_golden_entry_says_is_lost_nowhere_when_it_is_written_again(name: str) -> None:
    kept = json.loads(golden(name, current_version(name)).read_bytes())["data"]
    assert to_event(to_fact(decode(golden(name, current_version(name)).read_bytes()))).data == kept


@pytest.mark.parametrize("name", TYPES)
def test_an_example_fills_every_member_so_that_a_golden_entry_shows_them_all(name: str) -> None:
    _, fact = EXAMPLES[name]
    data = to_event(fact).data
    assert data.keys() == set(TYPES[name].__dataclass_fields__)
    assert [member for member, value in data.items() if not value and member not in MAY_BE_EMPTY.get(name, set())] == []


def test_every_type_has_its_example() -> None:
    assert EXAMPLES.keys() == TYPES.keys()


def test_the_leaf_hash_of_a_golden_entry_never_changes() -> None:
    found = {place.stem: leaf_of(place.read_bytes()).hex() for place in FILES}
    kept = dict(line.split() for line in LEAVES.read_text(encoding="ascii").splitlines())
    assert found == kept

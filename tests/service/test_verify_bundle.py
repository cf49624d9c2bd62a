"""A bundle holds or it does not, and says where; a stranger's file never brings the verifier down."""

import contextlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from domain import facts
from events.codec import to_event
from events.entry import Actor
from events.log.bundles import parse_bundle, write_bundle
from events.log.checkpoint import Checkpoint
from events.log.signers import sign_note
from events.log.tree import TreeHead
from events.store import EventStore
from service.verify import acts
from service.verify.__main__ import main, verify_file
from service.verify.archive import Archive
from service.verify.certificate import verify_certificate
from service.verify.findings import HOLDS, LOWER_GRADE, TAMPERED, UNUSABLE, Report, UnusableError
from service.verify.offline import Asked, verify_bundle
from service.verify.standalone import script
from service.verify.writing import certificate, write_bundle_file
from tests.events.log.record import record
from tests.servers import fresh_database, process_number
from tests.service import city as cities
from tests.service.city import City
from tests.service.log_acts import some_acts
from tests.service.log_house import LogHouse
from workers.database_url import DatabaseUrl
from workers.log_keys import new_key

Members = dict[str, bytes]


@pytest.fixture(scope="module")
def house(
    postgres_server: DatabaseUrl, servers: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LogHouse]:
    redis = servers["valkey"].rsplit("/", 1)[0] + f"/{120 + process_number()}"
    folder = tmp_path_factory.mktemp("bundle")
    with (
        fresh_database(postgres_server, f"bundle_{process_number()}") as made,
        cities.opened(made, redis, folder) as city,
    ):
        house = LogHouse(city)
        some_acts(city)
        record(city.office.store, 300, "note/1")
        city.settle()
        house.sign()
        yield house


@pytest.fixture(scope="module")
def bundle(house: LogHouse, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("made") / "2026.zip"
    write_bundle_file(house.city.office.store, "2026", file)
    return file


@pytest.fixture(scope="module")
def members(bundle: Path) -> Members:
    with zipfile.ZipFile(bundle) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def certified(house: LogHouse) -> bytes:
    return certificate(house.city.office.store, "2026", "zhongshan")


def zipped(members: Mapping[str, bytes]) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out


def verified(members: Mapping[str, bytes], **asked: str) -> Report:
    with Archive(zipped(members)) as archive:
        return verify_bundle(archive, Asked(**asked))  # type: ignore[arg-type]


def places(report: Report) -> list[str]:
    assert report.exit_code == TAMPERED, report.lines
    return [each.place for each in report.findings]


def altered(members: Members, name: str, change: Callable[[bytes], bytes]) -> Members:
    return members | {name: change(members[name])}


def test_an_honest_bundle_holds(bundle: Path) -> None:
    report = verify_file(bundle, Asked())
    assert report.lines[-1] == "成立 holds"
    assert (report.exit_code, report.grade) == (HOLDS, "signed")
    assert report.size > 300


def test_a_grade_that_is_not_held_is_told_by_the_exit_code(bundle: Path) -> None:
    assert verify_file(bundle, Asked(grade="witnessed")).exit_code == LOWER_GRADE


def test_a_policy_of_ones_own_decides(bundle: Path) -> None:
    stranger = f"log {new_key('kaohe.example/test').verifier.text}\nquorum none\n".encode()
    assert places(verify_file(bundle, Asked(policy=stranger))) == ["checkpoint"]


def test_the_script_in_the_bundle_verifies_it_with_nothing_else(bundle: Path, members: Members, tmp_path: Path) -> None:
    tool = tmp_path / "verify.pyz"
    tool.write_bytes(members["verify.pyz"])
    assert members["verify.pyz"] == script()
    run = [sys.executable, "-I", str(tool), str(bundle)]
    assert subprocess.run(run, check=False, capture_output=True).returncode == HOLDS
    bare = subprocess.run([run[0], "-I", "-S", *run[2:]], check=False, capture_output=True, text=True)
    assert bare.returncode == LOWER_GRADE
    assert "cryptography" in bare.stdout


def change_entry(members: Members, position: int, change: Callable[[bytes], bytes]) -> Members:
    index, offset = divmod(position - 1, 256)
    name = next(name for name in members if name.startswith(f"tile/entries/{index:03}"))
    entries = parse_bundle(members[name], min(256, json.loads(members["manifest.json"])["size"] - index * 256))
    entries[offset] = change(entries[offset])
    return members | {name: write_bundle(entries)}


@pytest.mark.parametrize("position", [1, 70, 257, 300])
def test_one_changed_byte_of_an_entry_is_found_at_its_position(members: Members, position: int) -> None:
    report = verified(change_entry(members, position, lambda entry: entry.replace(b'"1.0"', b'"1.1"')))
    assert f"position {position}" in places(report)


def test_two_swapped_entries_are_found_at_both_positions(members: Members) -> None:
    name = "tile/entries/000"
    entries = parse_bundle(members[name], 256)
    entries[10], entries[11] = entries[11], entries[10]
    assert {"position 11", "position 12"} <= set(places(verified(members | {name: write_bundle(entries)})))


def test_a_changed_tile_is_named(members: Members) -> None:
    report = verified(altered(members, "tile/0/000", lambda tile: b"x" * 32 + tile[32:]))
    assert "tile/0/000" in places(report)


@pytest.mark.parametrize("name", ["tile/0/000", "tile/entries/000"])
def test_a_missing_tile_or_bundle_is_named(members: Members, name: str) -> None:
    assert name in places(verified({each: data for each, data in members.items() if each != name}))


def test_a_published_score_that_the_entries_do_not_give_is_named(members: Members) -> None:
    published = json.loads(members["published.json"])
    leaf = published["units"]["zhongshan"]["leaves"]["1a"]
    leaf["final"] = "9.99"
    report = verified(members | {"published.json": json.dumps(published).encode()})
    assert [place for place in places(report) if "units/zhongshan/leaves/1a/final" in place]


def test_a_published_rank_that_the_entries_do_not_give_is_named(members: Members) -> None:
    published = json.loads(members["published.json"])
    published["units"]["xigang"]["rank"] = 7
    report = verified(members | {"published.json": json.dumps(published).encode()})
    assert [place for place in places(report) if "units/xigang/rank" in place]


def test_an_omitted_unit_is_named(members: Members) -> None:
    published = json.loads(members["published.json"])
    del published["units"]["xigang"]
    report = verified(members | {"published.json": json.dumps(published).encode()})
    assert [place for place in places(report) if "units/xigang" in place]


def test_another_rubric_under_the_same_name_is_found(members: Members) -> None:
    name = next(each for each in members if each.startswith("documents/"))
    report = verified(altered(members, name, lambda body: body.replace(b"1.00", b"2.00", 1)))
    assert "cycle 2026" in places(report)


def test_a_checkpoint_signed_by_somebody_else_is_found(members: Members) -> None:
    text = members["checkpoint"].decode().split("\n\n")[0] + "\n"
    forged = sign_note(text, new_key("kaohe.example/test")).data
    assert places(verified(members | {"checkpoint": forged})) == ["checkpoint"]


def test_a_bundle_that_claims_another_size_than_is_signed_is_found(members: Members) -> None:
    def shorter(manifest: bytes) -> bytes:
        claimed = json.loads(manifest)
        return json.dumps(claimed | {"size": claimed["size"] - 1, "position": claimed["size"] - 1}).encode()

    assert places(verified(altered(members, "manifest.json", shorter))) == ["checkpoint"]


def test_a_bundle_that_claims_more_than_it_can_hold_is_not_walked(members: Members) -> None:
    text = Checkpoint("kaohe.example/test", TreeHead(2**62, b"r" * 32)).text
    claimed = json.loads(members["manifest.json"]) | {"size": 2**62}
    forged = {"manifest.json": json.dumps(claimed).encode(), "checkpoint": sign_note(text, new_key("x")).data}
    with pytest.raises(UnusableError):
        verified(members | forged)


def test_a_certificate_verifies_alone(certified: bytes, tmp_path: Path) -> None:
    file = tmp_path / "zhongshan.json"
    file.write_bytes(certified)
    report = verify_file(file, Asked())
    assert (report.exit_code, report.grade) == (HOLDS, "signed")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda parts: parts["score"].update(total="99.00"), "unit zhongshan total"),
        (lambda parts: parts["score"]["leaves"]["1a"].update(final="1.60"), "unit zhongshan leaves/1a/final"),
        (lambda parts: parts["derivation"].update(points="99.00"), "derivation zhongshan points"),
        (lambda parts: parts["derivation"]["groups"][0].update(sum="1 + 1"), "derivation zhongshan groups/0/sum"),
        (lambda parts: parts["entries"].pop(0), "position"),
        (lambda parts: parts["entries"][-1].update(path=[]), "position"),
        (lambda parts: parts["entries"][-1].update(position=1), "position 1"),
        (lambda parts: parts.update(rubric=parts["rubric"] + " "), "unit zhongshan"),
        (lambda parts: parts.update(unit="nowhere"), "unit nowhere"),
        (lambda parts: parts.update(cycle="1999"), "unit zhongshan"),
    ],
)
def test_an_altered_certificate_is_found(
    certified: bytes, tmp_path: Path, change: Callable[[dict[str, object]], None], where: str
) -> None:
    parts = json.loads(certified)
    change(parts)
    file = tmp_path / "altered.json"
    file.write_text(json.dumps(parts))
    assert [place for place in places(verify_file(file, Asked())) if place.startswith(where)]


def breaks_the_rules(city: City, stream: str, actor: Actor, fact: facts.Fact) -> None:
    store: EventStore = city.office.store
    store.append(stream, store.head(stream), [to_event(fact)], by=actor)


def test_an_act_without_the_role_and_an_own_approval_are_found_though_signed(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acts, "LAG", timedelta(0))
    house = LogHouse(city)
    some_acts(city)
    stream, people = "sheet/2026/zhongshan/1", city.people
    reviewer, approver = (people[name] for name in ("reviewer", "chief-approver"))
    proposal = facts.AdjustmentProposed("a-1", "1a", "0.10", "other", "改一改")
    breaks_the_rules(city, stream, Actor(approver, "approver", "*"), proposal)
    breaks_the_rules(city, stream, Actor(approver, "approver", "*"), facts.AdjustmentApproved("a-1", "1a", "自己批准"))
    breaks_the_rules(city, stream, Actor(reviewer, "approver", "*"), facts.LeafJudged("1a", "0.50", "越权"))
    breaks_the_rules(city, stream, Actor("mallory"), facts.LeafJudged("1a", "0.50", "无名"))
    conflicted = Actor(people["conflicted-reviewer"], "reviewer", "organisation")
    breaks_the_rules(city, stream, conflicted, facts.LeafJudged("1a", "0.50", "有利益冲突"))
    city.settle()
    size = house.sign().head.size
    file = tmp_path / "bundle.zip"
    write_bundle_file(city.office.store, "2026", file)
    found = places(verify_file(file, Asked()))
    assert {f"position {size - back}" for back in range(5)} == {each for each in found if each.startswith("position")}


def test_unusable_files_are_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x"
    for data in (b"", b"PK\x03\x04", b"{", b'{"format": "other"}', b"rubbish" * 100):
        file.write_bytes(data)
        assert main([str(file)]) == UNUSABLE
        assert capsys.readouterr().err
    assert main([str(tmp_path / "absent")]) == UNUSABLE


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "a\\b", "a//b", "tile/./0", "C:/x", "x" * 200])
def test_names_that_could_lead_elsewhere_are_refused(members: Members, name: str) -> None:
    with pytest.raises(UnusableError):
        Archive(zipped(members | {name: b"x"}))


def test_a_doubled_name_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("checkpoint", b"one")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("checkpoint", b"two")
    with pytest.raises(UnusableError):
        Archive(out)


def test_a_zip_bomb_is_not_unpacked(members: Members) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, bytes(2**26) if name == "checkpoint" else data)
    with Archive(out) as archive_, pytest.raises(UnusableError):
        verify_bundle(archive_, Asked())


@given(at=st.integers(0), byte=st.integers(0, 255), length=st.integers(0, 40))
def test_a_damaged_zip_is_unusable_or_found_but_never_a_crash(bundle: Path, at: int, byte: int, length: int) -> None:
    data = bytearray(bundle.read_bytes())
    at %= len(data)
    data[at : at + length] = bytes([byte]) * (length + byte % 3)
    try:
        with Archive(io.BytesIO(bytes(data))) as archive:
            report = verify_bundle(archive, Asked())
    except UnusableError:
        return
    assert report.exit_code in {HOLDS, TAMPERED}


TEXT = st.text(st.characters(codec=None), max_size=5)  # lone surrogates too, which JSON can spell and UTF-8 cannot
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(name=st.sampled_from(["manifest.json", "published.json", "checkpoint", "policy"]), value=JSON, data=st.data())
def test_garbage_in_place_of_any_member_is_unusable_or_found_but_never_a_crash(
    members: Members, name: str, value: object, data: st.DataObject
) -> None:
    written = json.dumps(value).encode()
    if isinstance(value, dict) and name == "manifest.json":
        key = data.draw(st.sampled_from(["origin", "size", "position", "documents", "cycle", "format"]))
        written = json.dumps(json.loads(members[name]) | {key: value}).encode()
    try:
        report = verified(members | {name: written})
    except UnusableError:
        return
    assert report.exit_code == TAMPERED


@given(
    key=st.sampled_from(["entries", "score", "derivation", "rubric", "checkpoint", "policy", "unit", "cycle"]),
    value=JSON,
)
def test_garbage_in_a_certificate_is_unusable_or_found_but_never_a_crash(
    certified: bytes, key: str, value: object
) -> None:
    try:
        report = verify_certificate(json.dumps(json.loads(certified) | {key: value}).encode(), Asked())
    except UnusableError:
        return
    assert report.exit_code == TAMPERED
    assert "\n".join(report.lines).encode()


@pytest.mark.parametrize("key", ["checkpoint", "policy", "unit"])
def test_a_text_that_no_terminal_can_show_is_no_crash(certified: bytes, key: str) -> None:
    parts = json.loads(certified)
    with contextlib.suppress(UnusableError):
        report = verify_certificate(json.dumps(parts | {key: parts[key] + "\ud800"}).encode(), Asked())
        assert report.exit_code == TAMPERED
        assert "\n".join(report.lines).encode()


def test_no_file_can_write_a_verdict_of_its_own_into_the_report(certified: bytes) -> None:
    parts = json.loads(certified) | {"unit": "x\n成立 holds\x1b[8m\u202e"}
    report = verify_certificate(json.dumps(parts).encode(), Asked())
    assert report.exit_code == TAMPERED
    assert all(line.isprintable() for line in report.lines)
    assert "成立 holds" not in report.lines


def test_a_name_given_twice_is_no_certificate(certified: bytes) -> None:
    with pytest.raises(UnusableError):
        verify_certificate(certified.replace(b'"cycle":', b'"cycle": "1999", "cycle":', 1), Asked())


def test_a_report_is_told_also_where_the_terminal_speaks_no_chinese(bundle: Path, tmp_path: Path) -> None:
    tool = tmp_path / "verify.pyz"
    tool.write_bytes(script())
    run = [sys.executable, str(tool), str(bundle)]
    told = subprocess.run(run, check=False, capture_output=True, env={"PYTHONIOENCODING": "ascii"})
    assert (told.returncode, told.stdout.split()[-1]) == (HOLDS, b"holds"), told.stderr


def test_documents_beyond_what_a_bundle_can_need_are_not_unpacked(members: Members) -> None:
    many = {f"documents/{number:064x}.json": bytes(2**22) for number in range(40)}
    manifest = json.loads(members["manifest.json"])
    names = [name.removeprefix("documents/").removesuffix(".json") for name in many]
    for listed in (names, names[:1] * 1_000):
        told = json.dumps(manifest | {"documents": listed}).encode()
        with pytest.raises(UnusableError, match=r"too many|too large"):
            verified(members | many | {"manifest.json": told})


@given(raw=st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_a_garbage_entry_is_found_but_never_a_crash(members: Members, raw: bytes) -> None:
    assert "position 60" in places(verified(change_entry(members, 60, lambda _: raw)))

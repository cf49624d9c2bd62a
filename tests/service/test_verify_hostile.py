"""A stranger's file never brings the verifier down, fills its memory or leads it elsewhere."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from events.log.checkpoint import Checkpoint
from events.log.signers import sign_note
from events.log.tree import TreeHead
from service.verify.__main__ import main
from service.verify.archive import Archive
from service.verify.findings import HOLDS, TAMPERED, UNUSABLE, UnusableError
from service.verify.offline import Asked, verify_bundle
from tests.service.bundles import JSON, Members, change_entry, places, verified, zipped
from workers.log_keys import new_key


def test_a_bundle_that_claims_more_than_it_can_hold_is_not_walked(members: Members) -> None:
    text = Checkpoint("kaohe.example/test", TreeHead(2**62, b"r" * 32)).text
    claimed = json.loads(members["manifest.json"]) | {"size": 2**62}
    forged = {"manifest.json": json.dumps(claimed).encode(), "checkpoint": sign_note(text, new_key("x")).data}
    with pytest.raises(UnusableError):
        verified(members | forged)


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

"""The log over HTTP: everything another tool needs to check the record without trusting the server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from events.entry import leaf_of
from events.log.authentic import AuthenticTiles
from events.log.checkpoint import open_checkpoint
from events.log.errors import LogError
from events.log.keys import KeyType, parse_vkey
from events.log.lines import decode_hash
from events.log.paths import verify_consistency
from events.log.policy import parse_policy
from events.log.proof import parse_proof, verify_proof
from events.log.receipt import open_receipt
from events.log.signers import SignerKey
from events.log.tiles import Bundle, Tile
from events.log.tree import TreeHead
from service.receipts import receipt_note
from service.verify.database import Kept, verify_database
from tests.events.log.record import connect, entries_of, record
from tests.service.city import City
from tests.service.log_house import LogHouse
from workers.log_keys import log_keys, write_key
from workers.log_rotation import introduce_key, retire_key

WITNESS = SignerKey("witness.example/auditor", KeyType.COSIGNATURE, b"w" * 32)


@pytest.fixture
def house(city: City, monkeypatch: pytest.MonkeyPatch) -> Iterator[LogHouse]:
    for name in ("KAOHE_LOG_KEY", "KAOHE_LOG_KEY_FILE", "KAOHE_LOG_POLICY_FILE", "KAOHE_LOG_MEMORY"):
        monkeypatch.delenv(name, raising=False)
    return LogHouse(city)


def head_of(house: LogHouse) -> TreeHead:
    keys = [parse_vkey(line) for line in house.get("keys").decode().splitlines()]
    return open_checkpoint(house.get("checkpoint"), "kaohe.example/test", keys)[0].head


def test_a_stranger_can_authenticate_every_leaf_from_the_public_tiles(house: LogHouse) -> None:
    record(house.worker, 700)
    house.sign()
    tiles = AuthenticTiles(head_of(house), lambda tile: house.get(tile.path))
    entries = entries_of(house.worker)
    assert [tiles.node(0, each) for each in range(len(entries))] == [leaf_of(each) for each in entries]


def test_an_auditor_reads_entries_that_hash_to_the_signed_root(house: LogHouse) -> None:
    record(house.worker, 300)
    house.sign()
    head = head_of(house)
    tiles = AuthenticTiles(head, lambda tile: house.get(tile.path))
    for bundle in (Bundle(0), Bundle(1, head.size - 256)):
        read = [entry for _, entry in tiles.entries(bundle, house.get(bundle.path, "auditor"))]
        assert read == entries_of(house.worker)[bundle.start : bundle.start + bundle.width]


@pytest.mark.parametrize(
    ("who", "status"), [("stranger", 401), ("unit", 403), ("reviewer", 403), ("administrator", 403), ("auditor", 200)]
)
def test_entries_are_for_auditors_and_hashes_for_everybody(house: LogHouse, who: str, status: int) -> None:
    house.sign()
    assert house.status("tile/entries/000.p/5", who) == status
    assert house.status("tile/0/000.p/5", who) == 200


def test_before_the_first_signature_the_log_says_so_and_when_to_come_back(house: LogHouse) -> None:
    answer = house.city.call("stranger", "GET", "/log/checkpoint")
    assert answer.status_code == 404
    assert answer.headers["Retry-After"] == "1"
    assert answer.get_json()["type"] == "urn:kaohe:problem:not-yet-signed"


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/001.p/256",
        "tile/00/000",
        "tile/0/x001/000",
        "tile/0/999",
        "tile/64/000",
        "tile/entries/999",
        "tile/0/../1/000",
        "tile/0/000.p/0",
        "proofs/0",
        "proofs/999999",
        "proofs/-1",
        "proofs/99999999999999999999",
        "consistency/9/3",
        "consistency/3/999999",
        "checkpoint/999999",
        "standing/999999",
    ],
)
def test_what_the_log_does_not_have_is_not_found(house: LogHouse, path: str) -> None:
    house.sign()
    assert house.status(path, "auditor") == 404


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("proofs/999999", "unknown-position"),
        ("standing/999999", "unknown-position"),
        ("checkpoint/999999", "no-checkpoint"),
        ("consistency/1/2", "no-checkpoint"),
        ("consistency/999999/2", "no-checkpoint"),
        ("consistency/{larger}/{size}", "sizes-reversed"),
        ("stamps/{size}", "not-stamped"),
        ("stamps/999999", "not-stamped"),
    ],
)
def test_what_the_log_refuses_has_a_name_in_both_languages(house: LogHouse, path: str, problem: str) -> None:
    house.sign()
    size = head_of(house).size
    answer = house.city.call("stranger", "GET", "/log/" + path.format(size=size, larger=size + 1))
    told = answer.get_json()
    assert (answer.status_code, told["type"]) == (404, f"urn:kaohe:problem:{problem}")
    assert told["title_zh"] != told["title_en"]


def test_a_proof_file_proves_its_entry_to_somebody_who_has_only_the_policy(house: LogHouse) -> None:
    record(house.worker, 300)
    house.sign()
    entries, policy = entries_of(house.worker), parse_policy(house.get("policy"))
    for position in (1, 2, 257, len(entries)):
        proof = parse_proof(house.get(f"proofs/{position}"))
        verify_proof(proof, leaf_of(entries[position - 1]), policy)
        with pytest.raises(LogError):
            verify_proof(proof, leaf_of(b"another"), policy)


def test_a_damaged_log_proves_nothing_and_says_which_tile(house: LogHouse) -> None:
    record(house.worker, 300)
    house.sign()
    with connect(house.city.database.owner) as owner:
        owner.execute("SET session_replication_role = replica")
        owner.execute(
            "UPDATE log.tiles SET hashes = sha256('x') || substring(hashes FROM 33) WHERE (level, index) = (0, 0)"
        )
    for path in ("proofs/9", "consistency/9/" + str(head_of(house).size)):
        answer = house.city.call("stranger", "GET", f"/log/{path}")
        assert (answer.status_code, answer.get_json()["type"]) == (500, "urn:kaohe:problem:log-damaged")
        assert answer.get_json()["detail"] == "tile/0/000"


def test_two_signed_sizes_are_proved_to_be_one_log(house: LogHouse) -> None:
    house.sign()
    old = head_of(house)
    record(house.worker, 777)
    house.sign()
    new = head_of(house)
    path = house.get(f"consistency/{old.size}/{new.size}").decode().splitlines()
    verify_consistency(old, new, [decode_hash(line, LogError) for line in path])
    assert house.get(f"checkpoint/{old.size}").startswith(b"kaohe.example/test\n")


def test_what_never_changes_may_be_kept_and_what_does_may_not(house: LogHouse) -> None:
    house.sign()
    kept = house.city.call("stranger", "GET", "/log/" + Tile(0, 0, 5).path)
    assert "immutable" in kept.headers["Cache-Control"]
    assert kept.mimetype == "application/octet-stream"
    fresh = house.city.call("stranger", "GET", "/log/checkpoint")
    assert fresh.headers["Cache-Control"] == "public, max-age=1"
    assert fresh.content_type == "text/plain; charset=utf-8"
    mine = house.city.call("auditor", "GET", "/log/tile/entries/000.p/5")
    assert mine.headers["Cache-Control"].startswith("private")


def test_the_grade_shown_is_never_more_than_what_is_held(
    house: LogHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.city.settle()
    assert house.city.call("stranger", "GET", "/log/standing/1").get_json()["grade"] == "ordered"
    assert house.status("proofs/1") == 404
    house.sign()
    shown = house.city.call("stranger", "GET", "/log/standing/1").get_json()
    assert (shown["grade"], shown["witnesses"]) == ("signed", [])
    policy = tmp_path / "policy"
    log_key = house.get("keys").decode().strip()
    policy.write_text(f"log {log_key}\nwitness auditor {WITNESS.verifier.text}\ngroup g 1 auditor\nquorum g\n")
    monkeypatch.setenv("KAOHE_LOG_POLICY_FILE", str(policy))
    assert house.city.call("stranger", "GET", "/log/standing/1").get_json()["grade"] == "signed"
    house.cosigned_by(WITNESS)
    shown = house.city.call("stranger", "GET", "/log/standing/1").get_json()
    assert (shown["grade"], shown["witnesses"], shown["quorum_met"]) == ("witnessed", ["auditor"], True)
    verify_proof(
        parse_proof(house.get("proofs/1")), leaf_of(entries_of(house.worker)[0]), parse_policy(policy.read_bytes())
    )


@pytest.mark.parametrize("text", [None, "log \nquorum none\n", ""])
def test_a_policy_file_that_cannot_be_used_is_named_and_nothing_is_vouched_for(
    house: LogHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None
) -> None:
    house.sign()
    file = tmp_path / "policy"
    if text is not None:
        file.write_text(text)
    monkeypatch.setenv("KAOHE_LOG_POLICY_FILE", str(file))
    for path in ("policy", "standing/1", "proofs/1"):
        answer = house.city.call("stranger", "GET", f"/log/{path}")
        assert (answer.status_code, answer.get_json()["type"]) == (503, "urn:kaohe:problem:policy-unreadable")
        assert str(tmp_path) not in answer.get_data(as_text=True)
    assert house.status("checkpoint") == 200


def test_the_policy_suggested_says_which_keys_are_retired_and_since_when(house: LogHouse) -> None:
    house.sign()
    settings, store = house.city.office.settings, house.worker
    old = house.get("keys").decode().strip()
    assert b"#" not in house.get("policy")
    new = introduce_key(store, settings, "李工", "更换").verifier.text
    house.sign()
    retire_key(store, settings, "李工", "更换")
    house.sign()
    comment, *rest = house.get("policy").decode().splitlines()
    assert comment.startswith("# ")
    assert f"#{head_of(house).size} " in comment
    assert rest == [f"log {old}", f"log {new}", "quorum none"]
    assert [party.key.text for party in parse_policy(house.get("policy")).logs] == [old, new]


def unsigned(house: LogHouse, policy: bytes) -> list[str]:
    """The checkpoints that an auditor with this policy finds fault with, each once."""
    found = verify_database(house.city.office.store, Kept(policy=policy)).findings
    return sorted({each.place for each in found if each.place.startswith("checkpoint ")})


def test_a_retired_key_vouches_for_what_it_signed_and_for_nothing_after(
    house: LogHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.sign()
    settings, store = house.city.office.settings, house.worker
    (old,) = log_keys(settings)
    proof = parse_proof(house.get("proofs/1"))
    new = introduce_key(store, settings, "李工", "更换")
    retire_key(store, settings, "李工", "更换")
    house.sign()
    own = f"log {new.verifier.text}\nquorum none\n".encode()
    assert unsigned(house, own) == []
    (tmp_path / "policy").write_bytes(own)
    monkeypatch.setenv("KAOHE_LOG_POLICY_FILE", str(tmp_path / "policy"))
    served = house.get("policy")
    assert served.endswith(own)
    verify_proof(proof, leaf_of(entries_of(store)[0]), parse_policy(served))
    write_key(settings.data / "secrets" / "log-key", old)
    record(store, 1)
    after = house.sign().head.size
    assert unsigned(house, own) == [f"checkpoint {after}"]


def test_a_witnessed_checkpoint_is_preferred_for_proofs_until_a_newer_one_is(
    house: LogHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.sign()
    size = head_of(house).size
    policy = tmp_path / "policy"
    policy.write_text(f"log {house.get('keys').decode().strip()}\nwitness w {WITNESS.verifier.text}\nquorum w\n")
    monkeypatch.setenv("KAOHE_LOG_POLICY_FILE", str(policy))
    house.cosigned_by(WITNESS)
    record(house.worker, 10)
    house.sign()
    assert house.city.call("stranger", "GET", f"/log/standing/{size}").get_json()["grade"] == "witnessed"
    assert house.city.call("stranger", "GET", f"/log/standing/{size + 1}").get_json()["grade"] == "signed"


def test_a_receipt_opens_under_the_receipt_key_and_names_the_leaf(house: LogHouse) -> None:
    house.sign()
    event = house.worker.read("cycle/2026")[0]
    with house.city.app.test_request_context():
        note = receipt_note(event)
        assert note is not None
        assert receipt_note(event) == note
        vkey = house.city.office.receipt_keys[0].verifier
    receipt = open_receipt(note.encode(), "kaohe.example/test", [vkey])
    assert (receipt.leaf, str(receipt.event)) == (event.leaf, event.envelope.id)


def test_without_a_receipt_key_nothing_is_promised(house: LogHouse) -> None:
    event = house.worker.read("cycle/2026")[0]
    with house.city.app.test_request_context():
        assert receipt_note(event) is None

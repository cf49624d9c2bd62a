"""The attack drill: a superuser with every trigger off changes the database; the auditor finds it, and where.

What is detected by which means, and what remains, stands in docs/attacks.md; the names there are these tests.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from events.entry import Actor, NewEvent
from events.log.checkpoint import Checkpoint
from events.log.errors import ForkedError, RolledBackError
from events.log.growth import grow
from events.log.memory import Memory
from events.log.receipt import Receipt
from events.log.signers import sign_note
from events.log.signing import sign_newest
from events.log.storage import read_head
from tests.attack.conftest import ORIGIN, Scene, newest, order
from tests.events.log.record import record
from workers.log_keys import new_key

FIRST, MIDDLE, LAST = 1, 300, -1


def position(scene: Scene, where: int) -> int:
    return scene.size if where == LAST else where


def set_entry(scene: Scene, at: int, entry: bytes) -> None:
    scene.sql("UPDATE record.events SET entry = %s WHERE commit_seq = %s AND ordinal = %s", entry, *scene.at(at))


def test_an_untouched_record_holds(scene: Scene) -> None:
    report = scene.verify(checkpoints=scene.prepared.kept, receipts=scene.prepared.receipts, grade="signed")
    assert report.exit_code == 0, report.lines
    assert report.size == scene.size > 700


def test_what_was_promised_by_a_lower_grade_is_told(scene: Scene) -> None:
    assert scene.verify(grade="witnessed").exit_code == 3


@pytest.mark.parametrize("where", [FIRST, MIDDLE, LAST])
def test_edit_a_byte(scene: Scene, where: int) -> None:
    at = position(scene, where)
    entry = bytearray(scene.entry(at))
    entry[entry.index(b'"time":"') + 27] ^= 1
    set_entry(scene, at, bytes(entry))
    assert f"position {at}" in scene.places()


@pytest.mark.parametrize("where", [FIRST, MIDDLE, LAST])
def test_delete_an_event(scene: Scene, where: int) -> None:
    at = position(scene, where)
    scene.sql("DELETE FROM record.events WHERE commit_seq = %s AND ordinal = %s", *scene.at(at))
    assert f"position {at}" in scene.places()


@pytest.mark.parametrize("where", [FIRST, MIDDLE])
def test_delete_an_event_and_close_the_gap(scene: Scene, where: int) -> None:
    number, ordinal = scene.at(where)
    scene.sql("DELETE FROM record.events WHERE commit_seq = %s AND ordinal = %s", number, ordinal)
    scene.sql("UPDATE record.events SET ordinal = ordinal - 1 WHERE commit_seq = %s AND ordinal > %s", number, ordinal)
    renumber(scene, number, -1)
    assert scene.places()[0] == f"position {where}"


def renumber(scene: Scene, number: int, by: int) -> None:
    scene.sql("CREATE TEMP TABLE later AS SELECT * FROM record.ledger")
    scene.sql("DELETE FROM record.ledger")
    scene.sql(
        "INSERT INTO record.ledger SELECT first + CASE WHEN first > (SELECT first FROM later WHERE commit_seq = %s)"
        " THEN %s ELSE 0 END, count + CASE WHEN commit_seq = %s THEN %s ELSE 0 END, commit_seq, sealed_at FROM later",
        number, by, number, by,
    )  # fmt: skip


def test_insert_an_event_between_two(scene: Scene) -> None:
    number, ordinal = scene.at(MIDDLE)
    scene.sql("UPDATE record.events SET ordinal = ordinal + 1 WHERE commit_seq = %s AND ordinal >= %s", number, ordinal)
    forged = scene.entry(MIDDLE - 1).replace(b"note/1", b"note/2")
    scene.sql(
        "INSERT INTO record.events SELECT slot, 'note/2', 1, type, recorded_at, commit_seq, %s, %s"
        " FROM record.events WHERE commit_seq = %s AND ordinal = %s",
        ordinal, forged, number, ordinal + 1,
    )  # fmt: skip
    renumber(scene, number, 1)
    assert scene.places()[0] == f"position {MIDDLE}"


def test_swap_two_events(scene: Scene) -> None:
    one, two = scene.at(MIDDLE), scene.at(MIDDLE + 100)
    scene.sql("UPDATE record.events SET ordinal = -1, commit_seq = -1 WHERE (commit_seq, ordinal) = (%s, %s)", *one)
    move = "UPDATE record.events SET commit_seq = %s, ordinal = %s WHERE (commit_seq, ordinal) = (%s, %s)"
    scene.sql(move, *one, *two)
    scene.sql(move, *two, -1, -1)
    assert {f"position {MIDDLE}", f"position {MIDDLE + 100}"} <= set(scene.places())


def test_truncate_the_tail(scene: Scene) -> None:
    number, ordinal = scene.at(scene.size)
    keep = scene.size - ordinal - 1
    scene.sql("DELETE FROM record.events WHERE commit_seq = %s", number)
    scene.sql("DELETE FROM record.ledger WHERE commit_seq = %s", number)
    assert f"position {keep + 1}" in scene.places()


def test_drop_a_tile(scene: Scene) -> None:
    scene.sql("DELETE FROM log.tiles WHERE level = 0 AND index = 1")
    assert scene.places() == ["tile/0/001"]


@pytest.mark.parametrize(("level", "index"), [(0, 0), (0, 1), (0, 2), (1, 0)])
def test_edit_a_tile(scene: Scene, level: int, index: int) -> None:
    scene.sql(
        "UPDATE log.tiles SET hashes = set_byte(hashes, 3, 255 - get_byte(hashes, 3)) WHERE level = %s AND index = %s",
        level, index,
    )  # fmt: skip
    (place,) = scene.places()
    assert place.startswith(f"tile/{level}/00{index}")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("type", "'LeafJudged'"),
        ("recorded_at", "recorded_at - interval '1 day'"),
        ("slot", "(slot + 1) %% 64"),
        ("stream", "'note/9'"),
        ("version", "version + 5000"),
    ],
)
def test_edit_a_column_beside_an_entry(scene: Scene, column: str, value: str) -> None:
    statement = f"UPDATE record.events SET {column} = {value} WHERE commit_seq = %s AND ordinal = %s"  # noqa: S608 - ours
    scene.sql(statement, *scene.at(MIDDLE))
    assert scene.places() == [f"position {MIDDLE}"]


def test_delete_an_event_that_is_not_ordered_yet(scene: Scene) -> None:
    record(scene.store, 1, "note/3")
    ((number,),) = scene.sql("SELECT commit_seq FROM record.pending")
    scene.sql("DELETE FROM record.events WHERE commit_seq = %s", number)
    assert scene.places() == [f"commit {number}"]


def test_delete_an_event_that_is_not_ordered_yet_without_a_trace(scene: Scene) -> None:
    (gone,) = scene.store.append("note/3", 0, [NewEvent("NoteTaken", {"text": "x"})]).events
    promised = promise(gone.envelope.id, gone.leaf)
    scene.sql("DELETE FROM record.pending")
    scene.sql("DELETE FROM record.events WHERE stream = 'note/3'")
    assert scene.verify().exit_code == 0, "nothing in the database can show it"
    assert scene.places(receipts=[promised]) == [f"event {gone.envelope.id}"]


def test_an_event_that_waits_to_be_ordered_keeps_its_promise(scene: Scene) -> None:
    (waits,) = scene.store.append("note/3", 0, [NewEvent("NoteTaken", {"text": "x"})]).events
    assert scene.verify(receipts=[promise(waits.envelope.id, waits.leaf)]).exit_code == 0


def promise(event: str, leaf: bytes) -> bytes:
    now = datetime.now(UTC)
    receipt = Receipt(ORIGIN, UUID(event), leaf, now, now + timedelta(hours=24))
    return sign_note(receipt.text, new_key(ORIGIN + "/receipts")).data


def test_forge_an_event_beside_the_append(scene: Scene) -> None:
    scene.sql(
        "INSERT INTO record.events SELECT slot, 'note/4', 1, type, recorded_at, 999999, 0, %s FROM record.events"
        " WHERE stream = 'note/1' AND version = 1",
        scene.entry(MIDDLE).replace(b"note/1", b"note/4"),
    )
    assert "unordered note/4 1" in scene.places()


def test_forge_a_judgement_in_anothers_name(scene: Scene) -> None:
    stream = "sheet/2026/zhongshan/1"
    judged = NewEvent("LeafJudged", {"leaf": "1a", "points": "1.60", "reason": "伪造"})
    scene.store.append(stream, scene.store.head(stream), [judged], by=Actor("nobody-known", "reviewer", "organisation"))
    order(scene)
    assert f"position {scene.size + 1}" in scene.places()


def test_judge_with_a_real_role_beyond_its_reach(scene: Scene) -> None:
    ((stream,),) = scene.sql(
        "SELECT stream FROM record.events WHERE type = 'RoleGranted'"
        " AND convert_from(entry, 'UTF8')::json -> 'data' ->> 'scope' = 'legal'"
        " AND convert_from(entry, 'UTF8')::json -> 'data' ->> 'role' = 'reviewer'"
    )
    actor = Actor(stream.removeprefix("person/"), "reviewer", "legal")
    sheet = "sheet/2026/zhongshan/1"
    accepted = NewEvent(
        "EvidenceReviewed", {"evidence": evidence_of(scene), "leaf": "1a", "outcome": "accepted", "reason": ""}
    )
    scene.store.append(sheet, scene.store.head(sheet), [accepted], by=actor)
    order(scene)
    assert f"position {scene.size + 1}" in scene.places()


def evidence_of(scene: Scene) -> str:
    ((evidence,),) = scene.sql(
        "SELECT convert_from(entry, 'UTF8')::json -> 'data' ->> 'evidence' FROM record.events"
        " WHERE type = 'EvidenceAttached'"
    )
    return str(evidence)


def test_back_date_an_event(scene: Scene) -> None:
    (real,) = scene.store.append("note/5", 0, [NewEvent("NoteTaken", {"text": "x"})]).events
    late = real.envelope.time
    early = "2020" + late[4:]
    scene.sql(
        "UPDATE record.events SET entry = %s, recorded_at = %s WHERE stream = 'note/5'",
        real.entry.replace(late.encode(), early.encode()), early,
    )  # fmt: skip
    order(scene)
    while grow(scene.store):
        pass
    assert scene.places() == [f"position {scene.size + 1}"]


def test_swap_an_evidence_file(scene: Scene) -> None:
    (file,) = [each for each in (scene.folder / "evidence" / "sha256").rglob("*") if each.is_file()]
    file.write_bytes(b"%PDF-1.4 another")
    assert scene.places() == [f"position {scene.position_of('EvidenceAttached')}"]


def test_take_an_evidence_file_away(scene: Scene) -> None:
    (file,) = [each for each in (scene.folder / "evidence" / "sha256").rglob("*") if each.is_file()]
    file.unlink()
    assert scene.places() == [f"position {scene.position_of('EvidenceAttached')}"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE vault.secrets SET sealed = set_byte(sealed, 20, 255 - get_byte(sealed, 20)) WHERE {}",
        "DELETE FROM vault.secrets WHERE {}",
        "UPDATE vault.keys SET key = sha256('x') WHERE subject IN (SELECT subject FROM vault.secrets WHERE {})",
        "UPDATE vault.secrets SET sealed = (SELECT sealed FROM vault.secrets WHERE NOT {0} LIMIT 1) WHERE {0}",
    ],
)
def test_edit_the_vault(scene: Scene, statement: str) -> None:
    scene.sql(statement.format("context = 'evidence.name'"))
    assert scene.places() == [f"position {scene.position_of('EvidenceAttached')}"]


def test_edit_the_rubric(scene: Scene) -> None:
    scene.sql(
        "ALTER TABLE record.documents DROP CONSTRAINT documents_check, DROP CONSTRAINT IF EXISTS documents_hash_check"
    )
    ((digest,),) = scene.sql("UPDATE record.documents SET body = body || ' ' RETURNING encode(hash, 'hex')")
    assert f"document {digest}" in scene.places()


def test_edit_a_score(scene: Scene) -> None:
    scene.sql("UPDATE scores.leaf_scores SET final = final + 5 WHERE unit = 'zhongshan' AND leaf = '1a'")
    (place,) = scene.places()
    assert place.startswith("published units/zhongshan/leaves/1a/final")


def test_replace_a_checkpoint_by_one_of_another_key(scene: Scene) -> None:
    with scene.store.connection() as connection:
        text = Checkpoint(ORIGIN, read_head(connection)).text
    scene.sql("UPDATE log.checkpoints SET note = %s WHERE size = %s", sign_note(text, new_key(ORIGIN)).data, scene.size)
    assert f"checkpoint {scene.size}" in scene.places()


def rewrite_history(scene: Scene, keep: int) -> None:
    """All of it, coherently: what a restore of an older backup leaves, down to `keep` positions."""
    scene.sql(
        "DELETE FROM record.events e USING record.ledger l WHERE e.commit_seq = l.commit_seq AND l.first > %s", keep
    )
    scene.sql("DELETE FROM record.ledger WHERE first > %s", keep)
    for table in ("checkpoints", "heads", "tiles", "cosignatures"):
        scene.sql(f"DELETE FROM log.{table}")  # noqa: S608 - our names
    scene.sql("UPDATE log.edge SET size = 0, peaks = ''")
    scene.sql("UPDATE scores.checkpoints SET position = CASE partition WHEN 0 THEN 0 ELSE 1 END")
    while grow(scene.store):
        pass


def memory(scene: Scene) -> Memory:
    return Memory(scene.folder / "secrets" / "log-signed", ORIGIN)


def test_restore_an_older_dump(scene: Scene) -> None:
    rewrite_history(scene, 400)
    with scene.store.connection() as connection, pytest.raises(RolledBackError):
        sign_newest(connection, [scene.prepared.key], memory(scene))
    assert scene.places(checkpoints=scene.prepared.kept) == [f"kept checkpoint {scene.size}"]
    assert scene.places(checkpoints=[memory(scene).path.read_bytes()]) == [f"kept checkpoint {scene.size}"]


def test_re_sign_a_fork_with_the_real_key(scene: Scene, tmp_path: Path) -> None:
    rewrite_history(scene, 400)
    record(scene.store, 500, "note/6")
    order(scene)
    while grow(scene.store):
        pass
    with scene.store.connection() as connection:
        with pytest.raises(ForkedError):
            sign_newest(connection, [scene.prepared.key], memory(scene))
        # whoever holds the key can sign with a memory of his own, and then nothing inside can show it
        assert sign_newest(connection, [scene.prepared.key], Memory(tmp_path / "fresh", ORIGIN)) is not None
    assert newest(scene) != scene.prepared.kept[0]
    assert scene.verify(grade="ordered").exit_code == 0
    assert scene.places(checkpoints=scene.prepared.kept) == [f"kept checkpoint {scene.size}"]

"""Lawful erasure over HTTP: two people, the vault, the files; what was proved before is proved afterwards."""

import hashlib
import hmac
import io
import itertools
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain import facts
from domain.erasure import erased_commitments
from events.codec import to_event, to_fact
from events.entry import Actor, decode, new_id
from events.log.policy import parse_policy
from events.log.proof import parse_proof, verify_proof
from events.log.tree import leaf_hash
from tests.service.city import PEOPLE, STRANGER, City, sheet
from tests.service.log_house import LogHouse

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
BASIS = {"basis": "《个人信息保护法》第四十七条，本人申请"}
REASON = {"reason": "已核实身份与申请"}


def attach(city: City, who: str = "unit", unit: str = "zhongshan", body: bytes = PDF, name: str = "李明.pdf") -> str:
    """Attaches a file and gives the evidence's id."""
    answer = city.call(
        who,
        "POST",
        f"/api/v1{sheet(unit)}/evidence",
        data={"leaf": "1a", "file": (io.BytesIO(body), name)},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return str(answer.get_json()["events"][0]["data"]["evidence"])


def erase(city: City, subject: str) -> dict[str, Any]:
    city.done("administrator", "/erasures", {"subject": subject, **BASIS})
    city.done("second-administrator", f"/erasures/{subject}/approval", REASON)
    city.settle()
    return city.seen("auditor", f"/erasures/{subject}")


def rows(city: City, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """As the owner of the database, who sees everything."""
    with psycopg.connect(city.database.owner.libpq, autocommit=True) as connection:
        cursor = connection.execute(statement.encode(), values)
        return cursor.fetchall() if cursor.description else []


def entries(city: City) -> list[tuple[int, bytes]]:
    return rows(
        city,
        "SELECT l.first + e.ordinal, e.entry FROM record.ledger l JOIN record.events e USING (commit_seq) ORDER BY 1",
    )


def test_an_erased_file_is_gone_and_says_by_which_erasure(city: City) -> None:
    evidence, other = attach(city), attach(city, body=PDF + b"%", name="其他.pdf")
    path = f"{sheet()}/evidence/{evidence}"
    assert city.get("reviewer", path).get_data() == PDF
    found = erase(city, evidence)
    assert found["state"] == "carried-out"
    assert found["files"] == [hashlib.sha256(PDF).hexdigest()]
    gone = city.get("reviewer", path)
    assert gone.status_code == 410
    assert gone.get_json()["position"] == found["position"] == len(entries(city))
    assert gone.get_json()["type"] == "urn:kaohe:problem:erased"
    folder = Path(city.office.settings.evidence.removeprefix("file://"))
    assert not [each for each in folder.rglob("*") if each.is_file() and each.read_bytes() == PDF]
    assert rows(city, "SELECT 1 FROM vault.keys WHERE subject = %s", evidence) == []
    assert rows(city, "SELECT 1 FROM vault.secrets WHERE subject = %s", evidence) == []
    names = {each["id"]: each["name"] for each in city.seen("unit", sheet())["evidence"]}
    assert names == {evidence: None, other: "其他.pdf"}
    assert city.get("reviewer", f"{sheet()}/evidence/{other}").status_code == 200


def test_the_same_bytes_elsewhere_are_gone_with_them(city: City) -> None:
    evidence, same = attach(city), attach(city, "other-unit", "xigang")
    erase(city, evidence)
    gone = city.get("other-unit", f"{sheet('xigang')}/evidence/{same}")
    assert (gone.status_code, gone.get_json()["erasure"]) == (410, evidence)


def test_bytes_that_vanish_without_an_erasure_are_damage(city: City) -> None:
    evidence = attach(city)
    folder = Path(city.office.settings.evidence.removeprefix("file://"))
    for each in folder.rglob("*"):
        if each.is_file():
            each.unlink()
    assert city.get("reviewer", f"{sheet()}/evidence/{evidence}").status_code == 500


def test_an_erased_person_has_no_name_but_keeps_what_he_did(city: City) -> None:
    person = city.people["reviewer"]
    before = city.seen("auditor", f"/people/{person}")
    assert before["name"] == "名 reviewer"
    erase(city, person)
    assert city.seen("auditor", f"/people/{person}") == before | {"name": None}


def test_every_earlier_proof_verifies_byte_for_byte_after_an_erasure(city: City) -> None:
    evidence, house = attach(city), LogHouse(city)
    city.settle()
    house.sign()
    before, checkpoint = entries(city), house.get("checkpoint")
    proofs = {position: house.get(f"proofs/{position}") for position, _ in before}
    erase(city, evidence)
    erase(city, city.people["reviewer"])
    house.sign()
    assert entries(city)[: len(before)] == before
    assert house.get(f"checkpoint/{len(before)}") == checkpoint
    policy = parse_policy(house.get("policy"))
    for position, entry in before:
        verify_proof(parse_proof(proofs[position]), leaf_hash(entry), policy)
        verify_proof(parse_proof(house.get(f"proofs/{position}")), leaf_hash(entry), policy)


def guesses(city: City, committed: bytes, context: str, names: list[str]) -> set[str]:
    """What somebody with the whole database finds out about a commitment from a list of names.

    Tries every 32 bytes that the vault holds, in the open or under any of its keys, as the salt.
    """
    keys = [bytes(key) for (key,) in rows(city, "SELECT key FROM vault.keys")]
    salts = {b"", bytes(32), *keys}
    for (commitment, sealed), key in itertools.product(
        rows(city, "SELECT commitment, sealed FROM vault.secrets"), keys
    ):
        try:
            salts.add(AESGCM(key).decrypt(bytes(sealed[:12]), bytes(sealed[12:]), bytes(commitment))[:32])
        except InvalidTag:
            continue
    texts = {name: context.encode() + b"\x00" + name.encode() for name in names}
    hits = {name for name, text in texts.items() for salt in salts if hmac.digest(salt, text, "sha256") == committed}
    plain = {name for name in names if hashlib.sha256(name.encode()).digest() == committed}
    return hits | plain


def test_a_dictionary_attack_finds_a_name_before_its_erasure_and_none_after(city: City) -> None:
    person = city.people["unit"]
    dictionary = [f"名 {name}" for name in PEOPLE]
    committed = bytes.fromhex(city.office.people.get(person)[0].name)
    assert guesses(city, committed, "person.name", dictionary) == {"名 unit"}
    erase(city, person)
    assert guesses(city, committed, "person.name", dictionary) == set()
    everything = b"".join(entry for _, entry in entries(city)).decode()
    assert "名 unit" not in everything


def test_what_is_missing_without_an_erasure_is_told_from_what_was_erased(city: City) -> None:
    lawful, stolen = city.people["unit"], city.people["viewer"]
    commitments = {name: city.office.people.get(city.people[name])[0].name for name in ("unit", "viewer", "auditor")}
    erase(city, lawful)
    rows(city, "DELETE FROM vault.secrets WHERE subject = %s", stolen)
    events = [(at, decode(entry)) for at, entry in entries(city)]
    excused = erased_commitments((at, each.subject, each.actor, to_fact(each)) for at, each in events)
    missing = set(commitments.values()) - set(city.office.vault.open(commitments.values()))
    assert missing - set(excused) == {commitments["viewer"]}
    assert excused == {commitments["unit"]: len(events)}


def test_two_people_are_needed_and_none_of_them_the_one_it_is_about(city: City) -> None:
    subject = city.people["second-administrator"]
    assert city.post("administrator", f"/erasures/{subject}/approval", REASON).status_code == 404
    city.done("administrator", "/erasures", {"subject": subject, **BASIS})
    for who in ("administrator", "second-administrator"):
        answer = city.post(who, f"/erasures/{subject}/approval", REASON)
        assert (answer.status_code, answer.get_json()["type"]) == (403, "urn:kaohe:problem:own-act")
    assert city.seen("auditor", f"/people/{subject}")["name"] == "名 second-administrator"
    city.done("chief-approver", f"/erasures/{subject}/approval", REASON)
    assert city.seen("auditor", f"/people/{subject}")["name"] is None
    assert city.post("administrator", "/erasures", {"subject": subject, **BASIS}).status_code == 409
    assert city.post("administrator", f"/erasures/{subject}/approval", REASON).status_code == 409


def test_only_administrators_and_chief_approvers_erase_and_only_auditors_look_on(shared_city: City) -> None:
    subject = shared_city.people["nobody"]
    before = shared_city.size()["vault.secrets"]
    for who in (*PEOPLE, STRANGER):
        may = who in {"administrator", "second-administrator", "chief-approver"}
        expected = {401} if who in {STRANGER, "revoked", "expired"} else {201, 409} if may else {403}
        assert shared_city.post(who, "/erasures", {"subject": subject, **BASIS}).status_code in expected, who
        looked = {200} if may or who in {"auditor", "second-auditor"} else expected
        assert shared_city.get(who, "/erasures").status_code in looked, who
        assert shared_city.get(who, f"/erasures/{subject}").status_code in looked, who
        if not may:
            assert shared_city.post(who, f"/erasures/{subject}/approval", REASON).status_code in expected, who
    assert shared_city.size()["vault.secrets"] == before


def test_a_subject_of_which_there_is_nothing_is_refused_by_name(shared_city: City) -> None:
    answer = shared_city.post("administrator", "/erasures", {"subject": new_id(), **BASIS})
    assert (answer.status_code, answer.get_json()["place"]) == (422, "subject")
    assert shared_city.post("administrator", "/erasures", {"subject": "x", **BASIS}).status_code == 422
    assert shared_city.get("auditor", f"/erasures/{new_id()}").status_code == 404


def test_an_interrupted_erasure_is_finished_by_approving_again(city: City) -> None:
    evidence = attach(city)
    city.done("administrator", "/erasures", {"subject": evidence, **BASIS})
    committed = rows(city, "SELECT encode(commitment, 'hex') FROM vault.secrets WHERE subject = %s", evidence)[0][0]
    approved = facts.ErasureApproved(evidence, "reason", [committed], [hashlib.sha256(PDF).hexdigest()])
    by = Actor(city.people["second-administrator"], "administrator", "*")
    city.office.store.append(f"erasure/{evidence}", 1, [to_event(approved)], by=by)
    assert city.seen("auditor", f"/erasures/{evidence}")["state"] == "approved"
    assert city.get("unit", f"{sheet()}/evidence/{evidence}").status_code == 410
    receipt = city.done("second-administrator", f"/erasures/{evidence}/approval", REASON)
    assert receipt["events"][0]["type"] == "ErasureCarriedOut"
    assert rows(city, "SELECT 1 FROM vault.keys WHERE subject = %s", evidence) == []


def test_the_same_request_gets_the_same_answer(city: City) -> None:
    subject = city.people["viewer"]
    asked = [city.done("administrator", "/erasures", {"subject": subject, **BASIS}, Idempotency_Key="a") for _ in "12"]
    path = f"/erasures/{subject}/approval"
    given = [city.done("second-administrator", path, REASON, Idempotency_Key="b") for _ in "12"]
    assert asked[0] == asked[1]
    assert given[0] == given[1]
    assert len(city.office.store.read(f"erasure/{subject}")) == 3


def test_the_services_own_role_deletes_nothing_that_two_people_did_not_decide(city: City) -> None:
    subject = city.people["viewer"]
    with psycopg.connect(city.database.service.libpq, autocommit=True) as connection:
        for statement in ("DELETE FROM vault.secrets", "DELETE FROM vault.keys", "TRUNCATE vault.keys CASCADE"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())
        by = Actor(city.people["administrator"], "administrator", "*")
        asked = facts.ErasureRequested(subject, "basis")
        alone = facts.ErasureApproved(subject, "reason", [city.office.people.get(subject)[0].name], [])
        for happened in ([asked], [alone]):
            with pytest.raises(psycopg.DatabaseError, match="no approved erasure"):
                connection.execute("SELECT vault.erase(%s)", (subject,))
            head = city.office.store.head(f"erasure/{subject}")
            city.office.store.append(f"erasure/{subject}", head, [to_event(each) for each in happened], by=by)
        with pytest.raises(psycopg.DatabaseError, match="no approved erasure"):
            connection.execute("SELECT vault.erase(%s)", (subject,))
    assert city.seen("auditor", f"/people/{subject}")["name"] == "名 viewer"

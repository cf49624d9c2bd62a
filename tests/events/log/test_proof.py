from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, strategies as st

from events.log.checkpoint import Checkpoint
from events.log.errors import (
    InclusionNotProvedError,
    MalformedError,
    MalformedNoteError,
    MalformedProofError,
    QuorumNotMetError,
    SignatureInvalidError,
)
from events.log.keys import KeyType
from events.log.notes import with_signatures
from events.log.paths import inclusion_proof
from events.log.policy import parse_policy
from events.log.proof import TlogProof, parse_proof, verify_proof
from events.log.signers import SignerKey, cosign, sign_note
from events.log.tree import TreeHead, leaf_hash

LOG = SignerKey("log.example/kaohe", KeyType.ED25519, bytes(32))
WITNESS = SignerKey("w.example", KeyType.COSIGNATURE, bytes(32))
POLICY = parse_policy(f"log {LOG.verifier.text}\nwitness w {WITNESS.verifier.text}\nquorum w\n".encode())


@pytest.fixture(scope="module")
def proof(public_tree: Any) -> TlogProof:
    text = Checkpoint(LOG.name, TreeHead(8, public_tree.root(0, 8))).text
    note = with_signatures(sign_note(text, LOG), [cosign(text, WITNESS, 1_700_000_000)])
    return TlogProof(5, tuple(inclusion_proof(5, 8, public_tree.node)), note)


def test_a_proof_file_is_verified_from_itself_and_the_policy_alone(proof: TlogProof, public_entries: Any) -> None:
    assessment = verify_proof(parse_proof(proof.data), leaf_hash(public_entries[5]), POLICY)
    assert assessment.checkpoint.head.size == 8
    assert assessment.witnessed == {"w": 1_700_000_000}


def test_the_file_has_the_lines_of_the_specification(proof: TlogProof) -> None:
    lines = replace(proof, extra=b"context").data.decode().split("\n")
    assert lines[:3] == ["c2sp.org/tlog-proof@v1", "extra Y29udGV4dA==", "index 5"]
    assert lines[6:8] == ["", LOG.name]
    assert proof.data.endswith(proof.checkpoint.data)


@given(st.integers(0, 2**63 - 1), st.lists(st.binary(min_size=32, max_size=32), max_size=63), st.binary(max_size=50))
def test_every_proof_is_read_back_as_it_was(proof: TlogProof, index: int, path: list[bytes], extra: bytes) -> None:
    written = TlogProof(index, tuple(path), proof.checkpoint, extra)
    assert parse_proof(written.data) == written


def test_a_proof_holds_for_no_other_entry_index_or_path(proof: TlogProof, public_entries: Any) -> None:
    leaf = leaf_hash(public_entries[5])
    for false in (replace(proof, index=4), replace(proof, path=proof.path[1:]), replace(proof, index=99)):
        with pytest.raises(InclusionNotProvedError):
            verify_proof(false, leaf, POLICY)
    with pytest.raises(InclusionNotProvedError):
        verify_proof(proof, leaf_hash(public_entries[4]), POLICY)
    with pytest.raises(MalformedProofError):
        verify_proof(proof, b"no hash", POLICY)


def test_a_proof_under_a_checkpoint_nobody_witnessed_or_somebody_forged_is_refused(
    proof: TlogProof, public_entries: Any
) -> None:
    leaf = leaf_hash(public_entries[5])
    with pytest.raises(QuorumNotMetError):
        verify_proof(replace(proof, checkpoint=sign_note(proof.checkpoint.text, LOG)), leaf, POLICY)
    with pytest.raises(SignatureInvalidError):
        verify_proof(parse_proof(proof.data.replace(b"\n8\n", b"\n9\n")), leaf, POLICY)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"@v1", b"@v2"),
        (b"index 5", b"index 05"),
        (b"index 5", b"index -5"),
        (b"index 5", b"index"),
        (b"index 5\n", b""),
        (b"index 5\n", b"index 5\nindex 5\n"),
        (b"index 5\n", b"index 5\nAAAA\n"),
        (b"index 5\n", b"index 5\n" + b"A" * 43 + b"=\r\n"),
        (b"index 5\n", b"index 5\n" + (b"A" * 43 + b"=\n") * 64),
        (b"index 5\n", b"extra !\nindex 5\n"),
        (b"index 5\n", b"extra AA==\nextra AA==\nindex 5\n"),
        (b"index 5\n", "index 5\n—\n".encode()),
    ],
)
def test_what_is_no_proof_is_refused(proof: TlogProof, old: bytes, new: bytes) -> None:
    with pytest.raises(MalformedProofError):
        parse_proof(proof.data.replace(old, new, 1))


def test_a_proof_without_a_checkpoint_is_refused(proof: TlogProof) -> None:
    head, _, _ = proof.data.partition(b"\n\n")
    with pytest.raises(MalformedProofError):
        parse_proof(head)
    with pytest.raises(MalformedNoteError):
        parse_proof(head + b"\n\nno note")


@given(st.data())
def test_a_spoilt_proof_is_refused_by_name_or_proves_nothing_else(
    proof: TlogProof, public_entries: Any, data: st.DataObject
) -> None:
    whole = proof.data
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 8)))
    spoilt = whole[:start] + data.draw(st.binary(max_size=8)) + whole[end:]
    try:
        read = parse_proof(spoilt)
    except MalformedError:
        return
    assert read == parse_proof(read.data)

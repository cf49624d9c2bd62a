from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, strategies as st

from events.log.checkpoint import Checkpoint
from events.log.cosign import (
    AddCheckpoint,
    parse_add_checkpoint,
    read_conflict,
    read_signatures,
    write_signatures,
)
from events.log.errors import (
    MalformedCheckpointError,
    MalformedError,
    MalformedNoteError,
    MalformedRequestError,
    NoKnownSignatureError,
    SignatureInvalidError,
)
from events.log.keys import KeyType
from events.log.notes import Note, parse_note, with_signatures
from events.log.paths import consistency_proof
from events.log.signers import SignerKey, cosign, sign_note
from events.log.tree import EMPTY_ROOT, TreeHead
from events.log.witness import Conflict, Cosigned, Refused, WitnessState, witness_decision

LOG = SignerKey("log.example/kaohe", KeyType.ED25519, bytes(32))
WITNESS = SignerKey("w.example", KeyType.COSIGNATURE, bytes(32))
STRANGER = SignerKey("log.example/kaohe", KeyType.ED25519, b"s" * 32)

# the request body printed in the specification; its signatures are examples, not real ones
SPECIFIED = """old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
""".encode()  # noqa: E501 - a body can not be folded


class Witnessing:
    """A witness with its memory, at whatever the requests so far have brought it to."""

    def __init__(self, tree: Any) -> None:
        self.tree = tree
        self.state = WitnessState({LOG.name: (LOG.verifier,)}, {})

    def ask(self, request: AddCheckpoint) -> Cosigned | Conflict | Refused:
        decision = witness_decision(self.state, parse_add_checkpoint(request.data))
        if isinstance(decision, Cosigned):
            heads = {**self.state.heads, decision.checkpoint.origin: decision.checkpoint.head}
            self.state = WitnessState(self.state.logs, heads)
        return decision

    def request(self, old: int, new: int, key: SignerKey = LOG, **changes: Any) -> AddCheckpoint:
        head = changes.get("head") or TreeHead(new, self.tree.root(0, new))
        proof = changes.get("proof") or tuple(consistency_proof(min(old, new), new, self.tree.node))
        return AddCheckpoint(old, proof, sign_note(Checkpoint(changes.get("origin", LOG.name), head).text, key))


@pytest.fixture
def witness(naive: Any) -> Witnessing:
    return Witnessing(naive([str(number).encode() for number in range(40)]))


def status(decision: Cosigned | Conflict | Refused) -> int:
    return decision.status


def test_a_log_that_only_grows_is_cosigned_at_every_step(witness: Witnessing) -> None:
    for old, new in [(0, 3), (3, 4), (4, 4), (4, 31), (31, 40)]:
        decision = witness.ask(witness.request(old, new))
        assert isinstance(decision, Cosigned)
        assert witness.state.heads[LOG.name].size == new


def test_another_log_is_unknown(witness: Witnessing) -> None:
    assert status(witness.ask(witness.request(0, 3, origin="other.example"))) == 404


def test_a_foreign_key_is_forbidden(witness: Witnessing) -> None:
    assert status(witness.ask(witness.request(0, 3, STRANGER))) == 403


def test_a_false_line_of_the_logs_own_key_is_forbidden_beside_a_good_one(witness: Witnessing) -> None:
    request = witness.request(0, 3)
    false = replace(request.checkpoint.signatures[0], body=bytes(64))
    note = replace(request.checkpoint, signatures=(*request.checkpoint.signatures, false))
    assert status(witness.ask(replace(request, checkpoint=note))) == 403


def test_a_line_of_an_unknown_key_is_no_hindrance(witness: Witnessing) -> None:
    request = witness.request(0, 3)
    more = sign_note(request.checkpoint.text, STRANGER).signatures
    assert status(witness.ask(replace(request, checkpoint=with_signatures(request.checkpoint, more)))) == 200


def test_an_old_size_beyond_the_checkpoint_is_a_bad_request(witness: Witnessing) -> None:
    assert status(witness.ask(witness.request(4, 3))) == 400


def test_a_stale_old_size_is_answered_with_the_size_last_cosigned(witness: Witnessing) -> None:
    witness.ask(witness.request(0, 7))
    decision = witness.ask(witness.request(3, 9))
    assert decision == Conflict(7)
    assert decision.status == 409
    assert read_conflict(decision.body.encode()) == 7
    assert witness.ask(witness.request(0, 0)) == Conflict(7)


def test_a_truncated_log_never_brings_a_witness_back(witness: Witnessing) -> None:
    witness.ask(witness.request(0, 7))
    assert status(witness.ask(witness.request(7, 5))) == 400
    assert witness.ask(witness.request(5, 5)) == Conflict(7)
    assert witness.state.heads[LOG.name].size == 7


def test_another_root_for_the_size_last_cosigned_is_a_conflict_without_a_size(witness: Witnessing) -> None:
    witness.ask(witness.request(0, 7))
    decision = witness.ask(witness.request(7, 7, head=TreeHead(7, bytes(32))))
    assert isinstance(decision, Refused)
    assert decision.status == 409


@pytest.mark.parametrize("changed", [0, 3, 6])
def test_an_edited_log_is_not_cosigned_whatever_its_key_signs(witness: Witnessing, naive: Any, changed: int) -> None:
    witness.ask(witness.request(0, 7))
    fork = naive([b"edited" if number == changed else str(number).encode() for number in range(40)])
    proof = tuple(consistency_proof(7, 20, fork.node))
    assert status(witness.ask(witness.request(7, 20, head=TreeHead(20, fork.root(0, 20)), proof=proof))) == 422
    assert witness.state.heads[LOG.name].size == 7


@given(st.integers(0, 40), st.integers(0, 40), st.lists(st.binary(min_size=32, max_size=32), max_size=8))
def test_an_invented_proof_is_unprocessable(naive: Any, old: int, new: int, path: list[bytes]) -> None:
    tree = naive([str(number).encode() for number in range(40)])
    witness, (old, new) = Witnessing(tree), sorted((old, new))
    witness.ask(witness.request(0, old))
    honest = witness.request(old, new)
    expected = 200 if tuple(path) == honest.proof else 422
    assert status(witness.ask(replace(honest, proof=tuple(path)))) == expected


def test_an_empty_log_is_cosigned_under_its_one_root_only(witness: Witnessing) -> None:
    assert status(witness.ask(witness.request(0, 0, head=TreeHead(0, bytes(32))))) == 422
    assert status(witness.ask(witness.request(0, 0, head=TreeHead(0, EMPTY_ROOT)))) == 200


def test_the_request_of_the_specification_is_read_and_written_back() -> None:
    request = parse_add_checkpoint(SPECIFIED)
    assert (request.old_size, len(request.proof)) == (20_852_014, 4)
    assert len(request.checkpoint.signatures) == 2
    assert request.data == SPECIFIED


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        (b"old 20852014", b"old 020852014", MalformedRequestError),
        (b"old 20852014", b"old", MalformedRequestError),
        (b"old 20852014", b"new 20852014", MalformedRequestError),
        (b"old 20852014", "old ２".encode(), MalformedRequestError),
        (b"PlRN", b"PlR", MalformedRequestError),
        (b"old 20852014\n", b"old 20852014\n" + (b"A" * 43 + b"=\n") * 60, MalformedRequestError),
        (b"/0=\n\n", b"/0=\n", MalformedNoteError),
        (b"20852163\n", b"", MalformedCheckpointError),
        ("— example".encode(), b"- example", MalformedNoteError),
    ],
)
def test_what_is_no_request_is_refused(old: bytes, new: bytes, error: type[MalformedError]) -> None:
    with pytest.raises(error):
        parse_add_checkpoint(SPECIFIED.replace(old, new, 1))


@given(st.data())
def test_a_spoilt_request_is_refused_by_name_or_read_as_it_stands(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(SPECIFIED)))
    end = data.draw(st.integers(start, min(len(SPECIFIED), start + 8)))
    spoilt = SPECIFIED[:start] + data.draw(st.binary(max_size=8)) + SPECIFIED[end:]
    try:
        assert parse_add_checkpoint(spoilt).data == spoilt
    except MalformedError:
        return


def test_the_answer_of_a_witness_joins_the_checkpoint() -> None:
    note = sign_note(Checkpoint(LOG.name, TreeHead(1, bytes(32))).text, LOG)
    unknown = cosign(note.text, SignerKey("u.example", KeyType.COSIGNATURE, b"u" * 32), 5)
    answer = write_signatures(unknown, cosign(note.text, WITNESS, 5))
    joined = with_signatures(note, read_signatures(answer, note, (WITNESS.verifier,)))
    assert [each.name for each in parse_note(joined.data).signatures] == [LOG.name, "w.example"]


def test_an_answer_on_another_checkpoint_or_by_strangers_joins_nothing() -> None:
    note = Note("a\n1\nb\n", sign_note("a\n", LOG).signatures)
    with pytest.raises(SignatureInvalidError):
        read_signatures(write_signatures(cosign("b\n", WITNESS, 5)), note, (WITNESS.verifier,))
    with pytest.raises(NoKnownSignatureError):
        read_signatures(write_signatures(cosign(note.text, WITNESS, 5)), note, ())


@given(st.binary(max_size=60))
def test_any_answer_is_refused_by_name(data: bytes) -> None:
    note = sign_note("a\n", LOG)
    with pytest.raises((MalformedRequestError, NoKnownSignatureError)):
        read_signatures(data, note, (WITNESS.verifier,))
    try:
        assert read_conflict(data) >= 0
    except MalformedRequestError:
        return


@pytest.mark.parametrize("data", [b"", b"7", b"07\n", b"7\n\n", b"-1\n", b" 7\n", b"\xff\n", b"9" * 40 + b"\n"])
def test_a_size_in_another_spelling_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedRequestError):
        read_conflict(data)

import pytest
from hypothesis import given, strategies as st

from events.log.checkpoint import Checkpoint
from events.log.errors import (
    MalformedPolicyError,
    NoKnownSignatureError,
    OriginMismatchError,
    QuorumNotMetError,
    SignatureInvalidError,
)
from events.log.keys import KeyType
from events.log.notes import Note, with_signatures
from events.log.policy import Policy, parse_policy
from events.log.signers import SignerKey, cosign, sign_note
from events.log.tree import TreeHead
from events.log.trust import assess_checkpoint, trust_checkpoint

LOG = SignerKey("log.example/kaohe", KeyType.ED25519, bytes(32))
OTHER_LOG = SignerKey("other.example/log", KeyType.ED25519, bytes(31) + b"\x01")
WITNESSES = {
    name: SignerKey(f"{name.lower()}.example", KeyType.COSIGNATURE, name.encode().ljust(32, b"."))
    for name in ("X1", "X2", "X3", "Y1", "Y2", "Y3")
}
WITNESS_LINES = "".join(f"witness {name} {key.verifier.text}\n" for name, key in WITNESSES.items())
GROUPS = "group X-witnesses 2 X1 X2 X3\ngroup Y-witnesses any Y1 Y2 Y3\ngroup X-and-Y all X-witnesses Y-witnesses\n"
POLICY = f"log {LOG.verifier.text}\n\n{WITNESS_LINES}\n{GROUPS}quorum X-and-Y\n"


def checkpoint(log: SignerKey = LOG, origin: str = LOG.name, by: tuple[str, ...] = ()) -> Note:
    text = Checkpoint(origin, TreeHead(7, bytes(32))).text
    return with_signatures(sign_note(text, log), (cosign(text, WITNESSES[name], 1_700_000_000) for name in by))


def policy(text: str) -> Policy:
    return parse_policy(text.encode())


@pytest.mark.parametrize(
    ("by", "enough"),
    [
        ("X1 X2 Y1", True),
        ("X3 X2 Y3 Y1", True),
        ("X1 X2 X3", False),
        ("X1 Y1 Y2 Y3", False),
        ("", False),
        ("X-and-Y", False),
    ],
)
def test_the_example_of_the_specification_asks_two_of_x_and_one_of_y(by: str, enough: bool) -> None:
    assert policy(POLICY).met_by(by.split()) is enough


@given(st.integers(1, 6), st.sets(st.sampled_from(sorted(WITNESSES))))
def test_a_group_of_k_is_met_by_k_members_and_no_fewer(k: int, by: set[str]) -> None:
    text = f"{WITNESS_LINES}group g {k} {' '.join(WITNESSES)}\nquorum g\n"
    assert policy(text).met_by(by) is (len(by) >= k)


@given(st.sets(st.sampled_from(sorted(WITNESSES))), st.sampled_from(sorted(WITNESSES)))
def test_one_more_witness_never_loses_a_quorum(by: set[str], more: str) -> None:
    parsed = policy(POLICY)
    assert not parsed.met_by(by) or parsed.met_by({*by, more})


def test_a_quorum_may_be_one_witness_or_none() -> None:
    assert policy(f"{WITNESS_LINES}quorum X1\n").met_by(["X1"])
    assert not policy(f"{WITNESS_LINES}quorum X1\n").met_by(["X2"])
    assert policy("quorum none\n").met_by([])


def test_spaces_tabs_comments_and_addresses_change_nothing_else() -> None:
    key = WITNESSES["X1"].verifier
    parsed = policy(f"\t# 见证\n\n  witness\t甲  {key.text} https://w.example/ \n\t quorum 甲")
    assert parsed.witnesses["甲"].key == key
    assert parsed.witnesses["甲"].url == "https://w.example/"
    assert parsed.met_by(["甲"])


def test_names_are_octets_so_that_look_alikes_stay_apart() -> None:
    x1, x2 = (WITNESSES[name].verifier.text for name in ("X1", "X2"))
    parsed = parse_policy(f"witness K {x1}\nwitness \u212a {x2}\nquorum K\n".encode())
    assert not parsed.met_by(["\u212a"])
    assert parse_policy(f"witness caf {x1}\n".encode().replace(b"caf", b"caf\xe9") + b"quorum caf\xe9\n").witnesses


def test_thirty_two_logs_witnesses_and_groups_are_no_burden() -> None:
    keys = [(f"n{number}", bytes([number]) * 32) for number in range(32)]
    logs = "".join(f"log {SignerKey(n, KeyType.ED25519, seed).verifier.text}\n" for n, seed in keys)
    witnesses = "".join(f"witness {n} {SignerKey(n, KeyType.COSIGNATURE, seed).verifier.text}\n" for n, seed in keys)
    groups = "".join(f"group g{number} any {f'g{number - 1}' if number else 'n0'}\n" for number in range(2000))
    assert policy(f"{logs}{witnesses}{groups}quorum g1999\n").met_by(["n0"])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "quorum X1\n",
        "quorum none\nquorum none\n",
        "quorum none none\n",
        "quorum\n",
        "Quorum none\n",
        "quorum none\r\n",
        "quorum none\x7f\n",
        "quorum none\n# bell \a\n",
        f"quorum X1\n{WITNESS_LINES}",
        f"log {LOG.verifier.text}\nlog {LOG.verifier.text}\nquorum none\n",
        f"log {LOG.verifier.text} https://a https://b\nquorum none\n",
        "log\nquorum none\n",
        f"log {WITNESSES['X1'].verifier.text}\nquorum none\n",
        f"witness X1 {LOG.verifier.text}\nquorum none\n",
        "witness X1 example.com+00000000+AAAA\nquorum none\n",
        f"witness none {WITNESSES['X1'].verifier.text}\nquorum none\n",
        f"{WITNESS_LINES}witness Z {WITNESSES['X1'].verifier.text}\nquorum none\n",
        f"{WITNESS_LINES}witness X1 {SignerKey('z', KeyType.COSIGNATURE, bytes(32)).verifier.text}\nquorum none\n",
        f"{WITNESS_LINES}group X1 any X2\nquorum none\n",
        f"{WITNESS_LINES}group g any\nquorum none\n",
        f"{WITNESS_LINES}group g 0 X1\nquorum none\n",
        f"{WITNESS_LINES}group g 2 X1\nquorum none\n",
        f"{WITNESS_LINES}group g 01 X1\nquorum none\n",
        f"{WITNESS_LINES}group g most X1\nquorum none\n",
        f"{WITNESS_LINES}group g any X1 X1\nquorum none\n",
        f"{WITNESS_LINES}group g any none\nquorum none\n",
        f"{WITNESS_LINES}group g any g\nquorum none\n",
        f"{WITNESS_LINES}group g any h\ngroup h any X1\nquorum none\n",
        f"{WITNESS_LINES}group g any X1\ngroup h any X1 X2\nquorum none\n",
    ],
)
def test_a_policy_that_could_be_read_in_two_ways_is_refused(text: str) -> None:
    with pytest.raises(MalformedPolicyError):
        policy(text)


@given(
    st.binary(max_size=80)
    | st.lists(
        st.sampled_from(["log", "witness", "group", "quorum", "none", "any", "2", "X1", "g", "\n", "\n", "#"]),
        max_size=20,
    ).map(lambda words: f"{WITNESS_LINES}{' '.join(words)}\nquorum none".encode())
)
def test_any_policy_is_read_or_refused_by_name(data: bytes) -> None:
    try:
        assert parse_policy(data).quorum
    except MalformedPolicyError:
        return


def test_a_checkpoint_is_trusted_when_its_log_and_the_quorum_signed() -> None:
    note = checkpoint(by=("X1", "X3", "Y2"))
    assert trust_checkpoint(note.data, policy(POLICY)).head.size == 7
    assessment = assess_checkpoint(note.data, policy(POLICY))
    assert assessment.witnessed == dict.fromkeys(("X1", "X3", "Y2"), 1_700_000_000)


def test_a_missing_quorum_is_told_with_the_witnesses_there_are_and_trusted_by_nobody() -> None:
    note = checkpoint(by=("X1",))
    assessment = assess_checkpoint(note.data, policy(POLICY))
    assert not assessment.quorum_met
    assert list(assessment.witnessed) == ["X1"]
    with pytest.raises(QuorumNotMetError, match="1"):
        trust_checkpoint(note.data, policy(POLICY))


def test_witnesses_without_the_log_prove_nothing() -> None:
    text = checkpoint().text
    cosigned = Note(text, tuple(cosign(text, key, 1) for key in WITNESSES.values()))
    with pytest.raises(NoKnownSignatureError):
        assess_checkpoint(cosigned.data, policy(POLICY))
    with pytest.raises(NoKnownSignatureError):
        assess_checkpoint(checkpoint(by=("X1",)).data, policy(f"{WITNESS_LINES}quorum X1\n"))


def test_one_trusted_log_can_not_speak_for_another() -> None:
    both = policy(f"log {LOG.verifier.text}\nlog {OTHER_LOG.verifier.text}\nquorum none\n")
    assert assess_checkpoint(checkpoint(OTHER_LOG, OTHER_LOG.name).data, both).quorum_met
    with pytest.raises(OriginMismatchError):
        assess_checkpoint(checkpoint(OTHER_LOG, LOG.name).data, both)


def test_a_forged_cosignature_refuses_the_checkpoint() -> None:
    note, other = checkpoint(), Checkpoint(LOG.name, TreeHead(8, bytes(32))).text
    forged = with_signatures(note, [cosign(other, WITNESSES["X1"], 1)])
    with pytest.raises(SignatureInvalidError):
        assess_checkpoint(forged.data, policy(POLICY))

"""Public vectors: the Go note package (PeterNeumann, EnochRoot), C2SP signed-note (example.com/foo), and one
checkpoint of a public log with a cosignature of a public witness."""

from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from events.log.errors import (
    LogError,
    MalformedKeyError,
    MalformedNoteError,
    NoKnownSignatureError,
    NotSignedError,
    SignatureInvalidError,
    UnsupportedKeyTypeError,
)
from events.log.keys import KeyType, VerifierKey, check_name, cosignature_message, parse_vkey
from events.log.notes import MAX_NOTE_BYTES, Note, parse_note, verify_note, with_signatures
from events.log.signature_lines import MAX_SIGNATURES, Signature, parse_signatures
from events.log.signers import SignerKey, cosign, parse_skey, sign_note

PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PETER_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
ENOCH_LINE = (
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
)
PETER_NOTE = f"{TEXT}\n{PETER_LINE}".encode()
BOTH_NOTE = f"{TEXT}\n{PETER_LINE}{ENOCH_LINE}".encode()

EXAMPLE = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE_NOTE = (
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()

WITNESS = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
ARCHE = "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"
WITNESSED = (
    "arche2025h1.staging.ct.transparency.dev\n1432088532\nU7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n\n"
    "— arche2025h1.staging.ct.transparency.dev "
    "ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bf"
    "TW9g8Ei59RA23oHP7Ry1k3ZFWwQ=\n"
    "— remora.n621.de "
    "2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0"
    "WBxtqB0DrAWfBw==\n"
).encode()

names = st.text(min_size=1, max_size=12).filter(lambda name: accepts(check_name, name))
texts = st.text(max_size=60).map(lambda text: text + "\n").filter(lambda text: accepts(lined, text))
signers = st.builds(SignerKey, names, st.just(KeyType.ED25519), st.binary(min_size=32, max_size=32))
cosigners = st.builds(SignerKey, names, st.just(KeyType.COSIGNATURE), st.binary(min_size=32, max_size=32))


def accepts(reader: object, value: object) -> bool:
    try:
        reader(value)  # type: ignore[operator]
    except LogError:
        return False
    return True


def lined(text: str) -> Note:
    return Note(text, parse_signatures(PETER_LINE))


def test_the_go_example_is_signed_to_the_same_bytes() -> None:
    assert sign_note(TEXT, parse_skey(PETER_SECRET)).data == PETER_NOTE


@pytest.mark.parametrize(
    ("data", "vkeys"),
    [
        (PETER_NOTE, [PETER]),
        (BOTH_NOTE, [PETER, ENOCH]),
        (EXAMPLE_NOTE, [EXAMPLE]),
        (
            WITNESSED,
            [
                "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f",
                WITNESS,
            ],
        ),
    ],
)
def test_notes_of_other_implementations_verify_under_their_keys(data: bytes, vkeys: list[str]) -> None:
    keys = list(map(parse_vkey, vkeys))
    assert [each.key for each in verify_note(parse_note(data), keys)] == keys
    assert parse_note(data).data == data


def test_a_cosignature_of_a_public_witness_tells_its_time() -> None:
    (verified,) = verify_note(parse_note(WITNESSED), [parse_vkey(WITNESS)])
    assert verified.time == 0x6A122120


@pytest.mark.parametrize("vkey", [PETER, ENOCH, EXAMPLE, WITNESS])
def test_keys_of_other_implementations_are_written_back_as_they_came(vkey: str) -> None:
    assert parse_vkey(vkey).text == vkey


@given(signers | cosigners)
def test_every_key_comes_back_from_its_text_and_hides_its_seed(key: SignerKey) -> None:
    assert parse_skey(key.text) == key
    assert parse_vkey(key.verifier.text) == key.verifier
    assert repr(key.seed) not in repr(key)


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        PETER.replace("c74f20a3", "c74f20a4"),
        PETER.replace("c74f20a3", "74f20a3"),
        PETER.replace("PeterNeumann", "PeterNewmann"),
        PETER.replace("PeterNeumann", ""),
        PETER.replace("PeterNeumann", "Peter Neumann"),
        PETER + "A",
        PETER[:-4],
        PETER_SECRET,
        "x+00000000+",
    ],
)
def test_a_text_that_is_no_public_key_is_refused(vkey: str) -> None:
    with pytest.raises(MalformedKeyError):
        parse_vkey(vkey)


@pytest.mark.parametrize("skey", ["", PETER, PETER_SECRET.replace("c74f20a3", "00000000"), PETER_SECRET[:-4]])
def test_a_text_that_is_no_secret_key_is_refused(skey: str) -> None:
    with pytest.raises(MalformedKeyError):
        parse_skey(skey)


def test_a_key_type_of_others_is_named_unsupported() -> None:
    with pytest.raises(UnsupportedKeyTypeError, match="0x06"):
        parse_vkey("test+5893dc2c+BtMc")


@given(st.text(max_size=80) | st.from_regex(r"(PRIVATE\+KEY\+)?[a-z]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}={0,2}"))
def test_any_key_text_is_read_or_refused_by_name(text: str) -> None:
    assert not accepts(parse_vkey, text) or parse_vkey(text).text.lower() == text.lower()
    assert not accepts(parse_skey, text) or parse_skey(text).text.lower() == text.lower()


@given(texts, st.lists(signers, min_size=1, max_size=4, unique_by=lambda key: key.name))
def test_every_signed_note_is_read_back_and_verified(text: str, keys: list[SignerKey]) -> None:
    note = sign_note(text, *keys)
    assert parse_note(note.data) == note
    assert [each.key for each in verify_note(note, [key.verifier for key in keys])] == [key.verifier for key in keys]


@given(texts, cosigners, st.integers(1, 2**63 - 1))
def test_a_cosignature_binds_the_text_and_the_time(text: str, key: SignerKey, time: int) -> None:
    signature = cosign(text, key, time)
    assert key.verifier.check(text, signature.body) == time
    with pytest.raises(SignatureInvalidError):
        key.verifier.check("more\n" + text, signature.body)
    later = (time ^ 1).to_bytes(8, "big") + signature.body[8:]
    with pytest.raises(SignatureInvalidError):
        key.verifier.check(text, later)


@given(texts, st.binary(min_size=32, max_size=32))
def test_one_seed_in_two_types_signs_two_different_messages(text: str, seed: bytes) -> None:
    log, witness = SignerKey("a", KeyType.ED25519, seed), SignerKey("a", KeyType.COSIGNATURE, seed)
    assert log.verifier.id != witness.verifier.id
    with pytest.raises(SignatureInvalidError):
        witness.verifier.check(text, log.sign(text))
    with pytest.raises(SignatureInvalidError):
        log.verifier.check(text, witness.cosign(text, 1))
    with pytest.raises(UnsupportedKeyTypeError):
        witness.sign(text)
    with pytest.raises(UnsupportedKeyTypeError):
        log.cosign(text, 1)


@pytest.mark.parametrize("time", [0, -1, 2**63])
def test_no_cosignature_is_made_without_a_time(time: int) -> None:
    with pytest.raises(SignatureInvalidError):
        SignerKey("w", KeyType.COSIGNATURE, bytes(32)).cosign("text\n", time)


def test_a_time_beyond_what_the_format_allows_is_no_cosignature_although_signed() -> None:
    key, time = SignerKey("w", KeyType.COSIGNATURE, bytes(32)), 2**63
    raw = SignerKey("w", KeyType.ED25519, key.seed).sign(cosignature_message("text\n", time).decode())
    with pytest.raises(SignatureInvalidError):
        key.verifier.check("text\n", time.to_bytes(8, "big") + raw)


def test_a_line_of_an_unknown_key_is_kept_and_ignored() -> None:
    (verified,) = verify_note(parse_note(BOTH_NOTE), [parse_vkey(PETER)])
    assert verified.key.name == "PeterNeumann"
    with pytest.raises(NoKnownSignatureError):
        verify_note(parse_note(PETER_NOTE), [parse_vkey(ENOCH)])


def test_a_key_that_shares_only_name_or_id_is_unknown() -> None:
    note = parse_note(PETER_NOTE)
    (line,) = note.signatures
    renamed = replace(note, signatures=(replace(line, name="Peter"), replace(line, key_id=bytes(4))))
    with pytest.raises(NoKnownSignatureError):
        verify_note(renamed, [parse_vkey(PETER)])


def test_one_false_line_of_a_known_key_refuses_the_whole_note() -> None:
    note = parse_note(BOTH_NOTE)
    false = replace(note.signatures[1], body=bytes(64))
    with pytest.raises(SignatureInvalidError):
        verify_note(replace(note, signatures=(*note.signatures, false)), [parse_vkey(PETER), parse_vkey(ENOCH)])
    with pytest.raises(SignatureInvalidError):
        verify_note(replace(note, text="other\n"), [parse_vkey(PETER)])


def test_a_doubled_line_counts_once() -> None:
    doubled = parse_note(PETER_NOTE + PETER_LINE.encode())
    assert len(verify_note(doubled, [parse_vkey(PETER)])) == 1
    assert with_signatures(parse_note(PETER_NOTE), doubled.signatures).data == PETER_NOTE


def test_two_keys_no_line_can_tell_apart_are_refused() -> None:
    class Twin(VerifierKey):
        @property
        def id(self) -> bytes:
            return bytes.fromhex("c74f20a3")

    with pytest.raises(NotSignedError, match="ambiguous"):
        verify_note(parse_note(PETER_NOTE), [parse_vkey(PETER), Twin("PeterNeumann", KeyType.ED25519, bytes(32))])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        TEXT.encode(),
        TEXT.encode() + b"\n",
        PETER_NOTE[:-1],
        PETER_NOTE + b"\n",
        BOTH_NOTE[:-1],
        PETER_NOTE.replace(b"\n\n", b"\n"),
        PETER_NOTE.replace("—".encode(), b"-"),
        PETER_NOTE.replace("— ".encode(), "—".encode()),
        PETER_NOTE.replace(b"PeterNeumann x", b"PeterNeumann  x"),
        PETER_NOTE.replace(b"PeterNeumann x", b"PeterNeumann\xc2\xa0x"),
        PETER_NOTE.replace(b"PeterNeumann x", b"Peter+Neumann x"),
        PETER_NOTE.replace(b"PeterNeumann", b""),
        PETER_NOTE.replace(b"nAM=", b"nAN="),
        PETER_NOTE.replace(b"nAM=", b"nAM"),
        PETER_NOTE.replace(b"If", b"I\tf"),
        PETER_NOTE.replace(b"If", b"I\rf"),
        PETER_NOTE.replace(b"If", b"I\x00f"),
        PETER_NOTE.replace(b"If", b"I\xff"),
        "text\n\n— a AAAA\n".encode(),
        "text\n\n— a AAAAAA==\n".encode(),
        f"{TEXT}\n{PETER_LINE * (MAX_SIGNATURES + 1)}".encode(),
        b"x" * MAX_NOTE_BYTES + PETER_NOTE,
    ],
)
def test_what_is_no_note_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedNoteError):
        parse_note(data)


def test_the_last_empty_line_divides_text_and_signatures() -> None:
    note = sign_note("one\n\n— not a signature\n\n\n", parse_skey(PETER_SECRET))
    assert parse_note(note.data) == note


@given(
    st.binary(max_size=200)
    | st.tuples(texts, st.lists(st.text(max_size=30).map(lambda line: f"— {line}\n"), max_size=3)).map(
        lambda drawn: (drawn[0] + "\n" + "".join(drawn[1])).encode(errors="replace")
    )
)
def test_any_bytes_are_a_note_written_back_the_same_or_refused_by_name(data: bytes) -> None:
    assert not accepts(parse_note, data) or parse_note(data).data == data


@pytest.mark.parametrize("text", ["", "no newline", "bell\a\n", "lone \ud800\n"])
def test_a_text_that_could_not_be_read_back_is_never_signed(text: str) -> None:
    with pytest.raises(MalformedNoteError):
        sign_note(text, parse_skey(PETER_SECRET))
    with pytest.raises(MalformedNoteError):
        cosign(text, SignerKey("w", KeyType.COSIGNATURE, bytes(32)), 1)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u2003b", "a\u0085b", "a\x00b", "\ud800", "a\n"])
def test_a_name_no_key_may_have_stands_in_no_signature(name: str) -> None:
    with pytest.raises(MalformedNoteError):
        Signature(name, bytes(4), bytes(64))
    with pytest.raises(MalformedKeyError):
        VerifierKey(name, KeyType.ED25519, bytes(32))

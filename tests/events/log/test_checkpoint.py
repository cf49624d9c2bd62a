import pytest
from hypothesis import given, strategies as st

from events.log.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from events.log.errors import (
    MalformedCheckpointError,
    MalformedNoteError,
    NoKnownSignatureError,
    OriginMismatchError,
    SignatureInvalidError,
)
from events.log.keys import KeyType
from events.log.signers import SignerKey, sign_note
from events.log.tree import TreeHead

SOFA = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
KEY = SignerKey("example.com/behind-the-sofa", KeyType.ED25519, bytes(32))

lines = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)
heads = st.builds(TreeHead, st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))


def test_the_checkpoint_of_the_specification_is_read_and_written_back() -> None:
    checkpoint = parse_checkpoint(SOFA)
    assert (checkpoint.origin, checkpoint.head.size) == ("example.com/behind-the-sofa", 20_852_163)
    assert checkpoint.head.root.hex().startswith("0ac5186a91863e8e")
    assert checkpoint.text == SOFA


@given(lines, heads, st.lists(lines, max_size=3))
def test_every_checkpoint_comes_back_from_its_text(origin: str, head: TreeHead, extensions: list[str]) -> None:
    checkpoint = Checkpoint(origin, head, tuple(extensions))
    assert parse_checkpoint(checkpoint.text) == checkpoint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n\n",
        SOFA[:-1],
        SOFA + "\n",
        SOFA.replace("example.com/behind-the-sofa", ""),
        SOFA.replace("20852163", "020852163"),
        SOFA.replace("20852163", "+20852163"),
        SOFA.replace("20852163", "-1"),
        SOFA.replace("20852163", "２"),
        SOFA.replace("20852163", ""),
        SOFA.replace("20852163", "9223372036854775808"),
        SOFA.replace("20852163", "9" * 5000),
        SOFA.replace("q2I=", "q2J="),
        SOFA.replace("q2I=", "q2I"),
        SOFA.replace("CsUY", ""),
        "\n".join(SOFA.split("\n")[:2]) + "\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(MalformedCheckpointError):
        parse_checkpoint(text)


@given(st.text(max_size=100) | st.lists(lines, max_size=5).map("\n".join).map(lambda text: text + "\n"))
def test_any_text_is_a_checkpoint_written_back_the_same_or_refused_by_name(text: str) -> None:
    try:
        assert parse_checkpoint(text).text == text
    except MalformedCheckpointError:
        return


@pytest.mark.parametrize(("origin", "extensions"), [("", ()), ("a\nb", ()), ("a", ("",)), ("a", ("x\ny",))])
def test_a_checkpoint_that_could_not_be_read_back_is_never_made(origin: str, extensions: tuple[str, ...]) -> None:
    with pytest.raises(MalformedCheckpointError):
        Checkpoint(origin, TreeHead(1, bytes(32)), extensions)


def test_a_checkpoint_opens_only_under_the_key_and_the_origin_of_its_log() -> None:
    data = sign_note(SOFA, KEY).data
    checkpoint, note = open_checkpoint(data, KEY.name, [KEY.verifier])
    assert checkpoint.text == SOFA
    assert note.data == data
    with pytest.raises(OriginMismatchError):
        open_checkpoint(data, "example.com/another", [KEY.verifier])
    with pytest.raises(NoKnownSignatureError):
        open_checkpoint(data, KEY.name, [SignerKey(KEY.name, KeyType.ED25519, bytes(31) + b"1").verifier])
    with pytest.raises(SignatureInvalidError):
        open_checkpoint(data.replace(b"20852163", b"20852162"), KEY.name, [KEY.verifier])
    with pytest.raises(MalformedCheckpointError):
        open_checkpoint(sign_note("a letter\n", KEY).data, KEY.name, [KEY.verifier])
    with pytest.raises(MalformedNoteError):
        open_checkpoint(SOFA.encode(), KEY.name, [KEY.verifier])

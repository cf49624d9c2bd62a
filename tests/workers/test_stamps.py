"""Time stamps of a local authority: kept beside the checkpoint, verified offline, refused when anything is off."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from structlog.testing import capture_logs

from events.log.errors import StampInvalidError
from events.log.stamps import check_stamp, question, read_authorities, stamp_at
from events.log.storage import read_checkpoint
from tests.events.log.record import store_at
from tests.servers import Database
from tests.workers.authority import OPENSSL, LocalAuthority
from tests.workers.third_party import Reply, Strict, dead_port, served
from tests.workers.witnessed_log import Log
from workers.stamps import Stamper

pytestmark = pytest.mark.skipif(OPENSSL is None, reason="the openssl command, which makes the authority, is missing")
TEXT = "log.example/kaohe\n3\n" + "A" * 43 + "=\n"
Answer = Callable[[bytes], Reply]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> LocalAuthority:
    return LocalAuthority(tmp_path_factory.mktemp("authority") / "here")


@pytest.fixture(scope="module")
def stamped(authority: LocalAuthority) -> bytes:
    """A stamp on TEXT."""
    return authority.answer(question(TEXT).data)


@pytest.fixture
def log(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    with store_at(database.worker) as store:
        made = Log(store, tmp_path, monkeypatch)
        made.file.write_text("quorum none\n")
        yield made


@pytest.fixture
def ask(authority: LocalAuthority, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Names the authority of the environment."""

    def name(url: str, minutes: str = "0") -> None:
        monkeypatch.setenv("KAOHE_TSA_URL", url)
        monkeypatch.setenv("KAOHE_TSA_CERTIFICATE", str(authority.root))
        monkeypatch.setenv("KAOHE_TSA_MINUTES", minutes)

    return name


def granting(authority: LocalAuthority) -> Answer:
    return lambda query: (200, "application/timestamp-reply", authority.answer(query))


def text_of(log: Log) -> str:
    with log.store.connection() as connection:
        found = read_checkpoint(connection)
    assert found is not None
    return found[1].text


def kept(log: Log, size: int) -> bytes | None:
    with log.store.connection() as connection:
        return stamp_at(connection, size)


def test_a_checkpoint_is_stamped_and_anybodys_tool_verifies_it(
    log: Log, authority: LocalAuthority, ask: Callable[[str], None]
) -> None:
    before = datetime.now(UTC) - timedelta(seconds=2)
    with served(granting(authority)) as url:
        ask(url + "add-checkpoint")
        stamper = Stamper(log.store)
        for count, size in ((5, 5), (2, 7)):
            log.grow(count)
            stamp = stamper.stamp()
            assert stamp is not None
            assert stamp.size == size
            assert before <= stamp.time <= datetime.now(UTC) + timedelta(seconds=1)
            data = kept(log, size)
            assert data == stamp.data
            assert authority.verified_by_openssl(data, text_of(log).encode())
            assert check_stamp(data, text_of(log), read_authorities(authority.root.read_bytes())) == stamp.time
        assert stamper.stamp() is None


def test_the_checkpoint_that_enough_witnesses_cosigned_is_preferred(
    log: Log, authority: LocalAuthority, ask: Callable[[str], None]
) -> None:
    theirs = Strict("third.example/w")
    with served(theirs) as url:
        log.policy((theirs.vkey, url), need=1)
        log.grow(5)
        assert log.gather().met
        log.grow(3)
    with served(granting(authority)) as url:
        ask(url + "add-checkpoint")
        stamper = Stamper(log.store)
        sizes = [stamp.size if (stamp := stamper.stamp()) else None for _ in range(3)]
    assert sizes == [5, 8, None]


def test_an_authority_is_not_asked_more_often_than_agreed(
    log: Log, authority: LocalAuthority, ask: Callable[..., None]
) -> None:
    asked: list[bytes] = []
    answer = granting(authority)
    with served(lambda query: asked.append(query) or answer(query)) as url:
        ask(url + "add-checkpoint", "60")
        for _ in range(3):
            log.grow(1)
            Stamper(log.store).stamp()
    assert len(asked) == 1


def replayed(authority: LocalAuthority) -> Answer:
    """Answers every question with the answer to another one."""
    other = authority.answer(question(TEXT).data)
    return lambda _: (200, "application/timestamp-reply", other)


WRONG: dict[str, Callable[[LocalAuthority], Answer]] = {
    "replayed": replayed,
    "rejected": lambda _: lambda __: (200, "application/timestamp-reply", bytes.fromhex("30053003020102")),
    "garbage": lambda _: lambda __: (200, "application/timestamp-reply", b"\x30\x80garbage"),
    "page": lambda _: lambda __: (200, "text/html", b"<html>"),
    "error": lambda _: lambda __: (500, "application/timestamp-reply", b""),
    "flood": lambda _: lambda __: (200, "application/timestamp-reply", bytes(70_000)),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_no_stamp_on_this_checkpoint_is_not_kept_and_said(
    log: Log, authority: LocalAuthority, ask: Callable[[str], None], wrong: str
) -> None:
    log.grow(4)
    with served(WRONG[wrong](authority)) as url, capture_logs() as said:
        ask(url + "add-checkpoint")
        assert Stamper(log.store).stamp() is None
    assert kept(log, 4) is None
    assert [each["event"] for each in said] == ["no time stamp"]


def test_a_dead_authority_is_said_and_holds_nothing_up(log: Log, ask: Callable[[str], None]) -> None:
    log.grow(4)
    with dead_port() as url, capture_logs() as said:
        ask(url)
        assert Stamper(log.store).stamp() is None
    assert [each["event"] for each in said] == ["no time stamp"]


def test_an_authority_without_its_certificate_is_not_asked(
    log: Log, monkeypatch: pytest.MonkeyPatch, ask: Callable[[str], None]
) -> None:
    ask("http://127.0.0.1:1")
    monkeypatch.delenv("KAOHE_TSA_CERTIFICATE")
    log.grow(1)
    with capture_logs() as said:
        assert Stamper(log.store).stamp() is None
    assert "KAOHE_TSA_CERTIFICATE" in said[0]["event"]


def test_a_stamp_of_another_authority_another_text_or_another_question_is_none(
    authority: LocalAuthority, stamped: bytes, tmp_path: Path
) -> None:
    trusted = read_authorities(authority.root.read_bytes())
    check_stamp(stamped, TEXT, trusted)
    other = LocalAuthority(tmp_path / "other")
    for data, text, roots, nonce in (
        (stamped, TEXT, read_authorities(other.root.read_bytes()), None),
        (stamped, TEXT, [], None),
        (stamped, TEXT.replace("3", "4"), trusted, None),
        (stamped, TEXT, trusted, 1),
        (other.answer(question(TEXT).data), TEXT, trusted, None),
    ):
        with pytest.raises(StampInvalidError):
            check_stamp(data, text, roots, nonce)


def test_no_changed_byte_of_a_stamp_leaves_another_time_standing(authority: LocalAuthority, stamped: bytes) -> None:
    trusted = read_authorities(authority.root.read_bytes())
    honest = check_stamp(stamped, TEXT, trusted)
    for place in range(0, len(stamped), 7):
        changed = stamped[:place] + bytes([stamped[place] ^ 1]) + stamped[place + 1 :]
        try:
            # bytes that say nothing, such as those of the certificates sent along, may change
            assert check_stamp(changed, TEXT, trusted) == honest
        except StampInvalidError:
            continue


@given(st.binary(max_size=200))
def test_bytes_from_outside_are_never_more_than_refused(authority: LocalAuthority, data: bytes) -> None:
    trusted = read_authorities(authority.root.read_bytes())
    for attempt in (data, b"\x30\x82\x00\xc8" + data):
        with pytest.raises(StampInvalidError):
            check_stamp(attempt, TEXT, trusted)

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from events.log.checkpoint import parse_checkpoint
from events.log.errors import (
    MalformedCheckpointError,
    MalformedReceiptError,
    NoKnownSignatureError,
    OriginMismatchError,
)
from events.log.keys import KeyType
from events.log.receipt import Receipt, open_receipt, parse_receipt
from events.log.signers import SignerKey, sign_note

LOG = SignerKey("log.example/kaohe", KeyType.ED25519, bytes(32))
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
RECEIPT = Receipt(LOG.name, UUID("0195f000-0000-7000-8000-000000000001"), bytes(32), NOON, NOON + timedelta(minutes=1))

times = st.datetimes(min_value=datetime(1, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants it naive
receipts = st.builds(
    lambda origin, event, leaf, one, other: Receipt(origin, event, leaf, min(one, other), max(one, other)),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20),
    st.uuids(),
    st.binary(min_size=32, max_size=32),
    times,
    times,
)


def test_a_receipt_says_what_was_promised_in_plain_lines() -> None:
    assert RECEIPT.text == (
        "kaohe-receipt/v1\norigin log.example/kaohe\nevent 0195f000-0000-7000-8000-000000000001\n"
        f"leaf {'A' * 43}=\naccepted 2026-03-01T12:00:00.000000Z\nsealed-by 2026-03-01T12:01:00.000000Z\n"
    )


@given(receipts)
def test_every_receipt_comes_back_from_its_text_and_never_passes_for_a_checkpoint(receipt: Receipt) -> None:
    assert parse_receipt(receipt.text) == receipt
    with pytest.raises(MalformedCheckpointError):
        parse_checkpoint(receipt.text)


def test_a_receipt_opens_only_under_the_key_and_the_origin_of_its_log() -> None:
    data = sign_note(RECEIPT.text, LOG).data
    assert open_receipt(data, LOG.name, [LOG.verifier]) == RECEIPT
    with pytest.raises(OriginMismatchError):
        open_receipt(data, "other.example", [LOG.verifier])
    with pytest.raises(NoKnownSignatureError):
        open_receipt(data, LOG.name, [replace(LOG, seed=b"x" * 32).verifier])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("kaohe-receipt/v1", "kaohe-receipt/v2"),
        ("origin log.example/kaohe", "origin "),
        ("event 0195f000-", "event 0195F000-"),
        ("event 0195f000-", "event 0195f000"),
        ("event 0195f000-", "event x"),
        ("leaf A", "leaf "),
        ("12:00:00.000000Z", "12:00:00Z"),
        ("12:00:00.000000Z", "12:00:00.000Z"),
        ("12:00:00.000000Z", "12:00:00.000000+00:00"),
        ("12:00:00.000000Z", "25:00:00.000000Z"),
        ("12:01:00", "11:59:00"),
        ("accepted ", "accepted  "),
        ("sealed-by", "sealed"),
        ("00Z\n", "00Z\nnote x\n"),
        ("\naccepted", "\n\naccepted"),
    ],
)
def test_what_is_no_receipt_is_refused(old: str, new: str) -> None:
    with pytest.raises(MalformedReceiptError):
        parse_receipt(RECEIPT.text.replace(old, new))


@given(
    st.text(max_size=60)
    | st.lists(st.text(max_size=12), min_size=5, max_size=5).map(
        lambda values: (
            "kaohe-receipt/v1\n"
            + "".join(
                f"{key} {value}\n"
                for key, value in zip(("origin", "event", "leaf", "accepted", "sealed-by"), values, strict=True)
            )
        )
    )
)
def test_any_text_is_refused_by_name(text: str) -> None:
    with pytest.raises(MalformedReceiptError):
        parse_receipt(text)


def test_a_receipt_that_could_not_be_read_back_is_never_made() -> None:
    elsewhere = NOON.astimezone(timezone(timedelta(hours=8)))
    for changes in (
        {"origin": "a\nb"},
        {"leaf": b""},
        {"accepted": elsewhere},
        {"accepted": NOON.replace(tzinfo=None)},
    ):
        with pytest.raises(MalformedReceiptError):
            replace(RECEIPT, **changes)

"""A receiver can tell what was signed with its key, of late, from everything else."""

import pytest

from tests.workers.desk_of_notices import KEY
from workers.notices import signature

WRONG = {
    "another body": lambda h, b: (h, b + b" "),
    "another id": lambda h, b: (h | {"webhook-id": "msg_0"}, b),
    "another time": lambda h, b: (h | {"webhook-timestamp": str(int(h["webhook-timestamp"]) + 1)}, b),
    "no time": lambda h, b: (h | {"webhook-timestamp": "now"}, b),
    "another signature": lambda h, b: (h | {"webhook-signature": "v1,AAAA"}, b),
    "another version": lambda h, b: (h | {"webhook-signature": h["webhook-signature"].replace("v1,", "v2,")}, b),
    "no signature": lambda h, b: ({k: v for k, v in h.items() if k != "webhook-signature"}, b),
}


@pytest.mark.parametrize("wrong", sorted(WRONG))
def test_a_receiver_finds_what_was_not_signed_with_his_key(wrong: str) -> None:
    good = signature.headers("msg_1", 1_000, b"{}", [KEY])
    assert signature.check(good, b"{}", KEY, 1_100) == "msg_1"
    given, body = WRONG[wrong](good, b"{}")
    with pytest.raises(signature.Unsigned):
        signature.check(given, body, KEY, 1_100)


def test_a_signature_is_that_of_the_standards_own_example() -> None:
    """Standard Webhooks, the example of its specification and of every reference library."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    made = signature.headers("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body, [secret])
    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_message_replayed_too_late_is_not_believed() -> None:
    good = signature.headers("msg_1", 1_000, b"{}", [KEY])
    with pytest.raises(signature.Unsigned):
        signature.check(good, b"{}", KEY, 1_301)

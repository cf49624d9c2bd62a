"""What becomes of a delivery: bounded, ever more patient, and never again when it may have arrived."""

import pytest
from hypothesis import given, strategies as st

from domain.deliveries import LONGEST, MOST, SENT, Verdict, after, of_reply, of_status, pause

JITTER = st.integers(0, 99)


@given(st.integers(100, 599), st.integers(1, MOST), JITTER)
def test_only_an_answer_that_says_no_is_followed_by_another_attempt(status: int, attempts: int, jitter: int) -> None:
    then = after(of_status(status), attempts, jitter)
    if then.state == "queued":
        assert status in {408, 421, 425, 429, 500, 503}
        assert attempts < MOST
    assert (then.state == "sent") == (200 <= status < 300)


@given(st.integers(200, 599), st.integers(1, MOST), JITTER)
def test_a_mail_server_says_yes_not_now_or_never(code: int, attempts: int, jitter: int) -> None:
    then = after(of_reply(code), attempts, jitter)
    assert (then.state == "sent") == (code < 300)
    assert (then.state == "dead") == (code >= 500 or (code >= 300 and attempts >= MOST))


@pytest.mark.parametrize("verdict", [SENT, Verdict("dead", "x"), Verdict("uncertain", "x")])
def test_an_end_is_an_end(verdict: Verdict) -> None:
    assert after(verdict, 1, 0).state == verdict.outcome


@given(st.integers(1, 40), JITTER, JITTER)
def test_pauses_grow_stay_bounded_and_differ(attempts: int, low: int, high: int) -> None:
    assert pause(attempts, 0) <= pause(attempts + 1, 0)
    assert 15 <= pause(attempts, low) <= LONGEST * 3 // 2
    assert (pause(attempts, low) <= pause(attempts, high)) == (
        low <= high or pause(attempts, low) == pause(attempts, high)
    )


def test_all_attempts_together_outlast_a_night_without_the_other_side() -> None:
    assert sum(pause(number, 0) for number in range(1, MOST)) > 8 * 3600

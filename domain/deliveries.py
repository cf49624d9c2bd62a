"""What becomes of a delivery: the answer of the other side decides, and what may have arrived is never sent again.

queued → taken → sending → sent, or back to queued with a pause, or dead, or uncertain. "sending" is written before
anything is handed over; whatever ends there without a clear answer is uncertain, and only a person sends it again.
"""

from dataclasses import dataclass

MOST = 9
FIRST, FACTOR, LONGEST = 30, 4, 6 * 3600  # seconds
DEAD = ("dead", "uncertain")
# HTTP: asked to come again, or the receiver says of itself that it failed or is not there.
_AGAIN = frozenset({408, 421, 425, 429, 500, 503})
_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an attempt came to: "sent", "again", "dead", "uncertain" or "cancelled"; ``why`` never quotes anybody."""

    outcome: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Next:
    """The state that follows, and for "queued" after how many seconds it is tried again."""

    state: str
    why: str
    seconds: int = 0


SENT = Verdict("sent")


def of_status(status: int) -> Verdict:
    """What an HTTP status says. A gateway's 502 or 504, or a 103, does not say whether it was had: uncertain."""
    why = f"http {status}"
    if 200 <= status < 300:  # noqa: PLR2004 - RFC 9110, section 15
        return SENT
    if status in _AGAIN:
        return Verdict("again", why)
    return Verdict("dead" if 300 <= status < 500 else "uncertain", why)  # noqa: PLR2004 - RFC 9110, section 15


def of_reply(code: int) -> Verdict:
    """What an SMTP reply says (RFC 5321, section 4.2.1): 2 yes, 4 not now, 5 never; neither 4 nor 5 took anything."""
    first = code // 100
    return SENT if first == 2 else Verdict("dead" if first == 5 else "again", f"smtp {code}")  # noqa: PLR2004 - digits


def after(verdict: Verdict, attempts: int, jitter: int) -> Next:
    """What follows the ``attempts``-th attempt (from 1); ``jitter``: 0 to 99, drawn by the caller."""
    if verdict.outcome != "again":
        return Next(verdict.outcome, verdict.why)
    if attempts >= MOST:
        return Next("dead", verdict.why)
    return Next("queued", verdict.why, pause(attempts, jitter))


def pause(attempts: int, jitter: int) -> int:
    """Seconds until the next attempt: each time four times as long, between half and one and a half of that."""
    longer: int = FIRST * FACTOR ** (attempts - 1)
    return min(longer, LONGEST) * (_PERCENT // 2 + jitter) // _PERCENT

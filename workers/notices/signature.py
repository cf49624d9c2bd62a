"""The signature of a webhook, as Standard Webhooks 1.0.0 has it: HMAC-SHA256 over id, time and the exact body."""

import base64
import binascii
import hmac
from collections.abc import Iterable, Mapping

PREFIX = "whsec_"
_AWRY = 300  # seconds a receiver lets the time be off


class Unsigned(ValueError):
    """The message was not signed with this key, or too long ago; believe nothing of it."""


def secret_text(key: bytes) -> str:
    """A key as a receiver is given it."""
    return PREFIX + base64.b64encode(key).decode()


def headers(identity: str, seconds: int, body: bytes, secrets: Iterable[str]) -> dict[str, str]:
    """The three headers; every key signs, so that a receiver may still know the one before."""
    signatures = " ".join(_signature(identity, str(seconds), body, secret) for secret in secrets)
    return {"webhook-id": identity, "webhook-timestamp": str(seconds), "webhook-signature": signatures}


def check(given: Mapping[str, str], body: bytes, secret: str, now: int) -> str:
    """What a receiver does: the message's id, by which he knows a repetition; raises Unsigned."""
    identity, time = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    if not (time.isascii() and time.isdecimal()) or abs(int(time[:12]) - now) > _AWRY:
        raise Unsigned("too old, or no time at all")
    wanted = _signature(identity, time, body, secret)
    offered = given.get("webhook-signature", "").split(" ")
    if not any(hmac.compare_digest(wanted.encode(), each.encode()) for each in offered):
        raise Unsigned("no signature of this key")
    return identity


def _signature(identity: str, time: str, body: bytes, secret: str) -> str:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise Unsigned("the key is not base64") from None
    signed = hmac.digest(key, f"{identity}.{time}.".encode() + body, "sha256")
    return "v1," + base64.b64encode(signed).decode()

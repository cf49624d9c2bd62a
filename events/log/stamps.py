"""Time stamps (RFC 3161) on checkpoints: another authority says that a checkpoint existed at a moment.

Stamped is the checkpoint's text (origin, size, root), hashed with SHA-256. What is kept is the authority's whole
answer, a TimeStampResp as in every .tsr file, so that other tools check it: openssl ts -verify -in FILE.tsr
-data TEXT -CAfile AUTHORITY.pem. Verified offline, against the authority's certificates alone, at the token's time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cryptography.x509 import Certificate, load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from events.log.errors import StampInvalidError

if TYPE_CHECKING:  # the stand-alone verifier has no database
    from events.log.storage import Connection

MAX_STAMP_BYTES = 65_535
REQUEST_TYPE = "application/timestamp-query"
ANSWER_TYPE = "application/timestamp-reply"
_NEWEST = "SELECT size, token, stamped_at FROM log.stamps ORDER BY size DESC LIMIT 1"
_AT = "SELECT token FROM log.stamps WHERE size = %s"


@dataclass(frozen=True, slots=True)
class Question:
    """A request in DER and the nonce that its answer must bear."""

    data: bytes
    nonce: int


@dataclass(frozen=True, slots=True)
class Stamp:
    """A kept answer: the size of its checkpoint, the TimeStampResp in DER, the authority's time."""

    size: int
    data: bytes
    time: datetime


def question(text: str) -> Question:
    """The request for a checkpoint's text, with a nonce and asking for the authority's certificate."""
    made = TimestampRequestBuilder().data(text.encode()).hash_algorithm(HashAlgorithm.SHA256).build()
    return Question(made.as_bytes(), made.nonce or 0)


def check_stamp(data: bytes, text: str, authorities: Sequence[Certificate], nonce: int | None = None) -> datetime:
    """The moment (UTC) at which an authority vouches that this checkpoint text existed.

    `authorities`: the certificates trusted as roots. `nonce`: of the question, when this is its answer.

    Raises:
        StampInvalidError: anything else; names why.
    """
    if not authorities or len(data) > MAX_STAMP_BYTES:
        raise StampInvalidError("authority" if not authorities else f"{len(data)} bytes")
    builder = VerifierBuilder(roots=list(authorities), nonce=nonce)
    try:
        answer = decode_timestamp_response(data)
        builder.build().verify_message(answer, text.encode())
        return answer.tst_info.gen_time.astimezone(UTC)
    except (VerificationError, ValueError, TypeError, OverflowError) as wrong:
        raise StampInvalidError(str(wrong)[:200]) from None


def read_authorities(pem: bytes) -> list[Certificate]:
    """The certificates of a PEM file.

    Raises:
        StampInvalidError: there is none in it.
    """
    try:
        return load_pem_x509_certificates(pem)
    except ValueError:
        raise StampInvalidError("PEM") from None


def keep_stamp(connection: "Connection", stamp: Stamp) -> None:
    """Stores a stamp beside its checkpoint; the first one of a size stays."""
    connection.execute("SELECT log.stamp(%s, %b, %s)", (stamp.size, stamp.data, stamp.time))


def newest_stamp(connection: "Connection") -> Stamp | None:
    """The stamp of the largest checkpoint that has one."""
    row = connection.execute(_NEWEST, binary=True).fetchone()
    return Stamp(row[0], bytes(row[1]), row[2]) if row else None


def stamp_at(connection: "Connection", size: int) -> bytes | None:
    """The stamp (TimeStampResp in DER) of the checkpoint of exactly this size."""
    row = connection.execute(_AT, (size,), binary=True).fetchone()
    return bytes(row[0]) if row else None

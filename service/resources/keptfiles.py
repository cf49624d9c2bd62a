"""Kept files given out: hashed again before the first byte leaves, their damage recorded, their erasure told."""

import base64
from typing import BinaryIO

from flask import Response, request
from werkzeug.wsgi import wrap_file

from domain import facts
from domain.erasure import Erasure
from events.entry import Actor
from service.arriving import one_more_file
from service.auth import caller
from service.commands.commit import append_anyhow, refusals_today
from service.evidence import Damaged, Examined
from service.office import office
from service.problems import Problem
from service.queries.erasures import erasure_of, erasure_of_file, shown as shown_erasure


def read(subject: str, digest: str, act: str, stream: str) -> BinaryIO:
    """The bytes kept for a subject; answers 410 where they were erased, 429 to who takes too many at once.

    Damage is recorded, for it is no error of ours but a wrong done to what is kept.
    """
    one_more_file()
    _refuse_erased(erasure_of(subject))
    try:
        return office().evidence.read(digest)
    except Damaged:
        # The same bytes may have been kept for another subject too: whoever erases them erases them everywhere.
        _refuse_erased(erasure_of_file(digest))
        fact = facts.ActRefused(act, "damaged", stream, f"{subject} {digest}")
        append_anyhow(Actor(caller().id), refusals_today(), fact)
        raise


def attachment(body: BinaryIO, examined: Examined, name: str) -> Response:
    """Bytes to keep, with their digest (RFC 9530)."""
    response = Response(wrap_file(request.environ, body), 200, mimetype=examined.media_type, direct_passthrough=True)
    response.content_length = examined.size
    # Never shown in the browser's own context, whatever the bytes pretend to be.
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    digest = base64.b64encode(bytes.fromhex(examined.digest)).decode()
    response.headers["Repr-Digest"] = f"sha-256=:{digest}:"
    return response


def _refuse_erased(erasure: Erasure | None) -> None:
    if erasure is not None:
        position = shown_erasure(erasure.subject)["position"]
        raise Problem(410, extra={"erasure": erasure.subject, "position": position})

"""Answers of the provider, read no further than a mebibyte and for no more than ten seconds, whatever it sends."""

import time
from io import BytesIO
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError

LARGEST = 1 << 20
_LONGEST = 10.0  # seconds, for a drip restarts each time-out that counts between two bytes
_PIECE = 1 << 14


class Bounded(HTTPAdapter):
    """Gives a session of requests answers that are whole and small, or a RequestException."""

    def build_response(self, req: requests.PreparedRequest, resp: Any) -> requests.Response:
        """The answer with its body read, within the bounds."""
        answer = super().build_response(req, resp)
        try:
            answer.raw = BytesIO(_body(resp))
        except (HTTPError, OSError) as error:
            raise requests.ConnectionError(request=req) from error
        finally:
            resp.close()
        return answer


def bound(session: requests.Session) -> None:
    """Bounds every answer that the session is given."""
    for scheme in ("https://", "http://"):
        session.mount(scheme, Bounded())


def _body(resp: BaseHTTPResponse) -> bytes:
    end, body = time.monotonic() + _LONGEST, b""
    while part := resp.read1(_PIECE, decode_content=True):
        body += part
        if len(body) > LARGEST or time.monotonic() > end:
            raise OSError("too much, or too slow")
    return body

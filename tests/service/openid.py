"""An OpenID provider of the tests' own over real HTTP: right by default, and wrong in one way when asked to be."""

import base64
import contextlib
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

CLIENT, SECRET = "kaohe", "a secret that only the client has: /?&%"


@dataclass
class OpenId:
    """What the provider does next; a test turns its knobs."""

    subject: str = "zhang.san@example.org"
    algorithm: str = "RS256"
    claims: dict[str, Any] = field(default_factory=dict)  # instead of the right ones; None leaves one out
    discovery: dict[str, Any] = field(default_factory=dict)
    token_status: int = 200
    token_body: bytes | None = None
    jwks_body: bytes | None = None
    nap: float = 0.0  # before a token is given
    drips: str = ""  # the path whose answer never ends, a byte at a time
    down: bool = False
    secret: str = SECRET
    keys: dict[str, Any] = field(default_factory=dict)
    issuer: str = ""
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.keys:
            self.rotate()

    def reset(self) -> None:
        """Right in everything again; the keys stay."""
        self.__dict__.update(OpenId(issuer=self.issuer, keys=self.keys).__dict__)

    def rotate(self) -> None:
        """Other keys with other ids, as providers do overnight."""
        made: tuple[tuple[str, Any], ...] = (
            ("RS256", RSAKey.generate_key(2048)),
            ("ES256", ECKey.generate_key("P-256")),
            ("EdDSA", OKPKey.generate_key("Ed25519")),
        )
        self.keys = {}
        for name, key in made:
            as_dict = key.as_dict(private=True) | {"kid": secrets.token_hex(4), "use": "sig"}
            self.keys[name] = type(key).import_key(as_dict)

    def public(self) -> dict[str, Any]:
        return dict(KeySet(list(self.keys.values())).as_dict(private=False))

    def vouched(self, id_token: str) -> str:
        """Whose ID token this is, if it is one of ours."""
        return str(jwt.decode(id_token, KeySet(list(self.keys.values()))).claims["sub"])

    def id_token(self, nonce: str) -> str:
        now = int(time.time())
        said = {"iss": self.issuer, "sub": self.subject, "aud": CLIENT, "exp": now + 300, "iat": now, "nonce": nonce}
        said = {name: value for name, value in (said | self.claims).items() if value is not None}
        key = self.keys.get(self.algorithm, self.keys["RS256"])
        head = {"alg": self.algorithm, "kid": key.kid}
        match self.algorithm:
            case "none":
                return signed(head, said, lambda _: b"")
            case "HS256":  # the public key taken for a shared secret (RFC 8725, 2.1)
                return signed(head, said, lambda text: hmac.digest(key.as_pem(private=False), text, "sha256"))
            case "EdDSA":
                return signed(head, said, key.private_key.sign)
        return jwt.encode(head, said, key)


def signed(head: dict[str, Any], said: dict[str, Any], sign: Callable[[bytes], bytes]) -> str:
    """A JWS as its standard has it, for what a library would refuse to make."""
    text = ".".join(_url(json.dumps(each).encode()) for each in (head, said))
    return f"{text}.{_url(sign(text.encode()))}"


def _url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class _Handler(BaseHTTPRequestHandler):
    openid: OpenId

    def do_GET(self) -> None:
        path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        openid = self.openid
        openid.asked.append(path)
        if openid.down:
            self._say(503, b"gone")
        elif path == "/.well-known/openid-configuration":
            base = openid.issuer
            found = {
                "issuer": base,
                "authorization_endpoint": f"{base}/authorize",
                "token_endpoint": f"{base}/token",
                "jwks_uri": f"{base}/jwks",
                "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            } | openid.discovery
            self._say(200, json.dumps(found).encode())
        elif path == "/jwks":
            self._say(200, openid.jwks_body or json.dumps(openid.public()).encode())
        elif path == "/authorize":
            self._authorize({name: values[0] for name, values in query.items()})
        else:
            self._say(404, b"")

    def _authorize(self, asked: dict[str, str]) -> None:
        """Everybody who comes is signed in as the subject of the moment."""
        code = secrets.token_urlsafe(16)
        self.openid.codes[code] = asked
        back = asked["redirect_uri"] + "?" + urlencode({"code": code, "state": asked["state"]})
        self.send_response(302)
        self.send_header("Location", back)
        self.end_headers()

    def do_POST(self) -> None:
        openid = self.openid
        openid.asked.append("/token")
        body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        time.sleep(openid.nap)
        if openid.token_status != 200 or openid.token_body is not None:
            self._say(openid.token_status, openid.token_body or b"no")
            return
        asked = openid.codes.pop(body["code"][0], None)  # a code is taken once
        if not self._authentic():
            self._say(401, b'{"error": "invalid_client"}')
        elif asked is None or not _proved(asked, body) or body["redirect_uri"][0] != asked["redirect_uri"]:
            self._say(400, b'{"error": "invalid_grant", "error_description": "<b>no</b>"}')
        else:
            token = {"access_token": "a", "token_type": "Bearer", "id_token": openid.id_token(asked["nonce"])}
            self._say(200, json.dumps(token).encode())

    def _authentic(self) -> bool:
        kind, _, given = self.headers.get("Authorization", "").partition(" ")
        name, _, secret = base64.b64decode(given).decode().partition(":")
        return (kind, name, secret) == ("Basic", CLIENT, self.openid.secret)

    def _say(self, status: int, body: bytes) -> None:
        with contextlib.suppress(ConnectionError):  # who waited no longer
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(1_000_000 if self.path == self.openid.drips else len(body)))
            self.end_headers()
            while self.path == self.openid.drips:
                self.wfile.write(b" ")
                time.sleep(0.02)
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


def _proved(asked: dict[str, str], body: dict[str, list[str]]) -> bool:
    """PKCE (RFC 7636): the code belongs to whoever knows the verifier."""
    digest = _url(hashlib.sha256(body["code_verifier"][0].encode()).digest())
    return asked["code_challenge_method"] == "S256" and asked["code_challenge"] == digest


@contextlib.contextmanager
def served() -> Iterator[OpenId]:
    """A provider that listens, until the end of the block."""
    openid = OpenId()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"openid": openid}))
    openid.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield openid
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

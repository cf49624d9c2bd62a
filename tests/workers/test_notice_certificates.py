"""Passwords and notices go only to hosts that their certificates vouch for."""

import contextlib
import ssl
import subprocess
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from tests.workers.desk_of_notices import ADDRESS, INSIDE, KEY, SENDER
from tests.workers.receivers import Mailroom, mailroom, receiver
from workers.notices import handing
from workers.notices.mailing import Smtp


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for "localhost" and its key, in one file."""
    folder = tmp_path_factory.mktemp("tls")
    made = folder / "both.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
               "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
               "-keyout", folder / "key.pem", "-out", folder / "certificate.pem"]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    made.write_text((folder / "key.pem").read_text() + (folder / "certificate.pem").read_text())
    return made


def starttls_room(certificate: Path) -> contextlib.AbstractContextManager[Mailroom]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def known(
        _server: object, _session: object, _envelope: object, _mechanism: str, given: LoginPassword
    ) -> AuthResult:
        return AuthResult(success=given == LoginPassword(b"kaohe", b"p w:%"))

    return mailroom(tls_context=context, require_starttls=True, authenticator=known, auth_required=True)


def letter() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = SENDER, ADDRESS
    message.set_content("您好", cte="base64")
    return message


def test_a_password_goes_only_to_a_server_with_the_hosts_certificate(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with starttls_room(certificate) as room:
        server = Smtp("localhost", room.port, "starttls", "kaohe", "p w:%")
        assert handing.by_mail(server, letter(), lambda: None).why == "unreachable"  # nobody vouches for it
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert handing.by_mail(server, letter(), lambda: None).outcome == "sent"
        other = Smtp("127.0.0.1", room.port, "starttls", "kaohe", "p w:%")
        assert (
            handing.by_mail(other, letter(), lambda: None).why == "unreachable"
        )  # another name than the certificate's
        assert len(room.messages) == 1


def test_a_server_that_drops_tls_gets_no_letter(room: Mailroom) -> None:
    assert handing.by_mail(Smtp("localhost", room.port, "starttls"), letter(), lambda: None).why == "unreachable"
    assert room.messages == []


def test_a_webhook_believes_only_the_hosts_own_certificate_at_the_address_it_looked_at(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiver(certificate) as hook:
        url = hook.url().replace("http://127.0.0.1", "https://localhost")

        def send(url: str) -> str:
            return handing.by_webhook(url, b"{}", "0" * 32, [KEY], INSIDE, lambda: None).outcome

        assert send(url) == "again"  # nobody vouches for it
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert send(url) == "sent"
        assert send(url.replace("localhost", "127.0.0.1")) == "again"
        assert [came.headers["host"] for came in hook.posts] == [f"localhost:{hook.port}"]

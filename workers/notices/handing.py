"""Handing one notice over by SMTP or HTTP: what fails before the hand-over was not sent, what stays unanswered may be.

``begin`` is called once, when everything is ready and before the first byte of the notice leaves; if it raises,
nothing was handed over.
"""

import smtplib
import ssl
import time
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from threading import Timer

from domain.deliveries import Verdict, of_reply, of_status
from workers.notices import signature
from workers.notices.mailing import Network, Smtp
from workers.notices.targets import Forbidden, Unresolved, target
from workers.post import Door, Unanswered, Unreachable, cut, post

SECONDS = 10.0
Begin = Callable[[], None]
_YES = range(200, 300)
_CLEAR = range(200, 600)


def by_mail(server: Smtp, message: EmailMessage, begin: Begin) -> Verdict:
    """RFC 5321: everything up to RCPT TO can be taken back; from DATA on, only the server's reply says what became."""
    try:
        smtp = _connected(server, str(message["From"]).partition("@")[2])
    except (OSError, smtplib.SMTPException) as error:
        return _trouble(error)
    end = Timer(SECONDS, lambda: cut(smtp.sock))
    end.daemon = True
    end.start()
    try:
        return _introduced(smtp, server, message) or _handed(smtp, message, begin)
    finally:
        end.cancel()
        smtp.close()


def _connected(server: Smtp, name: str) -> smtplib.SMTP:
    # Named, because the standard library would ask the network for our name.
    if server.tls == "implicit":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, local_hostname=name, timeout=SECONDS, context=context)
    return smtplib.SMTP(server.host, server.port, local_hostname=name, timeout=SECONDS)


def _introduced(smtp: smtplib.SMTP, server: Smtp, message: EmailMessage) -> Verdict | None:
    """Everything before DATA; None when the server is ready for the message."""
    try:
        if server.tls == "starttls":
            smtp.starttls(context=ssl.create_default_context())
        if server.user:
            smtp.login(server.user, server.password)
        smtp.ehlo_or_helo_if_needed()
        code, _ = smtp.mail(str(message["From"]))
        if code not in _YES:
            return Verdict("again", f"smtp {code}")
        code, _ = smtp.rcpt(str(message["To"]))
    except (OSError, smtplib.SMTPException) as error:
        return _trouble(error)
    return None if code in _YES else of_reply(code)


def _trouble(error: Exception) -> Verdict:
    """Of the connection, TLS, the password or our own sender: no letter dies of that at once."""
    if isinstance(error, smtplib.SMTPResponseException):
        return Verdict("again", f"smtp {error.smtp_code}")
    return Verdict("again", "unreachable")


def _handed(smtp: smtplib.SMTP, message: EmailMessage, begin: Begin) -> Verdict:
    begin()
    try:
        code, _ = smtp.data(message.as_bytes())
    except smtplib.SMTPDataError as refusal:
        return of_reply(refusal.smtp_code)  # before the message
    except (OSError, smtplib.SMTPException):
        return Verdict("uncertain", "no answer")
    return of_reply(code) if code in _CLEAR else Verdict("uncertain", f"smtp {code}")


def by_webhook(
    url: str, body: bytes, delivery: str, secrets: Sequence[str], inside: Sequence[Network], begin: Begin
) -> Verdict:
    """One signed POST to the very address that was looked at; the id is the same in every attempt."""
    try:
        at = target(url, inside)
    except Forbidden:
        return Verdict("dead", "forbidden address")
    except Unresolved:
        return Verdict("again", "unresolved")
    signed = signature.headers(f"msg_{delivery}", int(time.time()), body, secrets)
    media_type, door = "application/cloudevents+json", Door(at, begin)
    try:
        reply = post(url, body, media_type=media_type, seconds=SECONDS, most=0, headers=signed, door=door)
    except Unanswered:
        return Verdict("uncertain", "no answer")
    except Unreachable:
        return Verdict("again", "unreachable")
    return of_status(reply.status)

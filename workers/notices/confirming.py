"""Finding out whose address it is: a code that goes there by mail, a signed ping that a webhook answers.

The code is drawn when its letter leaves and stands nowhere but in it; the record has its SHA-256, before it leaves.
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage

from domain import facts
from domain.channels import Channel
from domain.codes import LIFETIME
from events.codec import to_event
from events.conflicts import WrongVersion
from events.entry import Actor, utc_text
from events.store import EventStore
from workers.notices.letters import House, envelope
from workers.notices.outbox import Notice

WORKER = Actor("", "worker")
_BYTES = 16  # of chance: the digest in the record tells nobody the code
_TRIES = 5


def coded(
    store: EventStore, notice: Notice, channel: Channel, address: str, house: House
) -> tuple[EmailMessage, Callable[[], None]]:
    """The letter with a fresh code, and what records the code; to be called before the letter leaves."""
    code = secrets.token_urlsafe(_BYTES)
    digest = hashlib.sha256(code.encode()).hexdigest()
    # A letter of its own each time: what knows letters by their id must not drop the newer code.
    message = envelope(notice, digest[:32], address, house)
    where = house.public + "/api/v1/me/notices/channels/email/confirmation"
    spoken = 0 if channel.language == "zh" else 1
    message["Subject"] = _SUBJECT[spoken]
    message.set_content(_TEXT[spoken].format(code, where), cte="base64")

    def record() -> None:
        expires = utc_text(datetime.now(UTC) + LIFETIME)
        say(store, notice.person, facts.NoticeCodeIssued(channel.address, digest, expires))

    return message, record


def answered(store: EventStore, notice: Notice, channel: Channel) -> None:
    """Records that the person's webhook answered the ping."""
    say(store, notice.person, facts.NoticeAddressConfirmed("webhook", channel.address, ""))


def say(store: EventStore, person: str, fact: facts.Fact) -> None:
    """Adds a fact to the end of a person's stream, whoever adds to it meanwhile."""
    stream = f"person/{person}"
    for left in reversed(range(_TRIES)):
        try:
            store.append(stream, store.head(stream), [to_event(fact)], by=WORKER)
        except WrongVersion:
            if not left:
                raise
        else:
            return


_SUBJECT = ("【考核】请确认通知地址", "[Kaohe] confirm where notices reach you")
_TEXT = (
    """您好：

有人请考核系统把通知发到这个邮箱。如果是您本人，请在24小时内提交以下确认码：

    {}

提交到：{}

如果不是您，请忽略本邮件：未经确认，不会再有通知发到这里。本邮件由系统自动发出，请勿回复。
""",
    """Hello,

somebody asked that notices of the assessment go to this mailbox. If it was you, show this code within 24 hours:

    {}

Where: {}

If it was not you, do nothing: unless it is confirmed, no notice comes here. This message was sent by a program; do
not answer it.
""",
)

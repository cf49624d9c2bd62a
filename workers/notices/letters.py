"""What a notice says: what happened and where to look, in the person's language; no figure, no name, no reason.

Whoever reads other people's mail learns no more than that something waits; the rest needs a token.
"""

from dataclasses import dataclass
from datetime import timedelta, timezone
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from domain.told.row import Row
from domain.told.table import ALSO, DEAD_LETTERS, ON_KEYS, TOLD
from events.canonical import canonical
from events.codec import TYPES
from events.entry import utc_text
from workers.notices.outbox import Notice
from workers.notices.places import CHANNELS, path, place

SHANGHAI = timezone(timedelta(hours=8))
_ROWS: dict[str, tuple[Row, ...]] = {
    name: tuple(table[kind] for table in (ON_KEYS, TOLD, ALSO) if kind in table) for name, kind in TYPES.items()
}


@dataclass(frozen=True, slots=True)
class House:
    """Where letters come from: the log's origin, the public address, the sender."""

    origin: str
    public: str
    sender: str = ""


def title(name: str, kind: str) -> tuple[str, str]:
    """What an event of this type is called in Chinese and English, to whom it is told as of a kind."""
    rows = _ROWS.get(name) or (DEAD_LETTERS,)
    row = next((each for each in rows if each.kind == kind), rows[0])
    return row.zh, row.en


def mail(notice: Notice, delivery: str, address: str, language: str, house: House) -> EmailMessage:
    """The letter; its Message-ID is the same however often it is written."""
    message = envelope(notice, delivery, address, house)
    zh, en = title(notice.type, notice.kind)
    where_zh, where_en = place(notice.stream, notice.unit)
    link = house.public + path(notice.stream, notice.unit, notice.kind, notice.type)
    end = house.public + CHANNELS
    if language == "zh":
        message["Subject"] = f"【考核】{zh}" + (f"：{where_zh}" if where_zh else "")
        message.set_content(_CHINESE.format(zh, where_zh or "—", _when(notice), link, end), cte="base64")
    else:
        message["Subject"] = f"[Kaohe] {en}" + (f": {where_en}" if where_en else "")
        message.set_content(_ENGLISH.format(en, where_en or "-", _when(notice), link, end), cte="base64")
    return message


def envelope(notice: Notice, identity: str, address: str, house: House) -> EmailMessage:
    """A letter without subject and text; ``identity`` makes its Message-ID."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = house.sender, address
    message["Date"] = notice.occurred_at
    message["Message-ID"] = f"<{identity}@{house.sender.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834, section 5: nobody's absence is to answer it
    return message


def call(notice: Notice, delivery: str, house: House) -> bytes:
    """The webhook's body: a CloudEvent (1.0, structured JSON), to the last byte the same in every attempt."""
    zh, en = title(notice.type, notice.kind)
    data: dict[str, Any] = {
        "event": notice.cause,
        "type": notice.type,
        "kind": notice.kind,
        "position": notice.position,
        "title_zh": zh,
        "title_en": en,
        "link": house.public + path(notice.stream, notice.unit, notice.kind, notice.type),
    }
    return canonical(
        {
            "specversion": "1.0",
            "id": delivery,
            "source": house.origin,
            "type": "kaohe.notice",
            "subject": notice.stream,
            "time": utc_text(notice.occurred_at),
            "datacontenttype": "application/json",
            "data": data,
        }
    )


def _when(notice: Notice) -> str:
    return f"{notice.occurred_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M} (UTC+8)"


_CHINESE, _ENGLISH = (
    """您好：

考核系统中有一件与您有关的事项：{}。
范围：{}
时间：{}
查看：{}

本邮件由系统自动发出，请勿回复。更改或关闭通知：{}
""",
    """Hello,

something in the assessment concerns you: {}.
About: {}
When: {}
Look: {}

This message was sent by a program; do not answer it. To change or end notices: {}
""",
)

"""What a notice says: what happened and where to look, in the person's language; no figure, no name, no reason.

Whoever reads other people's mail learns no more than that something waits; the rest needs a token.
"""

from dataclasses import dataclass
from datetime import timedelta, timezone
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from domain.told.accounts import ACCOUNT
from domain.told.row import Row
from domain.told.table import ALSO, DEAD_LETTERS, ON_KEYS, TOLD
from domain.told.work import ADDRESS
from events.canonical import canonical
from events.codec import TYPES
from events.entry import utc_text
from workers.notices.outbox import Notice

_OWN = {ADDRESS: "/api/v1/me/notices/channels", ACCOUNT: "/api/v1/me"}
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


def path(stream: str, unit: str = "", kind: str = "") -> str:
    """Where to look: the resource of a stream, as a path of this service; of a sheet the ``unit``'s own.

    Who is told of another unit's act on their joint claim may look at his unit's sheet alone. ``kind``: of the notice.
    """
    if kind in _OWN:
        return _OWN[kind]
    sort, _, rest = stream.partition("/")
    parts = rest.split("/")
    match sort:
        case "sheet":
            cycle, own, item = parts
            return f"/api/v1/cycles/{cycle}/units/{unit or own}/sheets/{item}"
        case "claim":
            return f"/api/v1/cycles/{parts[0]}/register"
        case "cycle":
            return f"/api/v1/cycles/{rest}"
        case "rubric" | "recomputation" | "erasure":
            return f"/api/v1/{sort}s/{rest}"
        case "person":
            return f"/api/v1/people/{rest}"
    return "/api/v1/notices/dead-letters"


def place(stream: str, unit: str = "") -> tuple[str, str]:
    """What a stream is about, in Chinese and English; empty when it is about no cycle; ``unit`` as in ``path``."""
    kind, *parts = stream.split("/")
    if kind == "sheet":
        cycle, own, item = parts
        named = unit or own
        return f"{cycle} 考核，单位 {named}，第 {item} 项", f"cycle {cycle}, unit {named}, item {item}"
    return (f"{parts[0]} 考核", f"cycle {parts[0]}") if kind in {"cycle", "claim"} else ("", "")


def mail(notice: Notice, delivery: str, address: str, language: str, house: House) -> EmailMessage:
    """The letter; its Message-ID is the same however often it is written."""
    message = envelope(notice, delivery, address, house)
    zh, en = title(notice.type, notice.kind)
    where_zh, where_en = place(notice.stream, notice.unit)
    link = house.public + path(notice.stream, notice.unit, notice.kind)
    if language == "zh":
        message["Subject"] = f"【考核】{zh}" + (f"：{where_zh}" if where_zh else "")
        message.set_content(_CHINESE.format(zh, where_zh or "—", _when(notice), link), cte="base64")
    else:
        message["Subject"] = f"[Kaohe] {en}" + (f": {where_en}" if where_en else "")
        message.set_content(_ENGLISH.format(en, where_en or "-", _when(notice), link), cte="base64")
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
        "link": house.public + path(notice.stream, notice.unit, notice.kind),
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


_CHINESE = """您好：

考核系统中有一件与您有关的事项：{}。
范围：{}
时间：{}
查看：{}

本邮件由系统自动发出，请勿回复。更改或关闭通知：/api/v1/me/notices/channels
"""
_ENGLISH = """Hello,

something in the assessment concerns you: {}.
About: {}
When: {}
Look: {}

This message was sent by a program; do not answer it. To change or end notices: /api/v1/me/notices/channels
"""

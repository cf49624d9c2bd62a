"""Entries that cannot be read: by which errors that is known, and which stream is parked for one."""

import msgspec

from events.codec import UnknownEvent
from workers.rules import UnknownRules

Unreadable = (KeyError, ValueError, TypeError, AttributeError, msgspec.MsgspecError, UnknownEvent, UnknownRules)

NAMELESS = "nameless/"  # stands for the stream of an entry that does not even tell its stream


class Subject(msgspec.Struct):
    """The stream of an entry that is otherwise unreadable."""

    subject: str


_subject = msgspec.json.Decoder(Subject).decode


def stream_of(entry: bytes, position: int) -> str:
    """The stream of an entry that may be unreadable otherwise; a name of its own where it tells not even that."""
    try:
        return _subject(entry).subject
    except msgspec.MsgspecError:
        return f"{NAMELESS}{position}"

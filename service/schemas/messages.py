"""What a schema says of a body it does not take, with its place, in Chinese and English."""

import re
from collections.abc import Iterator
from typing import Any

# marshmallow's own sentences; a test finds one that is missing here.
_SENTENCES = (
    (r"Missing data for required field\.", "缺少必填项"),
    (r"Field may not be null\.", "不得为空值"),
    (r"Unknown field\.", "没有这个字段"),
    (r"Invalid (?:input )?type\.", "须为对象"),
    (r"Invalid value\.", "取值无效"),
    (r"Not a valid string\.", "须为文本"),
    (r"Not a valid utf-8 string\.", "不是有效的文本"),
    (r"Not a valid integer\.", "须为整数"),
    (r"Not a valid number\.", "须为数字"),
    (r"Number too large\.", "数字过大"),
    (r"Not a valid boolean\.", "须为 true 或 false"),
    (r"Not a valid mapping type\.", "须为对象"),
    (r"Not a valid list\.", "须为列表"),
    (r"Not a valid file\.", "须为文件"),
    (r"Not a valid (?:aware |naive )?datetime\.", "须为带时区的时间（RFC 3339）"),
    (r'".*" cannot be formatted as a datetime\.', "须为带时区的时间（RFC 3339）"),
    (r"Must be one of: (.*)\.", "须为其中之一：{0}"),
    (r"Must be equal to (.*)\.", "须等于 {0}"),
    (r"Must be greater than or equal to (.*) and less than or equal to (.*)\.", "须在 {0} 与 {1} 之间"),
    (r"Must be greater than or equal to (.*)\.", "不得小于 {0}"),
    (r"Must be less than or equal to (.*)\.", "不得大于 {0}"),
    (r"Length must be between (\d+) and (\d+)\.", "长度须在 {0} 与 {1} 之间"),
    (r"Shorter than minimum length (\d+)\.", "长度不得少于 {0}"),
    (r"Longer than maximum length (\d+)\.", "长度不得超过 {0}"),
    (r"Length must be (\d+)\.", "长度须为 {0}"),
    (r"String does not match expected pattern\.", "格式不符"),
)
_TABLE = tuple((re.compile(pattern, re.DOTALL), zh) for pattern, zh in _SENTENCES)
_BODIES = frozenset({"json", "query", "form", "files"})
_SHORT = 200


def complaints(messages: Any) -> list[dict[str, str]]:
    """The messages of a schema, flat: where, and what in Chinese and English."""
    return [{"place": place[:_SHORT], **both(text)} for place, text in _flat(messages, "")]


def both(text: str) -> dict[str, str]:
    """One message in both languages; our own are written "中文 / English"."""
    for pattern, zh in _TABLE:
        if found := pattern.fullmatch(text):
            return {"zh": zh.format(*found.groups()), "en": text}
    zh, slash, en = text.partition(" / ")
    return {"zh": zh, "en": en} if slash else {"zh": "内容无效", "en": text}


def _flat(messages: Any, place: str) -> Iterator[tuple[str, str]]:
    match messages:
        case dict():
            for name, inner in messages.items():
                # The part of the request is no place in it, and marshmallow's "_schema" is the whole.
                part = "" if (not place and name in _BODIES) or name == "_schema" else str(name)
                yield from _flat(inner, f"{place}.{part}".strip("."))
        case list():
            for inner in messages:
                yield from _flat(inner, place)
        case _:
            yield place, str(messages)

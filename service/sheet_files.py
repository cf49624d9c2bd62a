"""A unit's figures in a JSON file, read strictly: what is doubtful is refused with its place."""

import json
import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from domain.figures import BadFigures, quote

LARGEST = 1024 * 1024
MOST_DIGITS = 40
MEMBERS = ("rubric", "cohort", "leaves")
_TWICE = object()


@dataclass(frozen=True, slots=True)
class SheetFile:
    """What the file says; ``leaves`` are raw figures, still to be checked against the rubric."""

    rubric: str
    cohort: str
    leaves: dict[str, Any]


def read(name: str) -> SheetFile:
    """The sheet in the file of that name, "-" being standard input; raises BadFigures naming the place."""
    document = _parse(name, _bytes(name))
    if not isinstance(document, dict):
        raise BadFigures(quote(name), "须为JSON对象", "must be a JSON object")
    for key in document:
        if key not in MEMBERS:
            raise BadFigures(quote(key), "未知的成员", f"unknown member; takes {', '.join(MEMBERS)}")
    return SheetFile(
        _member(document, "rubric", str), _member(document, "cohort", str), _member(document, "leaves", dict)
    )


def _member(document: dict[str, Any], key: str, kind: type) -> Any:
    if key not in document:
        raise BadFigures(key, "缺少该成员", "is missing")
    if not isinstance(document[key], kind):
        zh, en = ("须为文本", "must be a text") if kind is str else ("须为JSON对象", "must be a JSON object")
        raise BadFigures(key, zh, en)
    return document[key]


def _bytes(name: str) -> bytes:
    try:
        if name == "-":
            content = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with Path(name).open("rb") as file:
                content = file.read(LARGEST + 1)
    except (OSError, ValueError) as bad:
        why = quote(bad.strerror if isinstance(bad, OSError) else str(bad))
        raise BadFigures(quote(name), f"无法读取文件：{why}", f"cannot be read: {why}") from bad
    if len(content) > LARGEST:
        raise BadFigures(quote(name), "文件超过1 MiB", "is larger than 1 MiB")
    return content


def _parse(name: str, content: bytes) -> Any:
    """The JSON value; fractions stay Decimals, which no figure takes, so that the refusal can name the leaf."""
    try:
        document = json.loads(
            content.decode("utf-8-sig"),
            object_pairs_hook=_marked,
            parse_int=_integer,
            parse_float=Decimal,
            parse_constant=Decimal,
        )
        _refuse_twice(document, "")
    except BadFigures:
        raise
    except UnicodeDecodeError as bad:
        raise BadFigures(
            quote(name), f"第{bad.start + 1}个字节起不是UTF-8文本", f"is not UTF-8 from byte {bad.start + 1} on"
        ) from bad
    except RecursionError as bad:
        raise BadFigures(quote(name), "JSON嵌套过深", "JSON is nested too deeply") from bad
    except json.JSONDecodeError as bad:
        zh, en = f"第{bad.lineno}行第{bad.colno}列不是JSON", f"is not JSON at line {bad.lineno}, column {bad.colno}"
        raise BadFigures(quote(name), zh, f"{en}: {bad.msg}") from bad
    return document


def _marked(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object, with a mark in place of a repeated member: its place is known only once the whole file is read."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        found[key] = _TWICE if key in found else value
    return found


def _refuse_twice(value: Any, path: str) -> None:
    if value is _TWICE:
        raise BadFigures(path, "成员重复", "the member stands twice")
    if isinstance(value, dict):
        for key, member in value.items():
            _refuse_twice(member, f"{path}.{quote(key)}" if path else quote(key))
    elif isinstance(value, list):
        for index, member in enumerate(value):
            _refuse_twice(member, f"{path}[{index}]")


def _integer(digits: str) -> int:
    """The integer; one with too many digits becomes one that is surely out of every range."""
    return int(digits) if len(digits) <= MOST_DIGITS else 10**MOST_DIGITS

"""JSON read strictly (RFC 8259 and no more).

A body is refused as unreadable (400) for bad UTF-8, bad JSON, a member named twice, NaN and its like, numbers or
depths no reader should be asked to take; as invalid (422) for texts that are none.
"""

import json
from collections.abc import Iterator
from typing import Any, NoReturn

from service.problems import Problem
from service.schemas.messages import complaints

_LARGEST = 2**53 - 1


def read_json(body: bytes) -> Any:
    """The value of a JSON text; raises the 400 problem, or the 422 one for letters that are no text."""
    try:
        value = json.loads(body.decode(), object_pairs_hook=_once, parse_constant=_refused, parse_int=_bounded)
        odd = next(_odd_texts(value, ""), None) if b"\\" in body or b"\x00" in body else None
    except RecursionError:
        raise Problem(400, detail_zh="嵌套过深", detail_en="nested too deeply") from None
    except ValueError as bad:
        raise Problem(400, detail_zh=f"不是有效的JSON：{_short(bad)}", detail_en=f"not JSON: {_short(bad)}") from None
    if odd is not None:
        raise Problem(422, extra={"errors": complaints({"json": {odd: ["Not a valid utf-8 string."]}})})
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is named twice")
    return members


def _refused(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON number")


def _bounded(digits: str) -> int:
    number = int(digits)
    if not -_LARGEST <= number <= _LARGEST:
        raise ValueError("an integer beyond 2^53-1")
    return number


def _odd_texts(value: Any, place: str) -> Iterator[str]:
    """Where a text holds a NUL or a lone surrogate, which JSON can spell and no record can hold."""
    match value:
        case str() if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            yield place
        case dict():
            for name, member in value.items():
                yield from _odd_texts(name, place)
                yield from _odd_texts(member, f"{place}.{name}".lstrip("."))
        case list():
            for index, member in enumerate(value):
                yield from _odd_texts(member, f"{place}[{index}]")


def _short(bad: ValueError) -> str:
    if isinstance(bad, UnicodeDecodeError):
        return f"byte {bad.start} is not UTF-8"
    return str(bad).partition(";")[0][:80]

"""What figures are, and how their members are read: strictly, each refusal naming the member and the reason.

Figures are a plain table of JSON values, recorded as they came; ``domain.figure_kinds`` says which each kind of rule
takes, and ``domain.figure_checks`` holds them against a leaf.
"""

from collections.abc import Collection, Mapping
from typing import Any, NoReturn, TypeAlias

from domain import points

Figures: TypeAlias = Mapping[str, Any]

LARGEST = 10**12
MOST_AWARDS = 1000
LONGEST_QUOTE = 60


class BadFigures(ValueError):
    """The figures do not fit the leaf; ``path`` names the member, ``zh`` and ``en`` say why."""

    def __init__(self, path: str, zh: str, en: str) -> None:
        super().__init__(f"{path}: {en}")
        self.path = path
        self.zh = zh
        self.en = en


def quote(value: Any) -> str:
    """A short, printable form of anything a stranger sent, safe for a terminal and a log."""
    text = value if isinstance(value, str) and value and value.isprintable() else ascii(value)
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"


def refuse(path: str, zh: str, en: str) -> NoReturn:
    """Raises BadFigures."""
    raise BadFigures(path, zh, en)


def only(raw: Figures, keys: Collection[str], path: str) -> None:
    """Refuses a member that is none of ``keys``."""
    for key in raw:
        if key not in keys:
            known = ", ".join(sorted(keys))
            refuse(f"{path}.{quote(key)}", f"未知的数据，可填：{known}", f"unknown figure; takes {known}")


def member(raw: Figures, key: str, path: str) -> Any:
    """The member, which must be there."""
    if key not in raw:
        refuse(f"{path}.{key}", "缺少该数据", "is missing")
    return raw[key]


def whole(raw: Figures, key: str, path: str, least: int = 0) -> int:
    """The member as a whole number within bounds; a bool or a float is none."""
    value = member(raw, key, path)
    if type(value) is not int:
        refuse(f"{path}.{key}", "须为整数", "must be a whole number")
    if not least <= value <= LARGEST:
        refuse(f"{path}.{key}", f"须在{least}至10的12次方之间", f"must be between {least} and 10^12")
    return value


def words(raw: Figures, key: str, known: Collection[str], path: str) -> None:
    """Refuses a member that is no list of ``known`` words."""
    value = member(raw, key, path)
    if not isinstance(value, list) or len(value) > MOST_AWARDS:
        refuse(f"{path}.{key}", "须为列表", f"must be a list of at most {MOST_AWARDS} of {', '.join(known)}")
    for index, each in enumerate(value):
        if not isinstance(each, str) or each not in known:
            refuse(
                f"{path}.{key}[{index}]",
                f"未知：{quote(each)}；可用：{'、'.join(known)}",
                f"unknown: {quote(each)}; takes {', '.join(known)}",
            )


def hundredths(raw: Figures, path: str) -> int:
    """The member ``points`` in hundredths."""
    value = member(raw, "points", path)
    if not isinstance(value, str):
        refuse(f"{path}.points", "须为两位小数的文本", 'must be a text with two decimals ("0.50"), not a number')
    try:
        return points.parse(value)
    except points.BadPoints as bad:
        refuse(f"{path}.points", bad.zh, bad.en)

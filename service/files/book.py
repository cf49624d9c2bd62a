"""What goes out: tables with named columns, and the manifest of what was left out of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from domain.rubric.texts import Text


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its code, its title, and what its cells are.

    "points" are texts with two decimals ("-0.05"), or a word where there are none; "whole" are integers. Codes are the
    same in every language; ``words`` say what each of them means, beside the tables of a workbook.
    """

    id: str
    title: Text
    kind: Literal["text", "points", "whole"] = "text"
    width: int = 14
    choices: tuple[str, ...] = ()
    words: Mapping[str, Text] = field(default_factory=dict)

    def coded(self, lang: str) -> str:
        """Its code and its title, for a header that is read back by the code before the first blank."""
        title = self.title.in_(lang)
        return title if title.partition(" ")[0] == self.id else f"{self.id} {title}"


Row = Sequence[str | int | None]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns; None is an empty cell.

    ``heading`` stands above the columns on paper. ``spans``: (first row, column, last row, column) of the body, from
    0, that are one cell on paper. ``choices``: (row, texts that the last column takes there).
    """

    id: str
    title: Text
    columns: Sequence[Column]
    rows: Sequence[Row]
    heading: str = ""
    spans: Sequence[tuple[int, int, int, int]] = ()
    choices: Sequence[tuple[int, tuple[str, ...]]] = ()


@dataclass(frozen=True, slots=True)
class Omission:
    """What was left out, why, and which things, by their codes."""

    code: str
    zh: str
    en: str
    things: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """Tables with what was asked for (``scope``), the position they stand at, and what is missing from them.

    Cells and headings are written in one language; the titles and omissions say everything in both.
    """

    what: str
    title: Text
    position: int
    scope: Mapping[str, str]
    tables: Sequence[Table]
    omissions: Sequence[Omission] = ()
    about: Mapping[str, Any] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """In which language it is written, "zh" or "en"; what was asked for says it."""
        return self.scope.get("language", "zh")

    @property
    def rows(self) -> int:
        """The rows of all tables."""
        return sum(len(table.rows) for table in self.tables)

    def manifest(self, without: Sequence[Omission] = ()) -> dict[str, Any]:
        """What is in it and what is not, in the order of importance; the same for the same record and question."""
        return {
            "what": self.what,
            "title_zh": self.title.zh,
            "title_en": self.title.en,
            "position": self.position,
            "scope": dict(self.scope),
            **self.about,
            "tables": {table.id: len(table.rows) for table in self.tables},
            "omissions": [
                {"code": each.code, "zh": each.zh, "en": each.en, "count": len(each.things),
                 "things": list(each.things)}
                for each in (*self.omissions, *without)
            ],
        }  # fmt: skip

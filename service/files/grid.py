"""A table as it stands in a file: cells with their places, and what is wrong with one or with the whole."""

from dataclasses import dataclass

MOST_ROWS = 20_000
MOST_COLUMNS = 40
LONGEST_CELL = 4_000

# What may be wrong with a file (it is refused as a whole) or with a cell (its row is refused), in both languages.
FLAWS = {
    "unknown-type": ("只接受XLSX或CSV，且内容须与扩展名一致", "XLSX or CSV only, and the bytes are what the name says"),
    "macros": ("不接受带宏或嵌入内容的工作簿", "a workbook with macros or embedded content is not taken"),
    "too-much": ("表格过大，或压缩比异常", "the table is too large, or packed beyond belief"),
    "bad-workbook": ("工作簿无法读取", "the workbook cannot be read"),
    "xml-entities": ("工作簿含有XML实体或DTD声明", "the workbook declares XML entities or a DTD"),
    "hidden-sheet": ("含有隐藏的工作表，请取消隐藏或删除", "a sheet is hidden: show it or delete it"),
    "hidden-column": ("含有隐藏的列，请取消隐藏", "a column is hidden: show it"),
    "extra-sheet": ("只读取第一个工作表，其他工作表须为空", "only the first sheet is read; the others must be empty"),
    "merged-cells": ("含有合并单元格，请取消合并", "cells are merged: unmerge them"),
    "encoding": ("须为UTF-8或GB18030编码的文本", "the text must be UTF-8 or GB 18030"),
    "bad-csv": ("不是有效的CSV", "not a valid CSV"),
    "no-header": ("第一行须为表头，且列名不得缺少、重复或多余",
                  "the first row must name every column, none twice and none unknown"),
    "empty-file": ("表头之下没有数据行", "there is no row below the header"),
    "formula": ("不接受公式，请粘贴为数值", "a formula is not taken: paste the value itself"),
    "date": ("单元格是日期，请改为文本或数字", "the cell is a date: make it a text or a number"),
    "percent": ("单元格是百分数，请填写原始数字", "the cell is a percentage: give the number itself"),
    "error-value": ("单元格是错误值", "the cell holds an error value"),
    "too-long": ("单元格内容过长", "the cell is too long"),
    "not-text": ("含有控制字符或无效字符", "control characters or lone surrogates are not text"),
    "hidden-row": ("该行被隐藏或筛选，请先显示", "the row is hidden or filtered away: show it first"),
    "outside": ("该列没有列名", "the column has no name"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says, as text; ``flaw`` is why it cannot be taken, a key of FLAWS."""

    text: str
    flaw: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of the data sheet by (row, column), both from 1; ``format`` is "xlsx" or "csv"."""

    format: str
    cells: dict[tuple[int, int], Cell]
    hidden_rows: frozenset[int] = frozenset()


class BadFile(ValueError):
    """A file that is refused as a whole: ``code`` is a key of FLAWS, ``place`` the sheet, cell or line."""

    def __init__(self, code: str, place: str = "") -> None:
        super().__init__(f"{code} {place}".strip())
        self.code = code
        self.place = place
        self.zh, self.en = FLAWS[code]


def cell_of(text: str, flaw: str = "") -> Cell:
    """A cell of a stranger's text: stripped, and flawed where it is no text or too long."""
    if not flaw and len(text) > LONGEST_CELL:
        return Cell(text[:40], "too-long")
    if any((letter < " " and letter not in "\n\r\t") or "\ud800" <= letter <= "\udfff" for letter in text):
        return Cell(ascii(text[:40]), flaw or "not-text")
    return Cell(text.strip(), flaw)


def column_name(column: int) -> str:
    """A column's letters: 1 is "A", 27 is "AA"."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters

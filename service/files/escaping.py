"""Texts that a spreadsheet would take for a formula: written so that none does, and read back as they were.

A text that begins with = + - @, tab, carriage return or line feed, or the wide forms of the signs that Chinese Excel
takes too, gets a ' in front; so does one that has it already, so that taking one away always gives the text back.
"""

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_ESCAPED = re.compile(r"''*[=+\-@\t\r\n＝＋－＠]")


def escaped(text: str) -> str:
    """``text`` for a CSV cell."""
    return f"'{text}" if _FORMULA.match(text) else text


def unescaped(text: str) -> str:
    """What an escaped cell says."""
    return text[1:] if _ESCAPED.match(text) else text

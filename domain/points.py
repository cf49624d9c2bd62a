"""Points: integers in hundredths inside, strings with two decimals ("1.60" = 160) outside, never a float."""

import re

LARGEST = 10**15 - 1
_SHAPE = re.compile(r"(-?)(0|[1-9][0-9]{0,12})\.([0-9]{2})")


class BadPoints(ValueError):
    """The text is not points; ``zh`` and ``en`` say why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


def parse(text: str) -> int:
    """Hundredths from exactly ``-?digits.dd`` in ASCII, at most 13 digits before the point.

    One number has one text: no leading zero, no plus, no "-0.00", no blank. Raises BadPoints.
    """
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        raise BadPoints("分值须为两位小数的数字文本，例如“1.60”", 'points are a text with two decimals, such as "1.60"')
    sign, whole, cents = shape.groups()
    hundredths = int(whole) * 100 + int(cents)
    if sign and not hundredths:
        raise BadPoints("分值不可写作“-0.00”", 'points are not written "-0.00"')
    return -hundredths if sign else hundredths


def show(hundredths: int) -> str:
    """Two decimals: 160 is "1.60", -5 is "-0.05". The inverse of ``parse``."""
    whole, cents = divmod(abs(hundredths), 100)
    return f"{'-' if hundredths < 0 else ''}{whole}.{cents:02d}"


def half_up(numerator: int, denominator: int) -> int:
    """The quotient rounded to a whole number, a half going up; ``denominator`` > 0, no float on the way."""
    return (2 * numerator + denominator) // (2 * denominator)

"""Which cell styles show a number as a date or a percentage: then the number is not what the person typed."""

import re

from service.files.packed import Package

# Built-in number formats (ECMA-376 part 1, section 18.8.30); 27-36 and 50-58 are dates in Chinese workbooks.
_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_PERCENTS = frozenset({9, 10})
_QUIET = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')


def styles(package: Package) -> list[str]:
    """By style number: "date", "percent" or ""."""
    if not package.has("xl/styles.xml"):
        return []
    codes: dict[str, str] = {}
    found: list[str] = []
    inside = False
    for kind, element in package.elements("xl/styles.xml"):
        if element.tag == "cellXfs":
            inside = kind == "start"
        elif kind == "end" and element.tag == "numFmt":
            codes[element.get("numFmtId", "")] = element.get("formatCode", "")
        elif kind == "end" and element.tag == "xf" and inside:
            number = element.get("numFmtId", "0")
            found.append(_meaning(number, codes.get(number)))
    return found


def _meaning(number: str, code: str | None) -> str:
    if code is not None:
        plain = _QUIET.sub("", code).lower()
        if "%" in plain:
            return "percent"
        return "date" if plain != "general" and re.search(r"[ymdhs年月日]", plain) else ""
    if not re.fullmatch(r"[0-9]{1,3}", number):
        return ""
    if int(number) in _DATES:
        return "date"
    return "percent" if int(number) in _PERCENTS else ""

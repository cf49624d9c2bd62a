"""Where a document that is shown differs from the one that the entries give."""

from collections.abc import Mapping


def differences(expected: object, shown: object, place: str = "") -> list[str]:
    """Where two documents differ, by path: "units/zhongshan/leaves/1a/final: 1.60 ≠ 1.70"."""
    if isinstance(expected, list) and isinstance(shown, list) and len(expected) == len(shown):
        expected, shown = dict(enumerate(expected)), dict(enumerate(shown))
    if isinstance(expected, Mapping) and isinstance(shown, Mapping):
        mine, theirs = ({str(name): each for name, each in of.items()} for of in (expected, shown))
        return [
            found
            for name in sorted(mine.keys() | theirs.keys())
            for found in differences(mine.get(name), theirs.get(name), f"{place}/{name}".removeprefix("/"))
        ]
    same = expected == shown and type(expected) is type(shown)
    return [] if same else [f"{place}: {expected!s:.80} ≠ {shown!s:.80}"]

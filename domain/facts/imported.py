"""Files that were taken in, and exports that were given out; ``import/{cycle}/{import}``, ``export/{export}``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ImportConfirmed:
    """Somebody confirmed exactly the difference he was shown: its digest, that of the file, and the counts of both.

    ``kind`` is "roster" or "figures"; ``size`` of the file in bytes, which are kept, 0 where they were not yet.
    The acts stand in the same commit, each in the stream it belongs to.
    """

    import_id: str
    kind: str
    file: str
    format: str
    difference: str
    rows: int
    new: int
    changed: int
    unchanged: int
    blank: int
    reason: str
    size: int


@dataclass(frozen=True, slots=True)
class RosterImported:
    """The units that an import enrolled."""

    import_id: str
    units: list[str]


@dataclass(frozen=True, slots=True)
class FiguresImported:
    """What an import filed for one unit: the submission on the sheet of each item."""

    import_id: str
    unit: str
    submissions: dict[str, str]


@dataclass(frozen=True, slots=True)
class ImportReversed:
    """An import was taken back; what that undid stands in the same commit."""

    import_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class ExportMade:
    """Somebody took a copy out: of what, how far, as which bytes, and what its manifest says was left out of it.

    ``digest`` is the SHA-256 of the bytes given, ``manifest`` that of the document kept; ``scope`` is what was asked.
    """

    export: str
    what: str
    format: str
    digest: str
    size: int
    rows: int
    position: int
    scope: dict[str, str]
    manifest: str

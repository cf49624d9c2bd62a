"""The zip that a workbook comes in: bounded, without macros, its XML without entities (ECMA-376 part 2)."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from service.files.grid import BadFile

MOST_MEMBERS = 200
MOST_UNPACKED = 48 * 1024 * 1024
MOST_RATIO = 200
MOST_ELEMENTS = 1_500_000
_CHUNK = 1 << 16
_ENCRYPTED = 0x1
_ACTIVE = ("vbaProject", "xl/externalLinks/", "xl/embeddings/", "xl/activeX/", "xl/macrosheets/", "xl/dialogsheets/")
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError,
)  # fmt: skip


class Package:
    """The members of a workbook; raises BadFile for whatever is no plain one."""

    def __init__(self, stream: BinaryIO) -> None:
        try:
            self._zip = zipfile.ZipFile(stream)
        except _BROKEN:
            raise BadFile("bad-workbook") from None
        members = self._zip.infolist()
        names = [each.filename for each in members]
        if len(members) > MOST_MEMBERS or sum(each.file_size for each in members) > MOST_UNPACKED:
            raise BadFile("too-much")
        if any(each.file_size > MOST_RATIO * max(each.compress_size, 1) + _CHUNK for each in members):
            raise BadFile("too-much")
        if len(set(names)) != len(names) or any(each.flag_bits & _ENCRYPTED for each in members):
            raise BadFile("bad-workbook")
        if any(part in name for name in names for part in _ACTIVE):
            raise BadFile("macros")
        if b"macroEnabled" in self.body("[Content_Types].xml"):
            raise BadFile("macros")

    def body(self, name: str) -> bytes:
        """The bytes of a member."""
        try:
            return self._zip.read(name)
        except KeyError:
            raise BadFile("bad-workbook", name) from None
        except _BROKEN:
            raise BadFile("bad-workbook", name) from None

    def has(self, name: str) -> bool:
        """Whether there is such a member."""
        return name in self._zip.NameToInfo

    def elements(self, name: str) -> Iterator[tuple[str, Element]]:
        """("start" | "end", element) of a member's XML, in order; whoever reads clears what it is done with."""
        parser = _Counting()
        body = self.body(name)
        try:
            for place in range(0, len(body), _CHUNK):
                parser.feed(body[place : place + _CHUNK])
                yield from parser.events()
            parser.close()
            yield from parser.events()
        except DefusedXmlException:
            raise BadFile("xml-entities", name) from None
        except (ParseError, ValueError, LookupError):
            raise BadFile("bad-workbook", name) from None


class _Counting:
    """A pull parser that stops when there is more than any table of ours holds."""

    def __init__(self) -> None:
        self._waiting: list[tuple[str, Element]] = []
        self._seen = 0
        self._parser = DefusedXMLParser(target=_Target(self._waiting), forbid_dtd=True)

    def feed(self, chunk: bytes) -> None:
        """Takes the next bytes."""
        self._parser.feed(chunk)

    def close(self) -> None:
        """Ends the document."""
        self._parser.close()

    def events(self) -> Iterator[tuple[str, Element]]:
        """What has been read since."""
        found = list(self._waiting)
        self._waiting.clear()
        self._seen += len(found)
        if self._seen > MOST_ELEMENTS:
            raise BadFile("too-much")
        yield from found


class _Target:
    """Builds elements with their children, and notes each as it begins and ends."""

    def __init__(self, waiting: list[tuple[str, Element]]) -> None:
        self._waiting = waiting
        self._open: list[Element] = []
        self._last: Element | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        element = Element(local(tag), {local(name): value for name, value in attributes.items()})
        if self._open:
            self._open[-1].append(element)
        self._open.append(element)
        self._last = None
        self._waiting.append(("start", element))

    def end(self, _: str) -> None:
        """It ends."""
        self._last = self._open.pop()
        self._waiting.append(("end", self._last))

    def data(self, text: str) -> None:
        """Text inside it, before its children."""
        if self._open and self._last is None:
            self._open[-1].text = (self._open[-1].text or "") + text

    def close(self) -> None:
        """Nothing is left to do."""


def local(name: str) -> str:
    """A name without its namespace: Excel has two of them, transitional and strict."""
    return name.rpartition("}")[2]

"""Small real files for evidence: a PDF, a PNG, a CSV and an XLSX that other programs open."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Paper:
    """A file's name and bytes."""

    name: str
    body: bytes


def paper(number: int, name: str, rows: Rows) -> Paper:
    """A file that says what the rows say, its kind turning with ``number``."""
    ending, write = _KINDS[number % len(_KINDS)]
    return Paper(f"{name}.{ending}", write(rows))


def pdf(rows: Rows) -> bytes:
    """One page with one line a row (PDF 1.4; letters outside ASCII are left out, for the page embeds no font)."""
    plain = ["  ".join(row).encode("ascii", "ignore").decode() for row in rows]
    lines = [f"({line.translate(_QUOTED)}) Tj T*" for line in plain]
    text = "\n".join(["BT /F1 11 Tf 14 TL 60 780 Td", *lines, "ET"]).encode("ascii")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
    )
    body, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(body)
    return body + b"xref\n0 5\n0000000000 65535 f \n" + table + end


def png(rows: Rows) -> bytes:
    """A bar for every row, as long as its text, in shades of grey (PNG, 8 bit)."""
    width, height = 160, 8 * len(rows)
    line = [b"\0" + bytes(40 if x < 4 * len("".join(row)) else 230 for x in range(width)) for row in rows]
    pixels = b"".join(each * 8 for each in line)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(pixels, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def csv(rows: Rows) -> bytes:
    """Rows with commas, in UTF-8 with the mark by which office programs know it."""
    return "\r\n".join(",".join(cell.replace(",", "，") for cell in row) for row in rows).encode("utf-8-sig")


def xlsx(rows: Rows) -> bytes:
    """One worksheet of texts (Office Open XML, ECMA-376 part 1), every stamp fixed."""
    cells = "".join("<row>" + "".join(_cell(each) for each in row) + "</row>" for row in rows)
    sheet = f'<worksheet xmlns="{_MAIN}"><sheetData>{cells}</sheetData></worksheet>'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (*_PARTS, ("xl/worksheets/sheet1.xml", sheet)):
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), '<?xml version="1.0"?>' + text)
    return packed.getvalue()


def _cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>'


_QUOTED = str.maketrans({"\\": r"\\", "(": r"\(", ")": r"\)"})
_FORMATS = "http://schemas.openxmlformats.org"
_MAIN = f"{_FORMATS}/spreadsheetml/2006/main"
_OFFICE = f"{_FORMATS}/officeDocument/2006/relationships"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = (
    (
        "[Content_Types].xml",
        (
            f'<Types xmlns="{_FORMATS}/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEET}.worksheet+xml"/></Types>'
        ),
    ),
    (
        "_rels/.rels",
        (
            f'<Relationships xmlns="{_FORMATS}/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
    ),
    (
        "xl/workbook.xml",
        (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
            '<sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
    ),
    (
        "xl/_rels/workbook.xml.rels",
        (
            f'<Relationships xmlns="{_FORMATS}/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
        ),
    ),
)
_KINDS: tuple[tuple[str, Callable[[Rows], bytes]], ...] = (("pdf", pdf), ("xlsx", xlsx), ("csv", csv), ("png", png))

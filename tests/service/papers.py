"""Small files for the tests of evidence."""

import io
import zipfile


def pdf(text: str = "proof", name: str = "证明.pdf") -> tuple[io.BytesIO, str]:
    return io.BytesIO(b"%PDF-1.4\n" + text.encode() + b"\n%%EOF\n"), name


def packed(*names: str, **more: bytes) -> bytes:
    """A zip of members that say their own names."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, name)
        for name, content in more.items():
            archive.writestr(name, content)
    return body.getvalue()

"""`python verify.pyz BUNDLE.zip`: the verifier alone, with nothing but Python's standard library.

Signatures are checked when the package `cryptography` can be imported, otherwise the exit code is 3; a time stamp when
`rfc3161-client` can, otherwise it earns no grade and the report says so.
"""

import argparse
import io
import sys
from pathlib import Path

from service.verify.archive import Archive
from service.verify.certificate import verify_certificate
from service.verify.findings import GRADES, UNUSABLE, Report, UnusableError, plain
from service.verify.offline import Asked, verify_bundle


def main(arguments: list[str] | None = None) -> int:
    """Verifies one file and gives the exit code: 0 holds, 1 tampered, 2 unusable, 3 a lower grade than asked."""
    parser = argparse.ArgumentParser(
        prog="verify", description="核验 Kaohe 核验包或成绩证书 / Verifies a bundle or a certificate"
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--policy", type=Path, help="您信任的策略（C2SP tlog-policy）/ the policy you trust")
    parser.add_argument(
        "--authority", type=Path, help="时间戳机构的根证书（PEM）/ roots of the time-stamping authority"
    )
    parser.add_argument("--grade", choices=GRADES, default="signed", help="要求的等级 / the grade asked for")
    _told_anywhere()
    asked = parser.parse_args(arguments)
    try:
        policy = asked.policy.read_bytes() if asked.policy else None
        roots = asked.authority.read_bytes() if asked.authority else None
        report = verify_file(asked.file, Asked(asked.grade, policy, authorities=roots))
    except OSError as error:
        return complain(f"{error.filename or asked.file}: {error.strerror}")
    except UnusableError as reason:
        return complain(str(reason))
    print("\n".join(report.lines))  # noqa: T201 - this is the program's voice
    return report.exit_code


def verify_file(file: Path, asked: Asked) -> Report:
    """Verifies a bundle (zip) or a score certificate (JSON); raises UnusableError or OSError."""
    with file.open("rb") as opened:
        if opened.read(1) == b"{":
            opened.seek(0)
            return verify_certificate(opened.read(2**26 + 1), asked)
    with Archive(file) as archive:
        return verify_bundle(archive, asked)


def complain(text: str) -> int:
    """Says why the input is unusable."""
    print(plain(text), file=sys.stderr)  # noqa: T201 - as above
    return UNUSABLE


def _told_anywhere() -> None:
    """Lets a terminal without Chinese letters show them as codes, instead of ending the program as if tampered."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())

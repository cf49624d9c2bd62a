"""``kaohe verify``: a bundle, a certificate or the database, verified on the command line.

Exit codes: 0 holds, 1 tampered (each place named), 2 unusable, 3 holds with a lower grade than asked.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import click

from service.evidence import Damaged, EvidenceStore
from service.terminal import PRESENT, bar, plain, record
from service.verify.findings import GRADES, Report, UnusableError
from workers.log_keys import memory_of
from workers.settings import Settings


@click.command()
@click.argument("file", type=PRESENT, required=False)
@click.option("--database", is_flag=True, help="Verify the database instead of a file. 核验数据库。")
@click.option("--policy", type=PRESENT, help="The policy you trust (C2SP tlog-policy). 您信任的策略。")
@click.option("--authority", type=PRESENT, help="Roots of the time-stamping authority (PEM). 时间戳机构的根证书。")
@click.option("--grade", type=click.Choice(GRADES), help="The grade asked for; signed by default. 要求的等级。")
@click.option("--checkpoint", type=PRESENT, multiple=True, help="A checkpoint you kept. 您保存的检查点。")
@click.option("--receipt", type=PRESENT, multiple=True, help="A receipt you kept. 您保存的回执。")
@plain
def verify(
    file: Path | None,
    *,
    database: bool,
    policy: Path | None,
    authority: Path | None,
    grade: str | None,
    checkpoint: tuple[Path, ...],
    receipt: tuple[Path, ...],
) -> None:
    """核验包、证书或数据库。 Verifies a bundle, a certificate or the database; exit code 0, 1, 2 or 3."""
    trusted = policy.read_bytes() if policy else None
    if database == (file is not None):
        raise UnusableError("请给出文件或 --database 之一", "give either a file or --database")
    if file is not None:
        report = verify_offline(file, trusted, grade or "signed", authority.read_bytes() if authority else None)
    else:
        kept = [each.read_bytes() for each in checkpoint]
        report = verify_record(trusted, grade, kept, [each.read_bytes() for each in receipt])
    click.echo("\n".join(report.lines))
    sys.exit(report.exit_code)


def verify_offline(file: Path, policy: bytes | None, grade: str, authorities: bytes | None) -> Report:
    """A bundle or a certificate."""
    from service.verify.__main__ import verify_file
    from service.verify.offline import Asked

    with bar("核验 verifying") as told:
        return verify_file(file, Asked(grade, policy, told, authorities))


def verify_record(policy: bytes | None, grade: str | None, checkpoints: list[bytes], receipts: list[bytes]) -> Report:
    """The database, against what was kept and against the signer's memory where this machine has it."""
    from service.verify.database import Kept, verify_database

    with record() as (store, settings), bar("核验 verifying") as told:
        memory = memory_of(settings).path
        if memory.exists():
            checkpoints.append(memory.read_bytes())
        asked = grade or ("signed" if memory.exists() else "ordered")
        readable = evidence_check(settings)
        return verify_database(store, Kept(checkpoints, receipts, policy, readable, asked, told))


def evidence_check(settings: Settings) -> Callable[[str], bool]:
    """Whether the file of a digest is there and has it."""
    files = EvidenceStore(settings.evidence, settings.max_upload)

    def readable(digest: str) -> bool:
        try:
            files.read(digest).close()
        except Damaged:
            return False
        return True

    return readable

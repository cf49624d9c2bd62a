"""``kaohe keys``, ``bundle``, ``certificate``, ``verify``: the log on the command line.

Exit codes of ``verify``: 0 holds, 1 tampered (each place named), 2 unusable, 3 holds with a lower grade than asked.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy import create_engine

from events.log.errors import LogError
from events.store import EventStore
from service.evidence import Damaged, EvidenceStore
from service.stack.attach import attached
from service.stack.trouble import StackError
from service.verify.findings import GRADES, UNUSABLE, Progress as Told, Report, UnusableError
from workers.log_keys import ensure_keys, log_keys, memory_of, new_key, receipt_keys, write_key
from workers.settings import Settings, SettingsError

Parameters = ParamSpec("Parameters")
FILE = click.Path(path_type=Path, dir_okay=False)
PRESENT = click.Path(path_type=Path, dir_okay=False, exists=True)


def plain(command: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """A command whose troubles are said in a sentence of each language and end with exit code 2."""

    @wraps(command)
    def said(*args: Parameters.args, **options: Parameters.kwargs) -> None:
        try:
            command(*args, **options)
        except (SettingsError, StackError) as trouble:
            click.echo(f"{trouble.zh}\n{trouble.en}", err=True)
        except (UnusableError, LogError) as trouble:
            click.echo(str(trouble), err=True)
        except OSError as trouble:
            click.echo(f"{trouble.filename}: {trouble.strerror}", err=True)
        else:
            return
        sys.exit(UNUSABLE)

    return said


@click.group()
def keys() -> None:
    """日志的密钥。 The log's keys."""


@keys.command("new")
@click.option("--name", help="Name of the key; the log's origin by default. 密钥名称，默认为日志名。")
@click.option("-o", "--out", type=FILE, help="Where to write it; secrets/ of the data folder by default. 写入的文件。")
@plain
def keys_new(name: str | None, out: Path | None) -> None:
    """生成密钥，打印公钥。 Makes keys and prints the public halves; never replaces a key that is there."""
    settings = Settings.from_environment()
    if out is None:
        ensure_keys(settings)
        shown = (*log_keys(settings), *receipt_keys(settings))
    elif out.exists():
        raise UnusableError("文件已存在，不会覆盖", "the file exists and is not replaced", str(out))
    else:
        shown = (new_key(name or settings.origin),)
        write_key(out, *shown)
    for key in shown:
        click.echo(key.verifier.text)


@keys.command("show")
@plain
def keys_show() -> None:
    """打印公钥。 Prints the public halves of the keys of this machine."""
    settings = Settings.from_environment()
    for key in (*log_keys(settings), *receipt_keys(settings)):
        click.echo(key.verifier.text)


@keys.command("rotate")
@click.option("--by", required=True, help="Who orders it. 由谁决定。")
@click.option("--reason", required=True, help="Why. 原因。")
@plain
def keys_rotate(by: str, reason: str) -> None:
    """更换密钥：新钥入册，新旧并签。 Announces a new key by an event; both sign until the old one is retired."""
    from workers.log_rotation import introduce_key

    with record() as (store, settings):
        click.echo(introduce_key(store, settings, by, reason).verifier.text)


@keys.command("retire")
@click.option("--by", required=True, help="Who orders it. 由谁决定。")
@click.option("--reason", required=True, help="Why. 原因。")
@plain
def keys_retire(by: str, reason: str) -> None:
    """停用旧密钥。 Ends the older of two keys, by an event."""
    from workers.log_rotation import retire_key

    with record() as (store, settings):
        click.echo(retire_key(store, settings, by, reason).text)


@click.command()
@click.option("--cycle", required=True, help="The cycle, for example 2026. 考核周期。")
@click.option("-o", "--out", required=True, type=FILE, help="The file to write. 输出文件。")
@plain
def bundle(cycle: str, out: Path) -> None:
    """导出核验包。 Writes everything needed to verify a cycle without this server."""
    from service.verify.writing import write_bundle_file

    with record() as (store, _), bar("导出 writing") as told:
        manifest = write_bundle_file(store, cycle, out, told)
    click.echo(f"{out}: {manifest.size} 条 entries; python verify.pyz {out}")


@click.command()
@click.option("--cycle", required=True, help="The cycle. 考核周期。")
@click.option("--unit", required=True, help="The unit. 单位。")
@click.option("-o", "--out", required=True, type=FILE, help="The file to write. 输出文件。")
@plain
def certificate(cycle: str, unit: str, out: Path) -> None:
    """导出单位成绩证书。 Writes a unit's score certificate, which verifies alone."""
    from service.verify.writing import certificate as made

    with record() as (store, _):
        out.write_bytes(made(store, cycle, unit))
    click.echo(str(out))


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


@contextmanager
def record() -> Iterator[tuple[EventStore, Settings]]:
    """The record of the environment's database, or of a running Kaohe's."""
    settings = attached(Settings.from_environment())
    engine = create_engine(settings.service_database.sqlalchemy)
    try:
        yield EventStore(engine, settings.origin), settings
    finally:
        engine.dispose()


@contextmanager
def bar(title: str) -> Iterator[Told]:
    """A progress bar on a terminal, nothing elsewhere."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as shown:
        task = shown.add_task(title, total=None)
        yield lambda done, all_: shown.update(task, completed=done, total=all_)


COMMANDS = (keys, bundle, certificate, verify)

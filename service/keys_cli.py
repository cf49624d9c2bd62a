"""``kaohe keys``: the log's keys on the command line."""

from pathlib import Path

import click

from service.terminal import FILE, plain, record
from service.verify.findings import UnusableError
from workers.log_keys import ensure_keys, log_keys, new_key, receipt_keys, write_key
from workers.settings import Settings


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

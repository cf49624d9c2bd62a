"""``kaohe bundle``, ``certificate``: what is given away to be verified elsewhere."""

from pathlib import Path

import click

from service.terminal import FILE, bar, plain, record


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
    from service.verify.certifying import certificate as made

    with record() as (store, _):
        out.write_bytes(made(store, cycle, unit))
    click.echo(str(out))

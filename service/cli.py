"""The command line: ``kaohe run``, ``migrate``, ``people``, ``score`` and more."""

import click

from service.score_cli import score


@click.group()
@click.version_option(package_name="kaohe")
def main() -> None:
    """Kaohe 考核: an audit-grade assessment ledger / 可审计的考核账本."""


main.add_command(score)

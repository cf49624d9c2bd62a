"""The command line: ``kaohe run``, ``migrate``, ``people``, ``tokens``, ``rubric``, ``score`` and those of the log."""

import sys
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import ParamSpec

import click

from domain.refusals import Refused
from service.stack.console import complain
from service.stack.trouble import StackError
from workers.settings import Settings, SettingsError

Parameters = ParamSpec("Parameters")
REFUSED = 1


def plain(command: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """A command whose troubles are said in a sentence of each language, with an exit code that is not 0."""

    @wraps(command)
    def said(*args: Parameters.args, **options: Parameters.kwargs) -> None:
        try:
            command(*args, **options)
        except StackError as trouble:
            complain(trouble)
            sys.exit(trouble.exit_code)
        except SettingsError as trouble:
            click.echo(f"{trouble.zh}\n{trouble.en}", err=True)
            sys.exit(trouble.exit_code)
        except Refused as refused:
            click.echo(f"{refused.reason.zh} {refused.detail_zh}\n{refused.reason.en} {refused.detail_en}", err=True)
            sys.exit(REFUSED)

    return said


# Imported only when asked for: the calculator should answer before a database driver is loaded.
ELSEWHERE = {
    "bundle": "service.bundle_cli",
    "certificate": "service.bundle_cli",
    "keys": "service.keys_cli",
    "rubric": "service.rubric_cli",
    "score": "service.score_cli",
    "verify": "service.verify_cli",
    "witness": "service.witness_cli",
}


class Commands(click.Group):
    """The commands of this file, and by name those of others."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in order."""
        return sorted([*super().list_commands(ctx), *ELSEWHERE])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name in ELSEWHERE:
            found: click.Command = getattr(import_module(ELSEWHERE[cmd_name]), cmd_name)
            return found
        return super().get_command(ctx, cmd_name)


@click.group(cls=Commands)
@click.version_option(package_name="kaohe", help="显示版本。 Show the version and exit.")
def main() -> None:
    """Kaohe 考核: an audit-grade assessment ledger / 可审计的考核账本."""


@main.command()
@click.option("--demo/--no-demo", default=True, help="Play the demo year at the first start. 首次启动时演示一年。")
@plain
def run(*, demo: bool) -> None:
    """启动全部服务，Ctrl-C 停止。 Starts everything; Ctrl-C stops it."""
    from service.stack.run import run as run_house
    from service.start import steps
    from workers.notices.mailing import Mailing
    from workers.witnesses import policy_can_be_used

    settings = Settings.from_environment()
    Mailing.from_environment(settings)  # said here, not in the log of a child, and so is the policy
    policy_can_be_used()
    sys.exit(run_house(settings, steps(demo=demo)))


@main.command()
@plain
def migrate() -> None:
    """迁移 KAOHE_DATABASE_URL。 Brings the database of KAOHE_DATABASE_URL, or of a running Kaohe, to this version."""
    from service.schema import migrate as to_this_version
    from service.stack import checks
    from service.stack.attach import attached

    settings = attached(Settings.from_environment())
    checks.database_answers(settings.owner_database)
    to_this_version(settings.owner_database.libpq)


@main.group()
def people() -> None:
    """人员。 People."""


@people.command()
@click.option("--name", required=True, help="The person's name; it goes to the vault. 姓名，存入保险库。")
@plain
def bootstrap(name: str) -> None:
    """登记首任管理员并给出令牌。 Makes the first administrator and prints the token, while there is nobody yet."""
    from service.bootstrap import bootstrap as begin, newcomer
    from service.office import Office
    from service.stack.attach import attached

    person, token = newcomer()
    begin(Office(attached(Settings.from_environment())), name, person, token)
    click.echo(token)


@main.command()
@plain
def tokens() -> None:
    """演示的令牌，供 eval 使用。 The demo's tokens as shell variables: UNIT, REVIEWER, APPROVER and so on."""
    from service.demo import notes
    from service.demo.cast import SHOWN

    data = Settings.from_environment().data
    found = notes.read(data)
    if found is None:
        raise StackError(f"{data} 中没有演示。", f"There is no demo in {data}.")
    for role, key in SHOWN.items():
        click.echo(f"{role.upper()}={found.people[key].token}")

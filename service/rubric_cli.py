"""``kaohe rubric``: a check-list as the body that drafts it, for whoever begins with an empty record."""

import json
import sys

import click

from domain.rubric.identity import canonical
from domain.rubric.refused import RubricRefused
from service import rubric_files

UNUSABLE = 2


@click.command("rubric")
@click.argument("name", default="six-actions")
def rubric(name: str) -> None:
    """考核表，即起草的请求正文。 Prints a check-list as the body of POST /rubrics.

    NAME is "six-actions" or a .toml file. Exit code 2 when it cannot be used.
    """
    try:
        document = json.loads(canonical(rubric_files.load(name)))
    except RubricRefused as bad:
        click.echo(f"{bad.place}: {bad.zh} / {bad.en}", err=True)
        sys.exit(UNUSABLE)
    # Nothing but ASCII: whatever the terminal, the pipe gets JSON.
    click.echo(json.dumps({"rubric": document}))

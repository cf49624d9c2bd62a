"""What `kaohe run` does before and after the doors open: the demo, the score board, the tokens.

The web application is imported where it is first needed: by then the servers are running, and whoever named a port in
use was told so at once.
"""

from service.schema import migrate
from service.stack.console import Report
from service.stack.run import Step, Steps
from workers.log_keys import ensure_keys
from workers.settings import Settings


def steps(*, demo: bool) -> Steps:
    """The steps of `kaohe run`, with the demo year or without."""
    keys = Step("日志密钥", "Log keys", lambda settings, _: ensure_keys(settings))
    if not demo:
        return Steps(migrate, (keys,), opened=_welcome)
    return Steps(migrate, (keys, Step("演示年度", "Demo year", _visit)), opened=_show)


def _visit(settings: Settings, report: Report) -> None:
    from service.demo.visit import visit

    visit(settings, report)


def _show(settings: Settings) -> None:
    from service.welcome import show

    show(settings)


def _welcome(settings: Settings) -> None:
    from service.welcome import welcome

    welcome(settings)

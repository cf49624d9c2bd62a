"""`kaohe witness`: an auditor's own witness; knows nothing of the log but its public key."""

import signal
import sys
from pathlib import Path
from threading import Thread

import click
import structlog

from service.witness.answers import Witness
from service.witness.folder import Folder, FolderError
from service.witness.server import Server


@click.command()
@click.option("--data", default=".kaohe-witness", envvar="KAOHE_WITNESS_DIR", type=click.Path(path_type=Path),
              help="The witness's own folder / 见证人自己的文件夹.")  # fmt: skip
@click.option("--init", "create", is_flag=True, help="Make the key, print its public half / 生成密钥并显示公钥.")
@click.option("--name", default="", help="With --init: the witness's name / 见证人名称, e.g. audit.example/w1.")
@click.option("--log", "logs", multiple=True, metavar="VKEY", help="Trust this log's public key / 信任该日志公钥.")
@click.option("--show", is_flag=True, help="Print the key and what was cosigned last / 显示公钥与最近的见证.")
@click.option("--host", default="127.0.0.1", help="Address to listen on / 监听地址.")
@click.option("--port", default=8100, type=click.IntRange(0, 65535), help="Port to listen on, 0 for a free one / 端口.")
def witness(data: Path, create: bool, name: str, logs: tuple[str, ...], show: bool, host: str, port: int) -> None:
    """Cosign a log while it only grows, on a machine that is not the log's / 运行见证人（C2SP tlog-witness）."""
    folder = Folder(data.expanduser().absolute())
    try:
        if create:
            click.echo(folder.create(name).verifier.text)
        for vkey in logs:
            folder.trust(vkey)
        if not create:
            made = Witness(folder.key(), folder.logs(), folder.memory())
            click.echo(made.shown().body, nl=False) if show else serve(made, host, port)
    except (FolderError, OSError) as wrong:
        click.echo(str(wrong), err=True)
        sys.exit(2)


def serve(made: Witness, host: str, port: int) -> None:
    """Serves until SIGTERM or Ctrl-C; prints the address once it listens."""
    _log_to_stderr()
    with Server((host, port), made) as server:
        # shutdown waits for serve_forever, which this very thread runs
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda *_: Thread(target=server.shutdown).start())
        click.echo(f"http://{host}:{server.server_address[1]}/ {made.key.verifier.text}")
        click.echo(f"{len(made.logs)} 个日志 / logs")
        sys.stdout.flush()
        server.serve_forever()


def _log_to_stderr() -> None:
    # Not the web server's: that would bring Flask and the database to a machine that needs neither.
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )

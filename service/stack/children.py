"""Child processes that cannot outlive us, do not hear the terminal's Ctrl-C, and end in order."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

LAUNCH = Path(__file__).with_name("launch.py")
LARGE_LOG = 16 * 1024 * 1024  # bytes
STEP = 0.02  # seconds between two looks at a process

Ending = tuple[tuple[signal.Signals, float], ...]
"""The signals that ask a process to end, with the seconds each is given before the next."""


@dataclass(frozen=True, slots=True)
class Program:
    """What to run: `environment` is the whole of it, and output is added to `log`."""

    name: str
    command: Sequence[str | Path]
    log: Path
    environment: Mapping[str, str] = field(repr=False)  # it may hold passwords
    folder: Path
    ending: Ending = ((signal.SIGTERM, 10.0),)
    identity: str = "self"
    scratch: Path | None = None  # a folder of nothing but sockets, taken away at the end


@dataclass(frozen=True, slots=True)
class Child:
    """A running program, leader of its own session."""

    program: Program
    process: subprocess.Popen[bytes] = field(repr=False)

    @property
    def name(self) -> str:
        """What people call it."""
        return self.program.name

    @property
    def pid(self) -> int:
        """The process id, also that of its session and group."""
        return self.process.pid

    def running(self) -> bool:
        """Tells whether it still lives; reaps it when it does not."""
        return self.process.poll() is None

    def stop(self, hurry: Callable[[], bool] = lambda: False) -> None:
        """Asks it to end, more firmly each time, and returns when it and its group are gone."""
        for number, seconds in self.program.ending:
            if self.running() and not hurry():
                self.process.send_signal(number)
                wait_until(lambda: not self.running() or hurry(), seconds)
        self.kill()
        if self.program.scratch:
            shutil.rmtree(self.program.scratch, ignore_errors=True)

    def kill(self) -> None:
        """Ends it and what it started at once (SIGKILL); does nothing when all are gone."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self.process.wait()


def spawn(program: Program, keep: Sequence[int] = ()) -> Child:
    """Starts a program; `keep` are descriptors it holds open for life (a lock).

    The death signal belongs to the calling thread: call from one that lives as long as the child shall.
    """
    death = program.ending[0][0]
    turn_over(program.log)
    with program.log.open("ab") as log:
        process = subprocess.Popen(
            launched(program.command, program.identity, death),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=dict(program.environment),
            cwd=program.folder,
            start_new_session=True,
            umask=0o077,
            pass_fds=tuple(keep),
        )
    return Child(program, process)


def turn_over(log: Path) -> None:
    """Puts a log that has grown large aside, so that at most two of them are kept."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LARGE_LOG:
        log.replace(log.with_name(log.name + ".old"))


def launched(command: Sequence[str | Path], identity: str, death: signal.Signals = signal.SIGKILL) -> list[str]:
    """Gives the command with the step before it that ties it to this process and to an identity."""
    step = [sys.executable, "-I", "-S", str(LAUNCH), str(os.getpid()), str(int(death)), identity]
    return step + [str(part) for part in command]


def wait_until(done: Callable[[], bool], seconds: float) -> bool:
    """Waits until `done()`; False when the time is over first."""
    end = time.monotonic() + seconds
    while not (finished := done()) and time.monotonic() < end:
        time.sleep(STEP)
    return finished

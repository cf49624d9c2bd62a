"""Watches the parts of a running Kaohe: starts again what may be started again, and stops all in order."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from service.stack.children import Child
from service.stack.console import say
from service.stack.trouble import StackError, server_trouble, tail

GLANCE = 0.2  # seconds between two looks at the parts
SETTLING = 10.0  # seconds within which a program's own exit is a failure to start
STEADY = 60.0  # seconds after which a part counts as having started well
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)  # seconds before each new start; after the last we give up

Hurry = Callable[[], bool]


@dataclass(slots=True)
class Part:
    """One thing to keep running, and how to start it again if its death can be mended that way."""

    name: str
    now: Child
    again: Callable[[], Child] | None
    since: float
    deaths: int = 0
    due: float | None = None  # when it will be started again


@dataclass(slots=True)
class Watch:
    """The parts, in the order they were started; stopped in the opposite order."""

    hurry: Hurry
    parts: list[Part] = field(default_factory=list)

    def add(self, child: Child, again: Callable[[], Child] | None = None) -> None:
        """Keeps a running part; `again` starts it anew after an unexpected death, which else ends all."""
        self.parts.append(Part(child.name, child, again, time.monotonic()))

    def until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Waits until `ready()`; StackError when any part ends before, or the time is over."""
        end = time.monotonic() + seconds
        while not ready():
            dead = next((part for part in self.parts if not part.now.running()), None)
            if dead or time.monotonic() > end:
                raise never_started((dead or self.parts[-1]).now)
            time.sleep(GLANCE)

    def look(self) -> None:
        """Looks at every part once; raises StackError when one is dead for good."""
        for part in self.parts:
            if part.due is None and not part.now.running():
                bury(part, self.hurry)
            elif part.due is not None and part.again is not None and time.monotonic() >= part.due:
                part.now, part.due, part.since = part.again(), None, time.monotonic()

    def keep(self) -> None:
        """Keeps all parts running until a signal or a StackError."""
        while True:
            self.look()
            time.sleep(GLANCE)

    def stop(self) -> None:
        """Stops every part, the last started first."""
        while self.parts:
            self.parts[-1].now.stop(self.hurry)
            self.parts.pop()


def bury(part: Part, hurry: Hurry) -> None:
    """Ends what a dead part left behind, and sets the time of its next start if it may have one."""
    part.now.stop(hurry)
    age, status = time.monotonic() - part.since, part.now.process.returncode
    if part.again and not part.deaths and age < SETTLING and status > 0:
        raise never_started(part.now)
    if age >= STEADY:
        part.deaths = 0
    if part.again is None or part.deaths == len(PAUSES):
        raise ended(part.now)
    pause = PAUSES[part.deaths]
    part.deaths, part.due = part.deaths + 1, time.monotonic() + pause
    say(f"{part.name}：意外结束，{pause} 秒后重新启动 ended unexpectedly, starts again in {pause} s")


def never_started(child: Child) -> StackError:
    """Says that a program gave up by itself before it did anything, which a new start will not mend."""
    return server_trouble(child.name, child.program.folder, child.program.log)


def ended(child: Child) -> StackError:
    """Says that a part nobody can do without is gone."""
    return StackError(
        f"{child.name} 意外结束，Kaohe 随之停止；已记录的数据不受影响。",
        f"{child.name} ended unexpectedly, so Kaohe stops; what was recorded is safe.",
        lines=tail(child.program.log, 3),
    )

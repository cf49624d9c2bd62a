"""What an act costs in processor time, clients and server together: a figure that a busy machine hardly moves."""

import os
from collections.abc import Callable
from pathlib import Path

from bench.rounds import Load

_TICKS = os.sysconf("SC_CLK_TCK")


def metered(run: Callable[[], Load], bill: list[float]) -> Load:
    """Runs a load and adds to ``bill`` the processor seconds of one act; nothing where there is no /proc."""
    before = spent(os.getpid())
    load = run()
    if load.latencies:
        bill.append((spent(os.getpid()) - before) / len(load.latencies))
    return load


def spent(pid: int) -> float:
    """User and system seconds of a process and all below it, also of those that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        below = " ".join(each.read_text() for each in Path(f"/proc/{pid}/task").glob("*/children"))
    except OSError:
        return 0.0
    own = sum(int(field) for field in fields[11:15]) / _TICKS  # proc(5): utime, stime, cutime, cstime
    return own + sum(spent(int(child)) for child in below.split())

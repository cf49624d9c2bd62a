"""``python -m bench [FIGURE…]``: runs all figures, or those named, and prints the table.

A figure is a module in ``bench/figures`` with ``figure(house)``, which yields the lines of the table.
"""

import pkgutil
import sys
import time
from importlib import import_module

from bench import figures
from bench.house import house
from bench.table import HEADING


def main(wanted: list[str]) -> int:
    """Runs the figures on one server, one after the other; progress goes to standard error."""
    known = [module.name for module in pkgutil.iter_modules(figures.__path__)]
    if unknown := set(wanted) - set(known):
        print(
            f"没有这些项目 no such figure: {', '.join(sorted(unknown))}; 可选 known: {', '.join(known)}",
            file=sys.stderr,
        )
        return 2
    with house() as server:
        print(HEADING)
        for name in wanted or known:
            begun = time.monotonic()
            print(f"… {name}", end="\r", file=sys.stderr, flush=True)
            for line in import_module(f"bench.figures.{name}").figure(server):
                print(line, flush=True)
            print(f"{name}: {time.monotonic() - begun:.0f} s", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""A program that starts a server in a folder and waits; started, and killed, by the tests of the servers.

Called as: lodger.py postgres|valkey FOLDER. It prints the server's process id, or the sentence of the trouble.
"""

import signal
import sys
from pathlib import Path

from service.stack import postgres, valkey
from service.stack.console import say
from service.stack.trouble import StackError

if __name__ == "__main__":
    folder = Path(sys.argv[2])
    try:
        server = postgres.start(folder) if sys.argv[1] == "postgres" else valkey.start(folder)
        say(str(server.pid))
    except StackError as trouble:
        sys.exit(f"{trouble.zh}\n{trouble.en}")
    signal.pause()

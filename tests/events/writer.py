"""A client process of its own, made to be killed: appends for ever, and prints each entry once it is answered.

Called as: python -m tests.events.writer URL SEED
"""

import sys

import sqlalchemy

from events.conflicts import WrongVersion
from events.store import EventStore
from tests.events.crowd import HOT, act


def main(url: str, seed: int) -> None:
    store = EventStore(sqlalchemy.create_engine(url), "example.org/log")
    number = 0
    while True:
        number += 1
        try:
            entries = act(store, HOT[number % len(HOT)], seed, number % 3 == 0)
        except WrongVersion:
            continue
        sys.stdout.write("".join(entry.hex() + "\n" for entry in entries))
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))

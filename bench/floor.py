"""The floor under an append: pgbench, in C, INSERTs the same bytes into a plain table with a primary key."""

import os
import re
import subprocess
import tempfile
from pathlib import Path

import psycopg

from bench.house import House
from bench.rounds import Load
from service.stack import binaries

TABLE = "CREATE TABLE plain (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, entry bytea NOT NULL)"
SCRIPT = "INSERT INTO plain (entry) VALUES (:entry);\n"
RATE = re.compile(r"tps = ([0-9.]+)")


def lay(house: House) -> None:
    """Makes the plain table."""
    with psycopg.connect(house.owner.libpq) as connection:
        connection.execute(TABLE)


def load(house: House, entry: bytes, seconds: int, connections: int) -> Load:
    """Prepared, one row a transaction, in a closed loop."""
    with tempfile.TemporaryDirectory(prefix="kaohe-floor-") as folder:
        script = Path(folder, "floor.sql")
        script.write_text(SCRIPT)
        command = [str(binaries.postgres("pgbench")), "--no-vacuum", "--protocol=prepared", "--log",
                   f"--log-prefix={folder}/acts", f"--client={connections}", "--jobs=2", f"--time={seconds}",
                   f"--define=entry={entry.decode()}", f"--file={script}", house.owner.libpq]  # fmt: skip
        told = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ)
        found = RATE.search(told.stdout)
        assert found, told.stdout
        lines = [line for log in Path(folder).glob("acts.*") for line in log.read_text().splitlines()]
    return Load(float(found[1]), [int(line.split()[2]) / 1e6 for line in lines])

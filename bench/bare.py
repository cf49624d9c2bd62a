"""The floor of a read: a Flask view with one prepared SELECT, as little as a web server can be asked to do."""

import os
import threading

import psycopg
from flask import Flask, Response

SELECT = "SELECT body FROM scores.unit_scores WHERE cycle = %s AND unit = %s"
local = threading.local()


def create_app() -> Flask:
    """The app; every thread keeps a connection."""
    app = Flask("bare")

    @app.get("/cycles/<cycle>/units/<unit>/scores")
    def scores(cycle: str, unit: str) -> Response:
        if not hasattr(local, "connection"):
            local.connection = psycopg.connect(os.environ["KAOHE_SERVICE_DATABASE_URL"], autocommit=True)
        row = local.connection.execute(SELECT, (cycle, unit), prepare=True, binary=True).fetchone()
        return Response(bytes(row[0]), mimetype="application/json")

    return app

"""What callers see when a server behind the API is away, and that it comes back by itself."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import IdleInTransactionSessionTimeout

from events.entry import NewEvent
from events.store import Append
from service.app import create_app
from tests.servers import Database
from tests.service import city as cities
from tests.service.city import API, CYCLE, City, sheet

FIGURES = {"figures": {"1a": {"actual": 1, "target": 2}}}
NOWHERE = "redis://127.0.0.1:1/0"


def cut(city: City) -> None:
    """Ends every connection of the service, as a restart of the database does."""
    with psycopg.connect(city.database.owner.libpq, autocommit=True) as owner:
        owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = 'kaohe_service'"
        )


def test_a_dead_broker_loses_no_act(database: Database, tmp_path: Path) -> None:
    with cities.opened(database, NOWHERE, tmp_path) as city:
        city.done("unit", sheet() + "/submissions", FIGURES)
        ready = city.call("stranger", "GET", "/readyz")
        assert (ready.status_code, ready.get_json()["broker"]) == (200, "unreachable")


def test_after_the_database_came_back_every_request_is_answered_again(city: City) -> None:
    for ask in (
        lambda: city.get("unit", "/me").status_code,
        lambda: city.get("viewer", "/cycles/2026/scores").status_code,
        lambda: city.post("unit", sheet() + "/submissions", FIGURES).status_code,
    ):
        assert ask() < 300
        cut(city)
        assert ask() in {200, 201, 503}
        assert ask() < 300


def test_a_database_that_is_away_is_named_and_nothing_is_invented(city: City) -> None:
    with psycopg.connect(city.database.owner.in_database("postgres").libpq, autocommit=True) as owner:
        name = city.database.name
        owner.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'.encode())
        try:
            cut_from(owner, name)
            answer = city.get("unit", "/me")
            assert answer.status_code == 503
            assert answer.mimetype == "application/problem+json"
            assert name not in answer.get_data(as_text=True)
            assert city.call("stranger", "GET", "/livez").status_code == 200
            assert city.call("stranger", "GET", "/readyz").status_code == 503
        finally:
            owner.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'.encode())
    assert [city.get("unit", "/me").status_code for _ in range(2)][-1] == 200


def test_an_act_that_hangs_on_a_dead_host_is_ended_and_whoever_waited_for_it_goes_on(city: City) -> None:
    store, year = city.office.store, f"cycle/{CYCLE}"

    def hang(connection: psycopg.Connection) -> None:
        assert connection.execute("SHOW idle_in_transaction_session_timeout").fetchone() == ("10s",)
        connection.execute("SET LOCAL idle_in_transaction_session_timeout = '100ms'")
        assert pool.submit(city.post, "unit", sheet() + "/submissions", FIGURES).result(60).status_code == 201
        connection.execute("SELECT")  # who comes back is told

    with ThreadPoolExecutor(1) as pool, pytest.raises(IdleInTransactionSessionTimeout):
        store.append_all([Append(year, store.head(year), [NewEvent("Hung", {})], held=True)], within=hang)
    assert store.read(year)[-1].envelope.type != "Hung"


def test_who_waits_too_long_for_somebody_that_holds_the_year_is_told_to_try_again(city: City) -> None:
    with psycopg.connect(city.database.service.libpq) as holder:
        holder.execute("SELECT record.stand(%s, '{}', '{}')", ([f"cycle/{CYCLE}"],))
        answer = city.post("unit", sheet() + "/submissions", FIGURES)
        assert answer.status_code == 503
    assert city.post("unit", sheet() + "/submissions", FIGURES).status_code == 201


def cut_from(owner: psycopg.Connection, name: str) -> None:
    owner.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = 'kaohe_service'",
        (name,),
    )


def test_an_error_of_ours_says_nothing_of_the_inside(city: City) -> None:
    broken = replace(city, app=create_app(city.office.settings))  # an app that nobody else uses afterwards
    broken.app.add_url_rule("/api/v1/broken", "broken", lambda: 1 / 0)
    answer = broken.call("unit", "GET", f"{API}/broken")
    broken.office.close()
    assert answer.status_code == 500
    assert answer.mimetype == "application/problem+json"
    assert "Zero" not in answer.get_data(as_text=True)

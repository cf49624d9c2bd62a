"""A small city for the tests of the API: people of all six roles, the real rubric, an open cycle, three units."""

import contextlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import create_engine
from werkzeug.test import TestResponse

from domain import facts, phases
from domain.rubric.identity import canonical
from events.codec import to_event
from events.entry import Actor, new_id, utc_text
from events.order import seal
from events.sealed import Secret, seal as seal_secret
from events.store import Append, EventStore
from service.app import create_app
from service.office import Office
from service.rubric_files import load
from service.tokens import new_token
from tests.servers import Database
from workers import evidence_uses
from workers.desk import PARTITIONS
from workers.projector import Projector
from workers.settings import Settings
from workers.settings_admission import Admission, Provider

CYCLE = "2026"
# Who makes the others and has no other part in anything.
FOUNDER = ((("administrator", "*"),), ())
UNITS = {"zhongshan": "district", "xigang": "district", "transport": "industry"}
API = "/api/v1"
# name -> (roles, declared conflicts). Leaf 1a is the organisation department's, item 7 the democracy department's.
PEOPLE: Mapping[str, tuple[tuple[tuple[str, str], ...], tuple[str, ...]]] = {
    "administrator": ((("administrator", "*"),), ()),
    "second-administrator": ((("administrator", "*"),), ()),
    "unit": ((("unit", "zhongshan"),), ()),
    "other-unit": ((("unit", "xigang"),), ()),
    "reviewer": ((("reviewer", "organisation"), ("reviewer", "democracy")), ()),
    "second-reviewer": ((("reviewer", "organisation"), ("reviewer", "democracy")), ()),
    "other-reviewer": ((("reviewer", "legal"),), ()),
    "conflicted-reviewer": ((("reviewer", "organisation"), ("reviewer", "democracy")), ("zhongshan",)),
    "approver": ((("approver", "organisation"), ("approver", "democracy")), ()),
    "other-approver": ((("approver", "legal"),), ()),
    "chief-approver": ((("approver", "*"),), ()),
    "conflicted-approver": ((("approver", "organisation"), ("approver", "democracy")), ("zhongshan",)),
    "auditor": ((("auditor", "*"),), ()),
    "second-auditor": ((("auditor", "*"),), ()),
    "viewer": ((("viewer", "*"),), ()),
    "department-viewer": ((("viewer", "organisation"),), ()),
    "nobody": ((), ()),
    "revoked": ((("administrator", "*"),), ()),
    "expired": ((("administrator", "*"),), ()),
}
RUBRIC = canonical(load("six-actions"))
IDLE: list[Flask] = []  # apps between two tests: making one costs more than most tests do with it
# Asked by no test but those that bring a provider of their own.
PROVIDER = Provider("https://id.example.org", "kaohe", "a secret of the tests", "https://kaohe.example.org")
STRANGER = "stranger"  # shows no token at all


@dataclass(slots=True)
class City:
    """The app on a database of its own, and who may call it; a test acts through ``get``, ``post`` and ``settle``."""

    app: Flask
    database: Database
    people: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    projectors: list[Projector] = field(default_factory=list)

    @property
    def office(self) -> Office:
        found: Office = self.app.extensions["kaohe"]
        return found

    def headers(self, who: str, **more: str) -> dict[str, str]:
        token = self.tokens.get(who)
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return named | ({"Authorization": f"Bearer {token}"} if token else {})

    def call(self, who: str, method: str, path: str, **options: Any) -> TestResponse:
        headers = self.headers(who) | options.pop("headers", {})
        return self.app.test_client(use_cookies=False).open(
            path, method=method, headers=headers, buffered=True, **options
        )

    def get(self, who: str, path: str, **headers: str) -> TestResponse:
        return self.call(who, "GET", API + path, headers=self.headers(who, **headers))

    def post(self, who: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        return self.call(
            who, "POST", API + path, json={} if body is None else body, headers=self.headers(who, **headers)
        )

    def done(self, who: str, path: str, body: Any = None, **headers: str) -> dict[str, Any]:
        """A command that must succeed; gives its receipt."""
        answer = self.post(who, path, body, **headers)
        assert answer.status_code == 201, answer.get_data(as_text=True)
        return dict(answer.get_json())

    def seen(self, who: str, path: str, **headers: str) -> dict[str, Any]:
        """A read that must succeed."""
        answer = self.get(who, path, **headers)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return dict(answer.get_json())

    def settle(self) -> None:
        """Orders and projects everything, as the workers would: score reads are current afterwards."""
        seal(self.projectors[0]._store._engine)
        for projector in self.projectors:
            while (progress := projector.advance()) is not None and progress.more:
                pass
        evidence_uses.follow(self.projectors[0]._store)

    def size(self) -> dict[str, int]:
        """How much the record, the vault and the evidence store hold: what a refused request may not change."""
        tables = ("record.events", "record.requests", "record.documents", "vault.keys", "vault.secrets")
        with self.office.store.connection() as connection:
            rows = {name: connection.execute(f"SELECT count(*) FROM {name}".encode()).fetchone() for name in tables}  # noqa: S608 - our own names
        folder = Path(self.office.settings.evidence.removeprefix("file://"))
        files = sum(1 for each in folder.rglob("*") if each.is_file()) if folder.exists() else 0
        return {name: int(row[0]) if row else 0 for name, row in rows.items()} | {"files": files}


def sheet(unit: str = "zhongshan", item: str = "1", cycle: str = CYCLE) -> str:
    return f"/cycles/{cycle}/units/{unit}/sheets/{item}"


@contextlib.contextmanager
def opened(database: Database, redis: str, folder: Path, **changed: Any) -> Iterator[City]:
    """A city whose data lives in ``folder``; ``changed`` are settings that differ."""
    settings = Settings(
        host="127.0.0.1",
        port=8000,
        data=folder,
        origin="kaohe.example/test",
        max_upload=1 << 20,
        evidence=(folder / "evidence").as_uri(),
        owner=database.owner,
        service=database.service,
        worker=database.worker,
        redis=redis,
        admission=Admission(provider=PROVIDER),
    )
    worker = create_engine(database.worker.sqlalchemy)
    city = City(app_of(settings) if not changed else create_app(replace(settings, **changed)), database)
    store = EventStore(worker, "kaohe.example/test")
    city.projectors = [Projector(store, partition) for partition in range(PARTITIONS)]
    try:
        populate(city)
        yield city
    finally:
        city.office.close()
        worker.dispose()
        if not changed:
            IDLE.append(city.app)


def app_of(settings: Settings) -> Flask:
    """An app with an office of its own; what else an app is made of does not differ from test to test."""
    app = IDLE.pop() if IDLE else create_app(settings)
    app.extensions["kaohe"] = Office(settings)
    return app


def populate(city: City) -> None:
    """Records the people, the rubric and the open cycle as the API would leave them, in five commits."""
    store = city.office.store
    names: list[Secret] = []
    digest = store.keep_document(RUBRIC)
    drafted = facts.RubricDrafted(digest, json.loads(RUBRIC)["title"]["zh"])
    store.append_all([newcomer(city, "founder", names)], by=Actor("", "bootstrap"))
    appends = [newcomer(city, who, names) for who in PEOPLE]
    store.append_all(appends, by=office_of(city, "founder"), within=partial(sealed, names))
    rubric = "rubric/six-actions"
    head = store.append(rubric, 0, [to_event(drafted)], by=office_of(city)).heads[rubric]
    published = to_event(facts.RubricPublished(digest))
    store.append(rubric, head, [published], by=office_of(city, "second-administrator"))
    calendar = {phase: later(10 * (place + 1)) for place, phase in enumerate(phases.TIMED)}
    year: list[facts.Fact] = [facts.CycleCreated("2026 考核", "Assessment 2026", "six-actions", digest, calendar)]
    year += [facts.UnitEnrolled(unit, cohort, f"{unit} 总工会", f"{unit} union") for unit, cohort in UNITS.items()]
    year.append(facts.PhaseAdvanced("draft", "open", "test"))
    store.append(f"cycle/{CYCLE}", 0, [to_event(fact) for fact in year], by=office_of(city))


def office_of(city: City, who: str = "administrator") -> Actor:
    """An administrator as events name him."""
    return Actor(city.people[who], "administrator", "*")


def newcomer(city: City, name: str, names: list[Secret]) -> Append:
    """The first events of a person, whose name goes to ``names``; who founds the city needs no token."""
    roles, conflicts = PEOPLE.get(name, FOUNDER)
    person, credential = new_id(), new_id()
    token = new_token(person)
    city.people[name], city.tokens[name] = person, token.text
    names.append(Secret(person, "person.name", f"名 {name}"))
    happened: list[facts.Fact] = [facts.PersonRegistered(names[-1].commitment)]
    happened += [facts.RoleGranted(role, scope, "test") for role, scope in roles]
    happened += [facts.ConflictDeclared(unit, "test") for unit in conflicts]
    if name in PEOPLE:
        happened.append(facts.CredentialIssued(credential, token.digest, later(-1 if name == "expired" else 30)))
    if name == "revoked":
        happened.append(facts.CredentialRevoked(credential, "test"))
    return Append(f"person/{person}", 0, [to_event(fact) for fact in happened])


def sealed(names: list[Secret], connection: psycopg.Connection[tuple[Any, ...]]) -> None:
    for name in names:
        seal_secret(name)(connection)


def record(store: EventStore, stream: str, happened: list[facts.Fact], by: Actor | None = None) -> None:
    store.append(stream, 0, [to_event(fact) for fact in happened], by=by or Actor("founder"))


def later(days: int) -> str:
    return utc_text(datetime.now(UTC) + timedelta(days=days))

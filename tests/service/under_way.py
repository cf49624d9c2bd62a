"""An act on a sheet whose commit is under way: on the ground of its year, as every act's is, and not yet committed."""

from datetime import UTC, datetime
from typing import Any

from domain import facts
from events.codec import to_event
from events.entry import Actor, Context, build, utc_text
from tests.service.city import CYCLE, City


def under_way(city: City, connection: Any, sheet: tuple[str, str], fact: facts.Fact, who: str) -> None:
    """Appends ``fact`` to the sheet of (unit, item) in the connection's transaction, by ``who`` of the city."""
    stream, year, heads = f"sheet/{CYCLE}/{sheet[0]}/{sheet[1]}", f"cycle/{CYCLE}", city.office.store.head
    context = Context(city.office.settings.origin, Actor(city.people[who]), utc_text(datetime.now(UTC)))
    entry = build(stream, heads(stream), to_event(fact), context)
    connection.execute("SELECT record.stand(NULL, %s::text[], %s::text[])", ([year], [str(heads(year).version)]))
    connection.execute("SELECT record.append(%s::bytea[], 'a', NULL, NULL)", ([entry],))

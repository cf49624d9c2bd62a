"""The first administrator: made from the command line, while there is nobody yet, and never again."""

from datetime import timedelta

from domain import admission, people
from domain.facts import Fact
from domain.people import Person
from domain.refusals import Refused
from events.codec import to_event
from events.conflicts import KeyReused, WrongVersion
from events.entry import Actor, new_id, utc_text
from events.names import names
from events.store import Request
from service.office import Office
from service.tokens import digest_of, new_token

REASON = "首任管理员 the first administrator"
BOOTSTRAP = Actor("", "bootstrap")


def nobody_yet(office: Office) -> bool:
    """Whether the record knows no person, so that nobody can have been granted a role."""
    return not names(office.store, "person/")


def bootstrap(office: Office, name: str, person: str, token: str) -> None:
    """Registers ``person`` (a new uuid7) as administrator with a ``token`` for as long as one may be, in one commit.

    Raises Refused("already-exists") when there is anybody already. Two at the same moment meet at the request key,
    which the record keeps for ever: one of them is refused.
    """
    if not nobody_yet(office):
        raise Refused("already-exists", "已有人员登记", "people are registered already")
    commitment = office.vault.keep(person, "person.name", name)
    expires = utc_text(office.now() + timedelta(days=office.settings.admission.most_days))
    happened = people.register(Person(person), commitment)
    registered = _after(Person(person), happened)
    happened += people.grant_role(registered, "administrator", "*", (), REASON)
    happened += admission.issue_credential(registered, new_id(), digest_of(token), expires)
    events = [to_event(fact) for fact in happened]
    try:
        request = Request.of("bootstrap", person.encode())
        office.store.append(f"person/{person}", 0, events, by=BOOTSTRAP, request=request)
    except (KeyReused, WrongVersion):
        raise Refused("already-exists", "已有人员登记", "people are registered already") from None
    office.nudge.send()


def newcomer() -> tuple[str, str]:
    """A new person's id and token, recorded nowhere yet."""
    person = new_id()
    return person, new_token(person).text


def _after(person: Person, happened: list[Fact]) -> Person:
    for fact in happened:
        person = person.evolve(fact)
    return person

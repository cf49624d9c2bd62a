"""/me, /people and /roles: who there is, in which roles, in which conflicts."""

from typing import Any

from flask import Response

from domain import people
from domain.people import Grant, Person
from domain.refusals import Refused
from events.entry import new_id
from events.sealed import Secret, seal
from service.auth import caller, own_grant, permit
from service.commands.streams import act
from service.office import office
from service.queries import moments, names, roles
from service.queries.pages import linked, page
from service.queries.people import people_shown, person_shown
from service.queries.roles import person_at
from service.reading import Blueprint
from service.resources.answers import committed, document
from service.schemas.moments import AsOf
from service.schemas.pages import Page
from service.schemas.people import persons as schemas
from service.schemas.sheets.receipts import Receipt

blueprint = Blueprint("people", __name__, url_prefix="/api/v1")
at = blueprint.route


def administer() -> Grant:
    """The caller's grant as an administrator."""
    return permit("administer")


@at("/me")
@blueprint.response(200, schemas.PersonShown)
def get_me() -> Response:
    """The caller, his roles and tokens."""
    person, head = office().people.get(caller().id)
    return document(person_shown(person, head.version), head.version)


@at("/people")
@blueprint.arguments(Page, location="query")
@blueprint.response(200, schemas.People)
def get_people(query: dict[str, Any]) -> Response:
    """Everybody in the order of registration, for administrators and auditors."""
    _look()
    keys, cursor = page(office().names("person/"), query)
    return linked(document({"people": people_shown(keys)}), cursor)


@at("/people", methods=["POST"])
@blueprint.arguments(schemas.Person)
@blueprint.response(201, Receipt)
def post_person(body: dict[str, Any]) -> Response:
    """Registers a person."""
    key = new_id()
    name = Secret(key, "person.name", body["name"])

    def decide(state: Person) -> list[Any]:
        return people.register(state, name.commitment)

    return committed(act(office().people, ("person/", key), "register", administer, decide, seal(name)))


@at("/people/names")
@blueprint.arguments(schemas.Whose, location="query")
@blueprint.response(200, schemas.Names)
def get_names(query: dict[str, Any]) -> Response:
    """The names of people by id, as far as the caller may be told them; an erased name is null and says so."""
    return document({"names": names.of(caller(), query["id"])})


@at("/people/<uuid:person>")
@blueprint.arguments(AsOf, location="query")
@blueprint.response(200, schemas.PersonShown)
def get_person(query: dict[str, Any], person: Any) -> Response:
    """One person with his roles, conflicts and tokens, now or as of a moment."""
    if caller().id != str(person):
        _look()
    asked = moments.asked(query)
    found, head = office().people.get(str(person)) if asked is None else person_at(str(person), asked.moment)
    if not found.registered:
        raise Refused("unknown-person")
    if asked is None:
        return document(person_shown(found, head.version), head.version)
    return document(person_shown(found, head.version) | {"as_of": asked.shown})


@at("/roles")
@blueprint.arguments(schemas.Holders, location="query")
@blueprint.response(200, schemas.RoleHolders)
def get_roles(query: dict[str, Any]) -> Response:
    """Who could do what, then: everybody who held a role, or who could do an act, now or as of a moment."""
    _look()
    asked = moments.asked(query) or moments.now()
    found = roles.holders(asked.moment, query)
    keys, cursor = page(sorted(found), query)
    rows = roles.shown([found[key] for key in keys])
    return linked(document({"position": asked.moment.position, "as_of": asked.shown, "people": rows}), cursor)


@at("/people/<uuid:person>/roles", methods=["POST"])
@blueprint.arguments(schemas.Role)
@blueprint.response(201, Receipt)
def post_role(body: dict[str, Any], person: Any) -> Response:
    """Grants a role within a scope."""

    def decide(state: Person) -> list[Any]:
        return people.grant_role(
            state, body["role"], body["scope"], office().departments(), body["reason"], by=caller().id
        )

    return committed(act(office().people, ("person/", str(person)), "grant-role", administer, decide))


@at("/people/<uuid:person>/roles/revocations", methods=["POST"])
@blueprint.arguments(schemas.Role)
@blueprint.response(201, Receipt)
def post_role_revocation(body: dict[str, Any], person: Any) -> Response:
    """Ends a role within a scope."""

    def decide(state: Person) -> list[Any]:
        return people.revoke_role(state, body["role"], body["scope"], body["reason"])

    return committed(act(office().people, ("person/", str(person)), "revoke-role", administer, decide))


@at("/people/<uuid:person>/conflicts", methods=["POST"])
@blueprint.arguments(schemas.Conflict)
@blueprint.response(201, Receipt)
def post_conflict(body: dict[str, Any], person: Any) -> Response:
    """Declares a conflict of interest, one's own or, as an administrator, somebody else's."""

    def permitted() -> Grant:
        return own_grant() if caller().id == str(person) else administer()

    def decide(state: Person) -> list[Any]:
        return people.declare_conflict(state, body["unit"], body["reason"])

    return committed(act(office().people, ("person/", str(person)), "declare-conflict", permitted, decide))


def _look() -> None:
    if not caller().holds("administrator", "auditor"):
        raise Refused("not-permitted")

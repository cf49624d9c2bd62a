"""/account and /sign-out: who is signed in with this browser, and how the session ends."""

from flask import Response, g, request

from domain.credentials import SESSION, found
from domain.people import Person
from service import cookies, tokens
from service.commands import identities
from service.office import office
from service.pages import ROLES, page
from service.resources.sign_in import ACCOUNT, blueprint, forget, private, provider_of, to
from service.sign_in import leaving


@blueprint.get("/account")
def get_account() -> Response:
    """Who is signed in, until when, and how to sign in or out."""
    person = _signed_in()
    if person is None:
        return private(page("account.html", person=None, offered=office().settings.admission.provider is not None))
    name = office().vault.open([person.name]).get(person.name)
    session = person.credentials[g.credential]
    grants = sorted(person.grants, key=lambda each: (each.role, each.scope))
    return private(page("account.html", person=person, name=name, session=session, grants=grants, roles=ROLES))


@blueprint.post(cookies.OUT)
def post_sign_out() -> Response:
    """Ends the session, by an event; then the provider's own, where it publishes how."""
    provider = provider_of()
    cookies.same_origin(provider)
    person = _signed_in()
    if person is not None:
        identities.sign_out(person, g.credential)
    kept = request.cookies.get(cookies.vouched_name(provider), "")
    for name in (cookies.session_name(provider), cookies.vouched_name(provider)):
        forget(provider, name)
    url = leaving.way_out(office().identity_provider, kept, office().now())
    # A page that leads on and not a redirect: the policy of the page with the form forbids forms to lead elsewhere.
    return private(page("signed_out.html", url=url) if url else to(ACCOUNT))


def _signed_in() -> Person | None:
    """The person whose session the cookie shows, if it is in force."""
    provider = office().settings.admission.provider
    said = tokens.read(request.cookies.get(cookies.session_name(provider), ""), cookie=True) if provider else None
    person = office().people.get(said.person)[0] if said else None
    session = found(person.credentials, said.digest, office().now(), SESSION) if person and said else None
    if person is None or session is None:
        return None
    g.caller, g.credential = person, session
    return person

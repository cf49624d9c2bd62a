"""/sign-in, /account, /sign-out: people with a browser, vouched for by the OpenID provider, without a script."""

import re

from flask import Blueprint, Response, after_this_request, g, request

from domain.credentials import INVITATION, SESSION, found
from domain.people import Person
from service import cookies, tokens
from service.commands import identities
from service.lifetimes import session_end
from service.office import office
from service.pages import ROLES, page
from service.sign_in import leaving, pending as under_way
from service.sign_in.failures import failed
from service.sign_in.id_token import subject_of
from service.sign_in.pending import Pending
from service.tokens import Shown, new_token
from workers.settings_admission import Provider

blueprint = Blueprint("sign_in", __name__)
ACCOUNT = "/account"
# A place on this very server: one slash, then no second one and no backslash, which browsers read as one.
_LOCAL = re.compile(r"/(?![/\\])[!-\[\]-~]{0,500}")


@blueprint.get("/sign-in")
def get_sign_in() -> Response:
    """Sends the browser to the provider."""
    pending = Pending(_local(request.args.get("next", "")))
    return _begin(_to(office().identity_provider.authorization_url(pending), 302), pending)


@blueprint.post("/sign-in")
def post_sign_in() -> Response:
    """The same for somebody who was invited, whose code never stands in an address."""
    cookies.same_origin(_provider())
    code = request.form.get("invitation", "").strip()
    _invited(code)
    pending = Pending(ACCOUNT, code)
    # A link and not a redirect: the policy of the page that sent the form forbids forms to lead elsewhere.
    return _begin(page("invited.html", url=office().identity_provider.authorization_url(pending)), pending)


@blueprint.get("/sign-in/callback")
def get_callback() -> Response:
    """The browser comes back: the code is exchanged, the ID token checked, and a session begins, by an event."""
    provider, now = _provider(), office().now()
    sealed = request.cookies.get(cookies.pending_name(provider), "")
    pending = under_way.unseal(sealed, request.args.get("state", ""), provider.client_secret, now)
    if pending is None:
        raise failed("sign-in-lost")  # and what another tab began is kept
    _forget(provider, cookies.pending_name(provider))
    if "code" not in request.args or request.args.get("iss", provider.issuer) != provider.issuer:
        raise failed("sign-in-declined")
    answer = office().identity_provider.exchange(request.args["code"], pending)
    subject = subject_of(answer, office().identity_provider, pending.nonce, now)
    token = _enter(identities.identity(subject), pending)
    response, until = _to(pending.next), session_end()
    cookies.keep_session(response, provider, token, until)
    if kept := leaving.remembered(office().identity_provider, str(answer["id_token"]), until):
        cookies.keep_vouched(response, provider, kept, until)
    return _private(response)


@blueprint.get("/account")
def get_account() -> Response:
    """Who is signed in, until when, and how to sign in or out."""
    person = _signed_in()
    if person is None:
        return _private(page("account.html", person=None, offered=office().settings.admission.provider is not None))
    name = office().vault.open([person.name]).get(person.name)
    session = person.credentials[g.credential]
    grants = sorted(person.grants, key=lambda each: (each.role, each.scope))
    return _private(page("account.html", person=person, name=name, session=session, grants=grants, roles=ROLES))


@blueprint.post(cookies.OUT)
def post_sign_out() -> Response:
    """Ends the session, by an event; then the provider's own, where it publishes how."""
    provider = _provider()
    cookies.same_origin(provider)
    person = _signed_in()
    if person is not None:
        identities.sign_out(person, g.credential)
    kept = request.cookies.get(cookies.vouched_name(provider), "")
    for name in (cookies.session_name(provider), cookies.vouched_name(provider)):
        _forget(provider, name)
    url = leaving.way_out(office().identity_provider, kept, office().now())
    # A page that leads on and not a redirect: the policy of the page with the form forbids forms to lead elsewhere.
    return _private(page("signed_out.html", url=url) if url else _to(ACCOUNT))


def _begin(response: Response, pending: Pending) -> Response:
    provider = _provider()
    cookies.keep_pending(response, provider, under_way.seal(pending, provider.client_secret, office().now()))
    return _private(response)


def _enter(text: str, pending: Pending) -> str:
    """A session for the identity's person; an invited person's identity becomes his first."""
    linked = identities.linked(text)
    if pending.invitation:
        person, invitation = _invited(pending.invitation)
        g.caller, token = person, new_token(person.id)
        identities.accept(person, invitation, text, token)
        return token.text
    if linked is None:
        raise failed("identity-unknown")
    g.caller, token = linked[0], new_token(linked[0].id)
    identities.sign_in(*linked, token)
    return token.text


def _invited(code: str) -> tuple[Person, str]:
    """The person an invitation in force is for, and its id."""
    said: Shown | None = tokens.read(code)
    person = office().people.get(said.person)[0] if said else None
    invitation = found(person.credentials, said.digest, office().now(), INVITATION) if person and said else None
    if person is None or invitation is None:
        raise failed("invitation-over")
    return person, invitation


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


def _provider() -> Provider:
    return office().identity_provider.settings


def _local(place: str) -> str:
    return place if _LOCAL.fullmatch(place) else ACCOUNT


def _forget(provider: Provider, name: str) -> None:
    @after_this_request
    def take_back(response: Response) -> Response:
        cookies.forget(response, provider, name)
        return response


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _to(place: str, status: int = 303) -> Response:
    return Response(status=status, headers={"Location": place})

"""/sign-in: people with a browser, vouched for by the OpenID provider, without a script."""

import re

from flask import Blueprint, Response, after_this_request, g, request

from domain.credentials import INVITATION, found
from domain.people import Person
from service import cookies, tokens
from service.commands import identities
from service.lifetimes import session_end
from service.office import office
from service.pages import page
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
    return _begin(to(office().identity_provider.authorization_url(pending), 302), pending)


@blueprint.post("/sign-in")
def post_sign_in() -> Response:
    """The same for somebody who was invited, whose code never stands in an address."""
    cookies.same_origin(provider_of())
    code = request.form.get("invitation", "").strip()
    _invited(code)
    pending = Pending(ACCOUNT, code)
    # A link and not a redirect: the policy of the page that sent the form forbids forms to lead elsewhere.
    return _begin(page("invited.html", url=office().identity_provider.authorization_url(pending)), pending)


@blueprint.get("/sign-in/callback")
def get_callback() -> Response:
    """The browser comes back: the code is exchanged, the ID token checked, and a session begins, by an event."""
    provider, now = provider_of(), office().now()
    sealed = request.cookies.get(cookies.pending_name(provider), "")
    pending = under_way.unseal(sealed, request.args.get("state", ""), provider.client_secret, now)
    if pending is None:
        raise failed("sign-in-lost")  # and what another tab began is kept
    forget(provider, cookies.pending_name(provider))
    if "code" not in request.args or request.args.get("iss", provider.issuer) != provider.issuer:
        raise failed("sign-in-declined")
    answer = office().identity_provider.exchange(request.args["code"], pending)
    subject = subject_of(answer, office().identity_provider, pending.nonce, now)
    token = _enter(identities.identity(subject), pending)
    response, until = to(pending.next), session_end()
    cookies.keep_session(response, provider, token, until)
    if kept := leaving.remembered(office().identity_provider, str(answer["id_token"]), until):
        cookies.keep_vouched(response, provider, kept, until)
    return private(response)


def _begin(response: Response, pending: Pending) -> Response:
    provider = provider_of()
    cookies.keep_pending(response, provider, under_way.seal(pending, provider.client_secret, office().now()))
    return private(response)


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


def provider_of() -> Provider:
    """The provider as it is set up; a problem where there is none."""
    return office().identity_provider.settings


def _local(place: str) -> str:
    return place if _LOCAL.fullmatch(place) else ACCOUNT


def forget(provider: Provider, name: str) -> None:
    """Has the answer take a cookie back, whatever it is."""

    @after_this_request
    def take_back(response: Response) -> Response:
        cookies.forget(response, provider, name)
        return response


def private(response: Response) -> Response:
    """The answer, for nobody to keep."""
    response.headers["Cache-Control"] = "no-store"
    return response


def to(place: str, status: int = 303) -> Response:
    """Leads to a place."""
    return Response(status=status, headers={"Location": place})

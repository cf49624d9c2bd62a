"""/me/notices and /notices: what people are told, where, and what could not be delivered."""

from typing import Any

from flask import Response

from domain.refusals import Refused
from service.auth import caller, permit
from service.commands import notices as commands
from service.office import office
from service.queries import outbox
from service.queries.pages import linked
from service.reading import Blueprint
from service.resources.answers import committed, document
from service.schemas import notices as schemas
from service.schemas.pages import Page
from service.schemas.sheets.acts import Reason
from service.schemas.sheets.receipts import Receipt

blueprint = Blueprint("notices", __name__, url_prefix="/api/v1")
at = blueprint.route


@at("/me/notices")
@blueprint.arguments(Page, location="query")
@blueprint.response(200, schemas.Notices)
def get_own(query: dict[str, Any]) -> Response:
    """What the caller was told of, the newest first, with what became of each delivery."""
    found, cursor = outbox.own(caller().id, query)
    return linked(document({"notices": found}), cursor)


@at("/me/notices/channels")
@blueprint.response(200, schemas.Channels)
def get_channels() -> Response:
    """The caller's channels."""
    state, head = office().channels.get(caller().id)
    return document({"channels": outbox.channels_shown(state)}, head.version)


@at("/me/notices/channels", methods=["POST"])
@blueprint.arguments(schemas.ChannelBody)
@blueprint.response(201, schemas.ChannelReceipt)
def post_channel(body: dict[str, Any]) -> Response:
    """Opens a channel or replaces it; a webhook's key is shown once, and a repeated request answers without it."""
    commit, secret = commands.set_channel(body)
    return committed(commit, secret=secret)


@at("/me/notices/channels/email/confirmation", methods=["POST"])
@blueprint.arguments(schemas.Code)
@blueprint.response(201, Receipt)
def post_confirmation(body: dict[str, Any]) -> Response:
    """Shows the code that went to the caller's e-mail address: from then on notices go there."""
    return committed(commands.confirm_address(body["code"]))


@at("/me/notices/channels/<slug:channel>/check", methods=["POST"])
@blueprint.response(201, Receipt)
def post_check(channel: str) -> Response:
    """Has an address checked once more: another code by e-mail, another ping to the webhook."""
    return committed(commands.check_address(channel))


@at("/me/notices/secret", methods=["POST"])
@blueprint.response(201, schemas.ChannelReceipt)
def post_secret() -> Response:
    """A new key for the caller's webhook, shown once; the one before it signs too until the next."""
    commit, secret = commands.rotate_secret()
    return committed(commit, secret=secret)


@at("/me/notices/channels/<slug:channel>/closing", methods=["POST"])
@blueprint.response(201, Receipt)
def post_closing(channel: str) -> Response:
    """Closes a channel: nothing goes there any more."""
    return committed(commands.close_channel(channel))


@at("/people/<uuid:person>/notices/channels")
@blueprint.response(200, schemas.OpenChannels)
def get_person_channels(person: Any) -> Response:
    """Over which channels a person is told, for administrators, and not where."""
    permit("administer")
    if not office().people.get(str(person))[0].registered:
        raise Refused("unknown-person")
    return document({"channels": sorted(office().channels.get(str(person))[0].open)})


@at("/notices/dead-letters")
@blueprint.arguments(Page, location="query")
@blueprint.response(200, schemas.DeadLetters)
def get_dead_letters(query: dict[str, Any]) -> Response:
    """What did not arrive, and what may or may not have, for administrators and auditors."""
    permit("recompute")
    found, cursor = outbox.dead_letters(query)
    return linked(document({"dead_letters": found}), cursor)


@at("/notices/dead-letters/<slug:delivery>/resending", methods=["POST"])
@blueprint.arguments(Reason)
@blueprint.response(201, Receipt)
def post_resending(body: dict[str, Any], delivery: str) -> Response:
    """An administrator has a dead letter sent again; of an uncertain one the person may then have two."""
    return committed(commands.resend(delivery, body["reason"]))

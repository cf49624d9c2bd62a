"""/log: the verifiable log in the C2SP formats, for other people's tools.

Checkpoints, hash tiles and proofs are public: they hold hashes alone. Entry bundles hold the entries, which name
units and pseudonymous persons, so they are for auditors.
"""

from flask import Blueprint, Response, request

from events.log.bundles import write_bundle
from events.log.errors import MalformedTileError, TileMissingError
from events.log.stamps import ANSWER_TYPE, stamp_at
from events.log.storage import Connection, read_checkpoint, read_checkpoint_at, tile_reader
from events.log.tiles import Bundle, Tile, parse_path
from events.reader import read_range
from service.auth import permit
from service.office import office
from service.problems import Problem, answer
from service.queries import log as queries

blueprint = Blueprint("log", __name__, url_prefix="/log")

_TEXT = "text/plain; charset=utf-8"
FOREVER = "public, max-age=31536000, immutable"
BRIEFLY = "public, max-age=1"
_SOON = {"Retry-After": "1"}


@blueprint.get("/checkpoint")
def get_checkpoint() -> Response:
    """The newest signed checkpoint with its cosignatures (C2SP tlog-checkpoint)."""
    with office().store.connection() as connection:
        found = read_checkpoint(connection)
    return text(found[1].data, BRIEFLY) if found else not_yet()


@blueprint.get("/checkpoint/<position:size>")
def get_checkpoint_at(size: int) -> Response:
    """The signed checkpoint of exactly this size."""
    with office().store.connection() as connection:
        found = read_checkpoint_at(connection, size)
    if found is None:
        raise no_checkpoint(size)
    return text(found.data, BRIEFLY)


@blueprint.get("/tile/<path:rest>")
def get_tile(rest: str) -> Response:
    """A tile or entry bundle (C2SP tlog-tiles); a width the tree once had is served for ever."""
    try:
        wanted = parse_path(f"tile/{rest}")
    except MalformedTileError:
        raise Problem(404) from None
    with office().store.connection() as connection:
        if isinstance(wanted, Bundle):
            permit("audit")
            return _octets(bundle_of(connection, wanted), "private, max-age=31536000, immutable")
        return _octets(tile_of(connection, wanted), FOREVER)


@blueprint.get("/stamps/<position:size>")
def get_stamp(size: int) -> Response:
    """The time stamp on the checkpoint of exactly this size (RFC 3161 TimeStampResp), as `openssl ts` reads it."""
    with office().store.connection() as connection:
        stamp = stamp_at(connection, size)
    if stamp is None:
        raise Problem(404, "not-stamped", "该大小的检查点没有时间戳", "no checkpoint of this size has a time stamp")
    answered = Response(stamp, 200, mimetype=ANSWER_TYPE)
    answered.headers["Cache-Control"] = FOREVER
    return answered


@blueprint.get("/policy")
def get_policy() -> Response:
    """The trust policy this log suggests (C2SP tlog-policy); decide for yourself whom you trust."""
    with office().store.connection() as connection:
        return text(queries.policy_text(connection), BRIEFLY)


@blueprint.get("/keys")
def get_keys() -> Response:
    """The public keys (vkeys) of checkpoints, or of receipts with ?purpose=receipt, one a line."""
    purpose = request.args.get("purpose", "checkpoint")
    with office().store.connection() as connection:
        keys = queries.keys_of(connection, purpose)
    return text("".join(f"{key}\n" for key in keys).encode(), BRIEFLY)


def tile_of(connection: Connection, tile: Tile) -> bytes:
    """The tile's bytes; a 404 problem when the tree has no such tile."""
    try:
        return tile_reader(connection)(tile)
    except TileMissingError:
        raise Problem(404) from None


def bundle_of(connection: Connection, bundle: Bundle) -> bytes:
    """The bundle's bytes; a 404 problem when the tree does not reach so far."""
    upto = bundle.start + bundle.width
    if upto > queries.tree_size(connection):
        raise Problem(404)
    return write_bundle([entry for _, entry in read_range(connection, bundle.start, upto)])


def no_checkpoint(size: int) -> Problem:
    """404: what nobody signed leads to no root that could be checked."""
    return Problem(
        404, "no-checkpoint", "没有该大小的检查点", "no checkpoint of this size was signed", f"{size}", f"{size}"
    )


def not_yet() -> Response:
    """404 for a moment: it is in the record, and not under a signature yet."""
    answered = answer(Problem(404, "not-yet-signed", "尚未签名，请稍后再试", "not signed yet; try again in a moment"))
    answered.headers.update(_SOON)
    return answered


def text(body: bytes, cache: str) -> Response:
    """A plain text of the log's formats."""
    answered = Response(body, 200, content_type=_TEXT)
    answered.headers["Cache-Control"] = cache
    return answered


def _octets(body: bytes, cache: str) -> Response:
    answered = Response(body, 200, mimetype="application/octet-stream")
    answered.headers["Cache-Control"] = cache
    return answered

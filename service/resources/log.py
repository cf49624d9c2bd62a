"""/log: the verifiable log in the C2SP formats, for other people's tools.

Checkpoints, hash tiles and proofs are public: they hold hashes alone. Entry bundles hold the entries, which name
units and pseudonymous persons, so they are for auditors.
"""

from http import HTTPStatus

from flask import Blueprint, Response, request

from events.log.authentic import AuthenticTiles
from events.log.bundles import write_bundle
from events.log.checkpoint import parse_checkpoint
from events.log.errors import LogError, MalformedTileError, TileMissingError
from events.log.lines import encode_base64
from events.log.paths import consistency_proof
from events.log.policy import parse_policy
from events.log.stamps import ANSWER_TYPE, stamp_at
from events.log.storage import Connection, read_checkpoint, read_checkpoint_at, tile_reader
from events.log.tiles import Bundle, Tile, parse_path
from events.reader import read_range
from service.auth import permit
from service.office import office
from service.problems import Problem, answer
from service.queries import log as queries
from service.resources.answers import document

blueprint = Blueprint("log", __name__, url_prefix="/log")

_TEXT = "text/plain; charset=utf-8"
_FOREVER = "public, max-age=31536000, immutable"
_BRIEFLY = "public, max-age=1"
_SOON = {"Retry-After": "1"}


@blueprint.get("/checkpoint")
def get_checkpoint() -> Response:
    """The newest signed checkpoint with its cosignatures (C2SP tlog-checkpoint)."""
    with office().store.connection() as connection:
        found = read_checkpoint(connection)
    return _text(found[1].data, _BRIEFLY) if found else _not_yet()


@blueprint.get("/checkpoint/<position:size>")
def get_checkpoint_at(size: int) -> Response:
    """The signed checkpoint of exactly this size."""
    with office().store.connection() as connection:
        found = read_checkpoint_at(connection, size)
    if found is None:
        raise _no_checkpoint(size)
    return _text(found.data, _BRIEFLY)


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
        return _octets(tile_of(connection, wanted), _FOREVER)


@blueprint.get("/proofs/<position:position>")
def get_proof(position: int) -> Response:
    """The proof file of one position (C2SP tlog-proof), under the best checkpoint that covers it."""
    with office().store.connection() as connection:
        found = queries.standing(connection, position)
        if found is None:
            raise Problem(404, "unknown-position", "记录尚无此位置", "the record has not reached this position")
        if found.vouched is None:
            return _not_yet()
        try:
            proof = queries.prove(connection, found.vouched, position)
        except LogError as broken:
            raise _broken(broken) from None
    answered = _text(proof.data, _BRIEFLY)
    answered.headers["Kaohe-Grade"] = found.grade
    return answered


@blueprint.get("/standing/<position:position>")
def get_standing(position: int) -> Response:
    """The grade a position has reached, and what it rests on."""
    with office().store.connection() as connection:
        found = queries.standing(connection, position)
        if found is None:
            raise Problem(404, "unknown-position", "记录尚无此位置", "the record has not reached this position")
        policy = parse_policy(queries.policy_text(connection))
    body = {"position": position, "grade": found.grade, "witnesses": [], "witnesses_known": len(policy.witnesses)}
    if found.vouched:
        assessment = found.vouched.assessment
        body |= {
            "size": assessment.checkpoint.head.size,
            "root": assessment.checkpoint.head.root.hex(),
            "witnesses": sorted(assessment.witnessed),
            "quorum_met": assessment.quorum_met,
        }
    if found.stamped_at:
        body["stamped_at"] = found.stamped_at.isoformat()
    return document(body)


@blueprint.get("/consistency/<position:old>/<position:new>")
def get_consistency(old: int, new: int) -> Response:
    """The consistency proof between two sizes (RFC 9162 section 2.1.4), one base64 hash a line."""
    with office().store.connection() as connection:
        note = read_checkpoint_at(connection, new)
        if note is None:
            raise _no_checkpoint(new)
        if old > new:
            raise Problem(404, "sizes-reversed", "旧的大小不能大于新的", "the old size is larger than the new one")
        try:
            tiles = AuthenticTiles(parse_checkpoint(note.text).head, tile_reader(connection))
            path = consistency_proof(old, new, tiles.node)
        except LogError as broken:
            raise _broken(broken) from None
    return _text("".join(f"{encode_base64(each)}\n" for each in path).encode(), _FOREVER)


@blueprint.get("/stamps/<position:size>")
def get_stamp(size: int) -> Response:
    """The time stamp on the checkpoint of exactly this size (RFC 3161 TimeStampResp), as `openssl ts` reads it."""
    with office().store.connection() as connection:
        stamp = stamp_at(connection, size)
    if stamp is None:
        raise Problem(404, "not-stamped", "该大小的检查点没有时间戳", "no checkpoint of this size has a time stamp")
    answered = Response(stamp, 200, mimetype=ANSWER_TYPE)
    answered.headers["Cache-Control"] = _FOREVER
    return answered


@blueprint.get("/policy")
def get_policy() -> Response:
    """The trust policy this log suggests (C2SP tlog-policy); decide for yourself whom you trust."""
    with office().store.connection() as connection:
        return _text(queries.policy_text(connection), _BRIEFLY)


@blueprint.get("/keys")
def get_keys() -> Response:
    """The public keys (vkeys) of checkpoints, or of receipts with ?purpose=receipt, one a line."""
    purpose = request.args.get("purpose", "checkpoint")
    with office().store.connection() as connection:
        keys = queries.keys_of(connection, purpose)
    return _text("".join(f"{key}\n" for key in keys).encode(), _BRIEFLY)


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


def _no_checkpoint(size: int) -> Problem:
    # What nobody signed leads to no root that could be checked.
    return Problem(
        404, "no-checkpoint", "没有该大小的检查点", "no checkpoint of this size was signed", f"{size}", f"{size}"
    )


def _not_yet() -> Response:
    answered = answer(Problem(404, "not-yet-signed", "尚未签名，请稍后再试", "not signed yet; try again in a moment"))
    answered.headers.update(_SOON)
    return answered


def _broken(reason: LogError) -> Problem:
    # Nothing of the log may be handed out that does not lead to the signed root.
    return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "log-damaged", reason.zh, reason.en, reason.detail, reason.detail)


def _text(body: bytes, cache: str) -> Response:
    answered = Response(body, 200, content_type=_TEXT)
    answered.headers["Cache-Control"] = cache
    return answered


def _octets(body: bytes, cache: str) -> Response:
    answered = Response(body, 200, mimetype="application/octet-stream")
    answered.headers["Cache-Control"] = cache
    return answered

"""/log/proofs, /log/standing and /log/consistency: what a position rests on, and that the log only ever grew."""

from http import HTTPStatus

from flask import Response

from events.log.authentic import AuthenticTiles
from events.log.checkpoint import parse_checkpoint
from events.log.errors import LogError
from events.log.lines import encode_base64
from events.log.paths import consistency_proof
from events.log.policy import parse_policy
from events.log.storage import read_checkpoint_at, tile_reader
from service.office import office
from service.problems import Problem
from service.queries import log as queries
from service.resources.answers import document
from service.resources.log import BRIEFLY, FOREVER, blueprint, no_checkpoint, not_yet, text


@blueprint.get("/proofs/<position:position>")
def get_proof(position: int) -> Response:
    """The proof file of one position (C2SP tlog-proof), under the best checkpoint that covers it."""
    with office().store.connection() as connection:
        found = queries.standing(connection, position)
        if found is None:
            raise Problem(404, "unknown-position", "记录尚无此位置", "the record has not reached this position")
        if found.vouched is None:
            return not_yet()
        try:
            proof = queries.prove(connection, found.vouched, position)
        except LogError as broken:
            raise _broken(broken) from None
    answered = text(proof.data, BRIEFLY)
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
            raise no_checkpoint(new)
        if old > new:
            raise Problem(404, "sizes-reversed", "旧的大小不能大于新的", "the old size is larger than the new one")
        try:
            tiles = AuthenticTiles(parse_checkpoint(note.text).head, tile_reader(connection))
            path = consistency_proof(old, new, tiles.node)
        except LogError as broken:
            raise _broken(broken) from None
    return text("".join(f"{encode_base64(each)}\n" for each in path).encode(), FOREVER)


def _broken(reason: LogError) -> Problem:
    # Nothing of the log may be handed out that does not lead to the signed root.
    return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "log-damaged", reason.zh, reason.en, reason.detail, reason.detail)

"""/cycles/{cycle}/units/{unit}/sheets/{item}/evidence: files that support a leaf."""

import base64
from typing import Any

from flask import Response, g

from domain import facts
from domain.acts import filing, review
from domain.refusals import Refused
from events.entry import new_id
from service.auth import actor, hidden_unless
from service.commands.commit import answered, append, to
from service.commands.sheets import Place, act, open_sheet
from service.evidence import TooLarge
from service.office import office
from service.preconditions import seen_version_required
from service.problems import Problem
from service.reading import Blueprint
from service.resources.answers import committed
from service.schemas import sheets as schemas
from service.sniff import UnknownType

blueprint = Blueprint(
    "evidence", __name__, url_prefix="/api/v1/cycles/<slug:cycle>/units/<slug:unit>/sheets/<slug:item>/evidence"
)
at = blueprint.route

_UNKNOWN_TYPE = (
    "unknown-file-type",
    "只接受pdf、jpg、png、docx、xlsx、csv、zip，且内容须与扩展名一致",
    "pdf, jpg, png, docx, xlsx, csv or zip only, and the bytes must be what the name says",
)


@at("", methods=["POST"])
@blueprint.arguments(schemas.EvidenceForm, location="form")
@blueprint.arguments(schemas.EvidenceFiles, location="files")
@blueprint.response(201, schemas.Receipt)
def post_evidence(form: dict[str, Any], files: dict[str, Any], cycle: str, unit: str, item: str) -> Response:
    """The unit attaches a file: pdf, jpg, png, docx, xlsx, csv or zip, known by its bytes."""
    place = Place(cycle, unit, item)
    upload = files["file"]
    name = (upload.filename or "")[:200]
    # Refuse before anything is stored: a stranger's bytes are not kept.
    filing.attach(open_sheet(place).case, facts.EvidenceAttached("", form["leaf"], "", "", 0, ""))
    try:
        stored = office().evidence.keep(upload.stream, name)
    except TooLarge:
        raise Problem(413) from None
    except UnknownType:
        raise Problem(415, *_UNKNOWN_TYPE) from None
    g.body_digest = bytes.fromhex(stored.digest) + form["leaf"].encode() + name.encode()
    earlier = answered()
    if earlier is not None:
        return committed(earlier)
    evidence = new_id()
    committed_name = office().vault.keep(evidence, "evidence.name", name)
    fact = facts.EvidenceAttached(evidence, form["leaf"], stored.digest, stored.media_type, stored.size, committed_name)
    return committed(act(place, "attach-evidence", lambda sheet: filing.attach(sheet.case, fact)))


@at("/<uuid:evidence>")
@blueprint.response(200, content_type="application/octet-stream")
def get_evidence(cycle: str, unit: str, item: str, evidence: Any) -> Response:
    """The file's bytes, hashed again before they leave; the download is recorded."""
    place = Place(cycle, unit, item)
    opened = open_sheet(place)
    found = opened.case.sheet.evidence.get(str(evidence))
    department = frozenset({opened.case.leaf(found.leaf).department}) if found else opened.case.departments
    grant = hidden_unless("see-evidence", "unknown-evidence", unit=unit, departments=department)
    if found is None:
        raise Refused("unknown-evidence", str(evidence), str(evidence))
    body = office().evidence.read(found.digest)
    stream = f"access/{found.id}"
    fact = facts.EvidenceDownloaded(found.id, place.stream, found.digest)
    append(actor(grant), to(stream, office().store.head(stream), [fact]))
    response = Response(body, 200, mimetype=found.media_type)
    # Never shown in the browser's own context, whatever the bytes pretend to be.
    response.headers["Content-Disposition"] = f'attachment; filename="{found.id}"'
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Repr-Digest"] = f"sha-256=:{_base64(found.digest)}:"
    return response


@at("/<uuid:evidence>/withdrawal", methods=["POST"])
@blueprint.arguments(schemas.Reason)
@blueprint.response(201, schemas.Receipt)
def post_evidence_withdrawal(body: dict[str, Any], cycle: str, unit: str, item: str, evidence: Any) -> Response:
    """The unit takes a file back; the bytes stay."""
    return committed(
        act(
            Place(cycle, unit, item),
            "withdraw-evidence",
            lambda sheet: filing.withdraw_evidence(sheet.case, str(evidence), body["reason"]),
        )
    )


@at("/<uuid:evidence>/reviews", methods=["POST"])
@blueprint.arguments(schemas.EvidenceReview)
@blueprint.response(201, schemas.Receipt)
@seen_version_required
def post_review(body: dict[str, Any], cycle: str, unit: str, item: str, evidence: Any) -> Response:
    """A reviewer accepts, returns or rejects a file."""
    return committed(
        act(
            Place(cycle, unit, item),
            "review-evidence",
            lambda sheet: review.review_evidence(sheet.case, str(evidence), body["outcome"], body["reason"]),
        )
    )


def _base64(digest: str) -> str:

    return base64.b64encode(bytes.fromhex(digest)).decode()

"""/cycles/{cycle}/units/{unit}/sheets/{item}/evidence: files that support a leaf."""

from typing import Any

from flask import Response, g

from domain import facts
from domain.acts import filing, review
from domain.people import Grant
from domain.refusals import Refused
from domain.sheet import Evidence
from events.entry import new_id, utc_text
from events.sealed import Secret, seal
from service.auth import actor, hidden_unless
from service.commands.commit import append_anyhow
from service.commands.opened import Opened, Place, open_sheet
from service.commands.sheets import act
from service.evidence import Examined, TooLarge
from service.office import office
from service.openapi import erasable
from service.preconditions import seen_version_required
from service.problems import Problem
from service.queries import authentic
from service.reading import Blueprint
from service.resources.answers import committed, document
from service.resources.keptfiles import attachment, read
from service.resources.sheets import SHEET
from service.schemas.sheets import evidence as schemas
from service.schemas.sheets.acts import Reason
from service.schemas.sheets.receipts import Receipt
from service.sniff import UnknownType, extension_of

blueprint = Blueprint("evidence", __name__, url_prefix=SHEET + "/evidence")
at = blueprint.route

_UNKNOWN_TYPE = (
    "unknown-file-type",
    "只接受pdf、jpg、png、docx、xlsx、csv、zip，且内容须与扩展名一致",
    "pdf, jpg, png, docx, xlsx, csv or zip only, and the bytes must be what the name says",
)


@at("", methods=["POST"])
@blueprint.arguments(schemas.Evidence, location="files")
@blueprint.response(201, Receipt)
def post_evidence(form: dict[str, Any], cycle: str, unit: str, item: str) -> Response:
    """The unit attaches a file: pdf, jpg, png, docx, xlsx, csv or zip, known by its bytes."""
    place, upload, leaf = Place(cycle, unit, item), form["file"], form["leaf"]
    name = (upload.filename or "")[:200]
    found = _examined(upload, name)
    effective = form["effective"]
    g.body_digest = bytes.fromhex(found.digest) + leaf.encode() + b"/" + name.encode()
    if effective:
        g.body_digest += b"/" + utc_text(effective).encode()
    secret = Secret(new_id(), "evidence.name", name)
    fact = facts.EvidenceAttached(secret.subject, leaf, found.digest, found.media_type, found.size, secret.commitment)

    def keep() -> None:
        office().evidence.keep(upload.stream, found)

    def decide(sheet: Opened) -> Any:
        return filing.attach(sheet.case, fact)

    return committed(act(place, "attach-evidence", decide, before=keep, within=seal(secret), effective=effective))


def _examined(upload: Any, name: str) -> Examined:
    try:
        return office().evidence.examine(upload.stream, name)
    except TooLarge:
        raise Problem(413) from None
    except UnknownType:
        raise Problem(415, *_UNKNOWN_TYPE) from None


@at("/<uuid:evidence>")
@blueprint.response(200, content_type="application/octet-stream")
@erasable
def get_evidence(cycle: str, unit: str, item: str, evidence: Any) -> Response:
    """The file's bytes, hashed again before they leave; the download is recorded."""
    place = Place(cycle, unit, item)
    found, _, grant = seen(place, str(evidence))
    body = read(found.id, found.digest, "read-evidence", place.stream)
    append_anyhow(actor(grant), f"access/{found.id}", facts.EvidenceDownloaded(found.id, place.stream, found.digest))
    name = found.id + extension_of(found.media_type)
    return attachment(body, Examined(found.digest, found.size, found.media_type), name)


@at("/<uuid:evidence>/check")
@blueprint.response(200, schemas.EvidenceCheck)
def get_check(cycle: str, unit: str, item: str, evidence: Any) -> Response:
    """Whether the file is authentic and used once: its bytes, its event in the log, and where else it was attached."""
    place = Place(cycle, unit, item)
    found, department, _ = seen(place, str(evidence))
    return document(authentic.checked(place, found, department))


@at("/<uuid:evidence>/withdrawal", methods=["POST"])
@blueprint.arguments(Reason)
@blueprint.response(201, Receipt)
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
@blueprint.response(201, Receipt)
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


def seen(place: Place, evidence: str) -> tuple[Evidence, str, Grant]:
    """A file with its leaf's department and the grant by which the caller sees it; else there is none for him."""
    case = open_sheet(place).case
    found = case.sheet.evidence.get(evidence)
    department = case.leaf(found.leaf).department if found else ""
    departments = frozenset({department}) if found else case.departments
    grant = hidden_unless("see-evidence", "unknown-evidence", evidence, unit=place.unit, departments=departments)
    if found is None:
        raise Refused("unknown-evidence", evidence, evidence)
    return found, department, grant

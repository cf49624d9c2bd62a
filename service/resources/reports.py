"""/cycles/{cycle}/reports: what an auditor asks of a whole year."""

from flask import Response

from service.auth import permit
from service.queries import reports
from service.reading import Blueprint
from service.resources.answers import document
from service.resources.scores import known
from service.schemas import reports as schemas

blueprint = Blueprint("reports", __name__, url_prefix="/api/v1/cycles/<slug:cycle>/reports")


@blueprint.route("/duties")
@blueprint.response(200, schemas.DutiesReport)
def get_duties(cycle: str) -> Response:
    """Whether two people acted wherever two must and conflicts blocked, over the whole history."""
    permit("audit")
    known(cycle)
    return document(reports.duties(cycle))

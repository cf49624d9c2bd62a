"""/notice/{cycle}: the public notice (公示) as a page that anybody may read and print, without signing in."""

from flask import Blueprint, Response, request

from service.pages import page
from service.queries.notices import noticed

blueprint = Blueprint("notice", __name__, url_prefix="/notice")
# Long enough to spare the database when many look, short enough that a new phase is seen soon.
_BRIEFLY = "public, max-age=60"


@blueprint.get("/<slug:cycle>")
def get_notice(cycle: str) -> Response:
    """The newest results that are open to everybody."""
    return _shown(cycle)


@blueprint.get("/<slug:cycle>/<position:publication>")
def get_publication(cycle: str, publication: int) -> Response:
    """Results as they were published, also when others have been published since."""
    return _shown(cycle, publication)


def _shown(cycle: str, publication: int | None = None) -> Response:
    response = page("notice.html", **noticed(cycle, publication))
    response.headers["Cache-Control"] = _BRIEFLY
    response.add_etag()
    response.make_conditional(request)
    return response

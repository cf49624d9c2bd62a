"""/style.css: what the pages for people look like, on a screen and on paper."""

from pathlib import Path

from flask import Blueprint, Response, request

blueprint = Blueprint("pages", __name__)
_STYLE = Path(__file__).parents[1] / "templates" / "style.css"
_DAY = "public, max-age=86400"


@blueprint.get("/style.css")
def get_style() -> Response:
    """The one style sheet."""
    response = Response(_STYLE.read_bytes(), mimetype="text/css")
    response.headers["Cache-Control"] = _DAY
    response.add_etag()
    response.make_conditional(request)
    return response

"""/cycles/{cycle}/imports: rosters and figures from files, previewed first, confirmed as one commit, reversible."""

from typing import Any

from flask import Response

from domain import facts, imports as rules
from events.entry import utc_text
from service.auth import actor, caller, hidden_unless, permit
from service.commands import imports as commands
from service.commands.commit import append_anyhow
from service.commands.previews import preview_figures, preview_roster, standing
from service.commands.reversals import reverse, visible
from service.commands.uploads import receive
from service.evidence import Examined
from service.files import templates
from service.files.mediatypes import MEDIA_TYPES
from service.files.templates import FIGURES, ROSTER
from service.languages import wanted
from service.office import office
from service.openapi import erasable, files
from service.queries.imports import difference_shown, import_shown
from service.queries.pages import linked, page
from service.reading import Blueprint
from service.resources.answers import committed, document
from service.resources.downloads import template
from service.resources.keptfiles import attachment, read
from service.schemas import imports as schemas
from service.schemas.pages import Page
from service.schemas.sheets.acts import Reason
from service.schemas.sheets.receipts import Receipt

blueprint = Blueprint("imports", __name__, url_prefix="/api/v1/cycles/<slug:cycle>/imports")
at = blueprint.route


@at("")
@blueprint.arguments(Page, location="query")
@blueprint.response(200, schemas.Imports)
def get_imports(query: dict[str, Any], cycle: str) -> Response:
    """The imports of a cycle, oldest first: to a unit those that touched it alone."""
    permit("see-imports")
    standing(cycle)
    prefix = f"import/{cycle}/"
    keys, cursor = page(office().names(prefix), query)
    wide, mine = caller().holds("administrator", "auditor"), caller().scopes("unit")
    every = [office().imports.get(f"{cycle}/{key}")[0] for key in keys]
    shown = [import_shown(each) for each in every if wide or each.touched <= mine]
    return linked(document({"imports": shown}), cursor)


@at("/roster/preview", methods=["POST"])
@blueprint.arguments(schemas.TableFile, location="files")
@blueprint.response(200, schemas.Difference)
def post_roster_preview(form: dict[str, Any], cycle: str) -> Response:
    """What a roster would change; nothing is recorded."""
    permit("administer")
    return document(difference_shown(preview_roster(standing(cycle), receive(form["file"], ROSTER))))


@at("/roster", methods=["POST"])
@blueprint.arguments(schemas.ConfirmedFile, location="files")
@blueprint.response(201, Receipt)
def post_roster(form: dict[str, Any], cycle: str) -> Response:
    """Enrols exactly what the confirmed difference says, in one commit."""
    permit("administer")
    seen, reason = form["difference"], form["reason"]
    received = receive(form["file"], ROSTER, seen, reason)
    return committed(commands.confirm_roster(standing(cycle), received, seen, reason))


@at("/figures/preview", methods=["POST"])
@blueprint.arguments(schemas.FiguresFile, location="files")
@blueprint.response(200, schemas.Difference)
def post_figures_preview(form: dict[str, Any], cycle: str) -> Response:
    """What a table of figures would file; nothing is recorded."""
    permit("import-figures")
    found, _ = preview_figures(standing(cycle), receive(form["file"], FIGURES), form["effective"])
    return document(difference_shown(found))


@at("/figures", methods=["POST"])
@blueprint.arguments(schemas.ConfirmedFigures, location="files")
@blueprint.response(201, Receipt)
def post_figures(form: dict[str, Any], cycle: str) -> Response:
    """Files exactly what the confirmed difference says, in one commit over all its sheets."""
    permit("import-figures")
    seen, reason, effective = form["difference"], form["reason"], form["effective"]
    received = receive(form["file"], FIGURES, seen, reason, *([utc_text(effective)] if effective else []))
    return committed(commands.confirm_figures(standing(cycle), received, seen, reason, effective))


@at("/<uuid:import_id>/file")
@blueprint.response(200)
@files("xlsx", "csv")
@erasable
def get_file(cycle: str, import_id: Any) -> Response:
    """The file as it was imported, hashed again before it leaves; to auditors and who imported it, and recorded."""
    grant = permit("see-imports")
    found, _ = office().imports.get(f"{cycle}/{import_id}")
    visible(found)
    fact, stream = rules.fetched(found, caller()), f"import/{found.id}"
    body = read(fact.import_id, fact.file, "read-import", stream)
    told = facts.ImportDownloaded(fact.import_id, stream, fact.file)
    append_anyhow(actor(grant), f"access/{fact.import_id}", told)
    examined = Examined(fact.file, fact.size, MEDIA_TYPES[fact.format].split(";")[0])
    return attachment(body, examined, f"{fact.import_id}.{fact.format}")


@at("/<uuid:import_id>/reversal", methods=["POST"])
@blueprint.arguments(Reason)
@blueprint.response(201, Receipt)
def post_reversal(body: dict[str, Any], cycle: str, import_id: Any) -> Response:
    """Takes an import back in one commit: all of it, or nothing where a part has been built upon."""
    permit("see-imports")
    return committed(reverse(cycle, str(import_id), body["reason"]))


@at("/templates/roster")
@blueprint.arguments(schemas.TemplateQuestion, location="query")
@blueprint.response(200)
@files("xlsx", "csv")
def get_roster_template(query: dict[str, Any], cycle: str) -> Response:
    """An empty roster to fill in."""
    permit("administer")
    found, _ = standing(cycle)
    cohorts = office().rules.rubric(found.hash).cohorts
    return template(templates.roster(wanted(query), cohorts), query["format"])


@at("/templates/figures")
@blueprint.arguments(schemas.UnitTemplateQuestion, location="query")
@blueprint.response(200)
@files("xlsx", "csv")
def get_figures_template(query: dict[str, Any], cycle: str) -> Response:
    """Every value that a unit's leaves take, to fill in."""
    unit = query["unit"]
    hidden_unless("file", "unknown-unit", unit, unit=unit)
    found, _ = standing(cycle)
    cohort = found.unit(unit).cohort
    book = templates.figures(office().rules.rubric(found.hash), cohort, cycle, unit, wanted(query))
    return template(book, query["format"])

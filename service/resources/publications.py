"""/cycles/{cycle}/publications: results proposed by one administrator, published by another, readable for ever."""

from collections.abc import Callable
from typing import Any

from flask import Response

from domain import duties, facts, results
from domain.cycle import Cycle
from domain.cycle_contents import Publication
from domain.refusals import Refused
from domain.unfinished import Unfinished
from service.auth import caller, permit
from service.commands.streams import PATIENT, TRIES, act
from service.office import office
from service.queries import outdated, publications as tables
from service.queries.changes import Standing, ours
from service.queries.pages import linked, page_in_turn, page_of_differences
from service.reading import Blueprint
from service.resources.answers import committed, document
from service.resources.cycles import administer
from service.resources.scores import known
from service.schemas import publications as schemas
from service.schemas.pages import Page
from service.schemas.sheets.acts import Reason
from service.schemas.sheets.receipts import Receipt

blueprint = Blueprint("publications", __name__, url_prefix="/api/v1/cycles/<slug:cycle>/publications")
at = blueprint.route
# From the cycle, what would be published now, and what is unfinished.
Decide = Callable[[Cycle, facts.ResultsPublished, Unfinished], list[facts.Fact]]


@at("")
@blueprint.arguments(Page, location="query")
@blueprint.response(200, schemas.Publications)
def get_publications(query: dict[str, Any], cycle: str) -> Response:
    """What was published, oldest first, without the tables; proposals not for units."""
    found = readable(cycle)
    every = {str(number): each for number, each in found.publications.items() if may_read(found, each)}
    rows, cursor = page_in_turn(every, query)
    return linked(document({"publications": [shown(found, each) for each in rows]}), cursor)


@at("", methods=["POST"])
@blueprint.arguments(schemas.ResultsProposal)
@blueprint.response(201, Receipt)
def post_publication(body: dict[str, Any], cycle: str) -> Response:
    """Proposes the results as they stand now."""

    def decide(state: Cycle, now: facts.ResultsPublished, unfinished: Unfinished) -> list[facts.Fact]:
        return results.propose(state, body["stage"], now, unfinished)

    return _decided(cycle, "propose-results", body["reason"], decide)


@at("/<position:publication>")
@blueprint.response(200, schemas.Published)
def get_publication(cycle: str, publication: int) -> Response:
    """A publication with its table exactly as published; units see leaves of their own only."""
    found, wanted = readable_one(cycle, publication)
    table = tables.table_of(wanted)
    if not duties.may(caller(), "see-board"):
        table = results.for_units(table, caller().scopes("unit"))
    return document(shown(found, wanted) | {"table": table})


@at("/<position:publication>/confirmation", methods=["POST"])
@blueprint.arguments(Reason)
@blueprint.response(201, Receipt)
def post_confirmation(body: dict[str, Any], cycle: str, publication: int) -> Response:
    """A second administrator publishes exactly what was proposed, while it is what the sheets say, ordered or not."""
    read = Standing(cycle)

    def decide(state: Cycle, now: facts.ResultsPublished, unfinished: Unfinished) -> list[facts.Fact]:
        outdated.whole(state, now, read)
        return results.publish(state, publication, now, caller(), unfinished)

    return _decided(cycle, "publish-results", body["reason"], decide, read)


@at("/<position:publication>/check")
@blueprint.arguments(Page, location="query")
@blueprint.response(200, schemas.PublicationCheck)
def get_check(query: dict[str, Any], cycle: str, publication: int) -> Response:
    """Computes the results again from the record at their position: the same, or an incident."""
    permit("see-board")
    told = tables.checked(*readable_one(cycle, publication))
    rows, cursor = page_of_differences(told["differences"], query)
    return linked(document(told | {"differences": rows}), cursor)


@at("/<position:publication>/differences")
@blueprint.arguments(schemas.Since, location="query")
@blueprint.response(200, schemas.PublicationDifferences)
def get_differences(query: dict[str, Any], cycle: str, publication: int) -> Response:
    """What changed since an earlier publication, leaf by leaf, total by total, rank by rank."""
    permit("see-board")
    _, after = readable_one(cycle, publication)
    _, before = readable_one(cycle, query["since"])
    changed, cursor = page_of_differences(results.differences(tables.table_of(before), tables.table_of(after)), query)
    return linked(document({"before": query["since"], "after": publication, "differences": changed}), cursor)


def shown(cycle: Cycle, found: Publication) -> dict[str, Any]:
    """A publication without its table, and how far it is out of date."""
    return tables.shown(cycle, found) | {"moved_since": outdated.moved_since(cycle, found)}


def readable(cycle: str) -> Cycle:
    """The cycle for whom may read published results at all."""
    permit("see-published")
    return known(cycle)


def readable_one(cycle: str, number: int) -> tuple[Cycle, Publication]:
    """A publication the caller may read; one he may not is as unknown as none."""
    found = readable(cycle)
    wanted = results.find(found, number)
    if not may_read(found, wanted):
        raise Refused("unknown-publication", str(number), str(number))
    return found, wanted


def may_read(cycle: Cycle, found: Publication) -> bool:
    """Offices read every proposal; a unit of the cycle what is open to units."""
    if duties.may(caller(), "see-board"):
        return True
    return results.open_to_units(cycle, found) and not caller().scopes("unit").isdisjoint(cycle.units)


def _decided(cycle: str, name: str, reason: str, decide: Decide, read: Standing | None = None) -> Response:
    def computed(state: Cycle) -> list[facts.Fact]:
        if not state.phase:
            raise Refused("unknown-cycle", cycle, cycle)
        ours()
        position = office().reads.last()
        table, unfinished = tables.table_and_unfinished(cycle, position)
        decided = decide(state, tables.statement(state, tables.digest_of(table), position, reason), unfinished)
        tables.keep(table)
        return decided

    still, tries = (read.still, PATIENT) if read else (None, TRIES)
    return committed(act(office().cycles, ("cycle/", cycle), name, administer, computed, within=still, tries=tries))

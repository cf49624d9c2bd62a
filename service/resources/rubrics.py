"""/rubrics: check-lists as data, drafted by one administrator and published by another."""

import json
from typing import Any

from flask import Response

from domain import publication
from domain.people import Grant
from domain.publication import RubricLife
from domain.refusals import Refused
from domain.rubric.identity import canonical, identity
from domain.rubric.reading import read
from domain.rubric.refused import RubricRefused
from domain.rubric.texts import Text
from service.auth import caller, permit
from service.commands.streams import act
from service.languages import chosen
from service.office import office
from service.problems import Problem
from service.queries.pages import linked, page
from service.reading import Blueprint
from service.resources.answers import committed, document, spoken
from service.schemas import rubrics as schemas
from service.schemas.pages import Page
from service.schemas.sheets.receipts import Receipt
from workers.rules import UnknownRules

blueprint = Blueprint("rubrics", __name__, url_prefix="/api/v1/rubrics")
at = blueprint.route


def administer() -> Grant:
    """The caller's grant as an administrator."""
    return permit("administer")


@at("")
@blueprint.arguments(Page, location="query")
@blueprint.response(200, schemas.Rubrics)
def get_rubrics(query: dict[str, Any]) -> Response:
    """All rubrics, without their text."""
    caller()
    keys, cursor = page(office().names("rubric/"), query)
    found = [office().rubrics.get(key) for key in keys]
    return spoken(linked(document({"rubrics": [shown(life, head.version) for life, head in found]}), cursor))


@at("", methods=["POST"])
@blueprint.arguments(schemas.Rubric)
@blueprint.response(201, Receipt)
def post_rubric(body: dict[str, Any]) -> Response:
    """Drafts a rubric; one that is not sound is refused with the place named."""
    administer()
    try:
        rubric = read(body["rubric"])
    except RubricRefused as refused:
        raise Problem(422, "rubric-refused", "考核表不完整或有误", "the rubric is not sound",
                      refused.zh, refused.en, {"place": refused.place}) from None  # fmt: skip

    def decide(state: RubricLife) -> list[Any]:
        if state.published:
            publication.as_decided(office().rules.rubric(state.published[-1]), rubric)
        happened = publication.draft(state, identity(rubric), rubric.title.zh)
        office().store.keep_document(canonical(rubric))
        return list(happened)

    return committed(act(office().rubrics, ("rubric/", rubric.id), "draft-rubric", administer, decide))


@at("/<slug:rubric>")
@blueprint.response(200, schemas.RubricShown)
def get_rubric(rubric: str) -> Response:
    """A rubric's life and the text of its newest published version (or its draft)."""
    caller()
    life, head = office().rubrics.get(rubric)
    if not head.version:
        raise Refused("unknown-rubric", rubric, rubric)
    text = office().store.document(life.published[-1] if life.published else life.draft)
    return spoken(document(shown(life, head.version) | {"document": json.loads(text or b"null")}, head.version))


@at("/<slug:rubric>/publication", methods=["POST"])
@blueprint.arguments(schemas.Publication)
@blueprint.response(201, Receipt)
def post_publication(body: dict[str, Any], rubric: str) -> Response:
    """A second administrator publishes exactly the draft he names by its hash."""

    def decide(state: RubricLife) -> list[Any]:
        return publication.publish(state, body["hash"], caller())

    return committed(act(office().rubrics, ("rubric/", rubric), "publish-rubric", administer, decide))


@at("/<slug:rubric>/withdrawal", methods=["POST"])
@blueprint.arguments(schemas.DraftWithdrawal)
@blueprint.response(201, Receipt)
def post_withdrawal(body: dict[str, Any], rubric: str) -> Response:
    """Takes the draft back that waits, a text or an answer; or, by another administrator, declines it."""

    def decide(state: RubricLife) -> list[Any]:
        return publication.withdraw(state, body["hash"], body["reason"])

    return committed(act(office().rubrics, ("rubric/", rubric), "withdraw-rubric", administer, decide))


@at("/<slug:rubric>/texts/<digest:text>")
@blueprint.response(200, schemas.RubricText)
def get_text(rubric: str, text: str) -> Response:
    """The text of the draft that waits, or of any version that was published, by its hash."""
    caller()
    life, _ = office().rubrics.get(rubric)
    if text not in {life.draft, *life.published}:
        raise Refused("unknown-rubric", text, text)
    state = "published" if text in life.published else "draft"
    kept = json.loads(office().store.document(text) or b"null")
    return document({"rubric": rubric, "hash": text, "state": state, "document": kept})


def titled(life: RubricLife) -> Text:
    """The title that the text has which is shown; what its draft was called where there is none."""
    try:
        return office().rules.rubric(life.published[-1] if life.published else life.draft).title
    except UnknownRules:
        return Text(life.title, life.title)


def shown(life: RubricLife, version: int) -> dict[str, Any]:
    """A rubric's life."""
    title = titled(life)
    return {
        "rubric": life.id,
        "title": title.in_(chosen()),
        "title_zh": title.zh,
        "title_en": title.en,
        "draft": life.draft or None,
        "published": list(life.published),
        "document": None,
        "version": version,
    }

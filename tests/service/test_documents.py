"""What the documents name is there: every call they tell a reader to make is a route."""

import re
from pathlib import Path

import pytest

from tests.service.city import City

ROOT = Path(__file__).parents[2]
# A witness is a server of its own.
DOCUMENTS = sorted({*(ROOT / "docs").glob("*.md"), ROOT / "README.md"} - {ROOT / "docs" / "witness.md"})
CALL = re.compile(r"`(GET|POST) (?:/api/v1)?(/[^`?…\s]*)")
PART = re.compile(r"\{[^}]*\}|<[^>]*>")


def routes(city: City) -> set[tuple[str, str]]:
    """Method and path of every route, whatever a part of it is called."""
    return {
        (method, PART.sub("{}", rule.rule).removeprefix("/api/v1"))
        for rule in city.app.url_map.iter_rules()
        for method in rule.methods or ()
    }


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_call_that_a_document_names_is_a_route(shared_city: City, document: Path) -> None:
    calls = {(method, PART.sub("{}", path)) for method, path in CALL.findall(document.read_text("utf-8"))}
    there = routes(shared_city)
    # A page may say once that its paths stand under a cycle.
    assert {call for call in calls if not {call, (call[0], f"/cycles/{{}}{call[1]}")} & there} == set()


def test_the_year_names_a_call_for_every_phase_that_has_one() -> None:
    year = (ROOT / "docs" / "year.md").read_text("utf-8")
    assert len(CALL.findall(year)) > 30

"""Every operation with every role, asked at random by its own document: no error of ours, no undeclared answer."""

import hashlib
from typing import Any

import pytest
import schemathesis
from flask_smorest.spec import FlaskPlugin
from hypothesis import HealthCheck, Phase, given, seed, settings, strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from service.app import create_app
from tests.service.city import CYCLE, STRANGER, City
from workers.settings import Settings

ROLES = (
    "unit", "reviewer", "approver", "auditor", "administrator", "viewer", "nobody", STRANGER,
)  # fmt: skip
CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 3  # of each mode, each asked by every role
# Real places, so that random requests get past the doorman as often as not.
PLACES = {"cycle": CYCLE, "unit": "zhongshan", "item": "1", "rubric": "six-actions"}


@pytest.fixture(scope="module")
def document(shared_city: City) -> Any:
    shared_city.settle()
    return schemathesis.openapi.from_wsgi("/openapi.json", shared_city.app)


def operations() -> list[str]:
    """The labels of all operations, known before there is a database."""
    app = create_app(Settings.from_environment())
    return sorted(
        f"{method} {FlaskPlugin.flaskpath2openapi(rule.rule)}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/")
    )


@pytest.mark.parametrize("label", operations())
def test_every_operation_answers_every_role_as_its_document_says(shared_city: City, document: Any, label: str) -> None:
    method, path = label.split(" ")
    operation = document[path][method]
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        run(shared_city, operation.as_strategy(generation_mode=mode), label)


def run(city: City, cases: Any, label: str) -> None:
    @seed(int.from_bytes(hashlib.sha256(label.encode()).digest()[:4], "big"))
    @settings(
        max_examples=EXAMPLES,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, placed=st.booleans())
    def ask(case: Any, placed: bool) -> None:
        if placed:
            case.path_parameters = {
                **case.path_parameters,
                **{k: v for k, v in PLACES.items() if k in case.path_parameters},
            }
        for who in ROLES:
            case.call_and_validate(headers=city.headers(who), checks=CHECKS)

    ask()

"""The OpenAPI document says what every operation takes and answers."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import pytest
from marshmallow import Schema

import service.schemas as schemas_of_ours
from domain.refusals import REASONS
from service.app import create_app
from service.openapi import schema_name
from service.problems import STATUS_OF
from service.sniff import ALLOWED
from service.words import read
from tests.service.city import API, City, sheet
from tests.service.papers import pdf
from tests.service.test_appeals import appealed
from tests.service.untranslated import CHINESE, ENGLISH
from workers.settings import Settings

# Acts that judge what somebody else filed must name the version that was seen.
JUDGING = {
    "reviewing.post_verification",
    "reviewing.post_judgement",
    "reviewing.post_not_applicable",
    "adjustments.post_adjustment",
    "adjustments.post_adjustment_decision",
    "bonuses.post_bonus",
    "bonuses.post_bonus_decision",
    "evidence.post_review",
}


@pytest.fixture(scope="module")
def document(shared_city: City) -> dict[str, Any]:
    return dict(shared_city.call("stranger", "GET", "/openapi.json").get_json())


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in document["paths"].values():
        for method in ("get", "post"):
            if method in path:
                yield method, path[method]


def test_the_document_is_openapi_3_1_and_describes_every_route_of_the_api(
    shared_city: City, document: dict[str, Any]
) -> None:
    assert document["openapi"].startswith("3.1")
    routes = {rule.endpoint for rule in shared_city.app.url_map.iter_rules() if rule.rule.startswith("/api/")}
    assert {operation["operationId"] for _, operation in operations(document)} == routes


def in_both(text: str) -> bool:
    """Whether a text has Chinese and, apart from names of ours, English words."""
    return CHINESE.search(text) is not None and ENGLISH.search(text) is not None


def test_every_operation_subject_and_parameter_is_described_in_both_languages(document: dict[str, Any]) -> None:
    assert in_both(document["info"]["description"])
    texts = {f"tag {tag['name']}": tag["description"] for tag in document["tags"]}
    for _, operation in operations(document):
        name = operation["operationId"]
        texts |= {f"{name} {part}": operation[part] for part in {"summary", "description"} & operation.keys()}
        texts |= {f"{name} {each['name']}": each["description"] for each in operation["parameters"]}
    for place, path in document["paths"].items():
        texts |= {f"{place} {each['name']}": each["description"] for each in path.get("parameters", ())}
    assert [name for name, text in texts.items() if not in_both(text)] == []


def test_every_member_of_a_body_is_described_in_both_languages_and_its_example_is_one_that_is_taken(
    document: dict[str, Any],
) -> None:
    schemas, seen = schema_classes(), set()
    for _, operation in operations(document):
        for kind, body in operation.get("requestBody", {}).get("content", {}).items():
            name = body["schema"]["$ref"].rpartition("/")[2]
            members = document["components"]["schemas"][name]["properties"]
            assert [each for each, said in members.items() if not in_both(said["description"])] == []
            if kind == "application/json" and name != "rubrics.Rubric":
                assert schemas[name]().load(body["example"])
                seen.add(name)
    assert seen == read("bodies").keys()


def test_whatever_an_answer_says_of_a_member_it_says_in_both_languages(document: dict[str, Any]) -> None:
    found = list(descriptions(document))
    assert [each for each in found if not in_both(each)] == []
    english = {each.partition(" / ")[2] for each in found}
    assert [each for each in read("answers") if each not in english] == []


def descriptions(part: Any) -> Iterator[str]:
    """Every description of the document, wherever it stands."""
    if isinstance(part, dict):
        for name, each in part.items():
            yield from [each] if name == "description" and isinstance(each, str) else descriptions(each)
    elif isinstance(part, list):
        for each in part:
            yield from descriptions(each)


def test_every_word_of_the_document_is_of_something_that_there_is(document: dict[str, Any]) -> None:
    told = [operation for _, operation in operations(document)]
    assert {each.removesuffix(".more") for each in read("operations")} == {each["operationId"] for each in told}
    paths = document["paths"].values()
    named = {each["name"] for holder in (*told, *paths) for each in holder.get("parameters", ())}
    assert read("parameters").keys() == named
    assert read("subjects").keys() == {tag["name"] for tag in document["tags"]}


def test_every_refusal_is_named_under_its_status_in_both_languages(document: dict[str, Any]) -> None:
    for code, reason in REASONS.items():
        said = document["components"]["responses"][str(STATUS_OF[reason.kind])]["description"]
        assert f"- `{code}` {reason.zh} / {reason.en}" in said


def schema_classes() -> dict[str, type[Schema]]:
    """Every schema by its name in the document."""
    modules = [import_module(each.name) for each in walk_packages(schemas_of_ours.__path__, "service.schemas.")]
    kinds = [each for module in modules for each in vars(module).values() if isinstance(each, type)]
    return {schema_name(each): each for each in kinds if issubclass(each, Schema)}


def test_every_operation_takes_a_bearer_or_a_session_and_names_its_problems(document: dict[str, Any]) -> None:
    assert document["components"]["securitySchemes"]["bearer"] == {"type": "http", "scheme": "bearer"}
    session = document["components"]["securitySchemes"]["session"]
    assert (session["type"], session["in"], session["name"]) == ("apiKey", "cookie", "__Host-kaohe")
    for method, operation in operations(document):
        assert operation["security"] == [{"bearer": []}, {"session": []}]
        least = {"400", "401", "403", "404", "422", "503"} | (
            {"409", "412", "413", "415"} if method == "post" else set()
        )
        assert least <= operation["responses"].keys()
        assert "default" not in operation["responses"]
        for status, answer in operation["responses"].items():
            if not status.startswith("2"):
                problem = document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
                assert list(problem["content"]) == ["application/problem+json"]


def test_where_nobody_signs_in_no_session_is_declared() -> None:
    document = create_app(Settings.from_environment()).test_client().get("/openapi.json").get_json()
    assert list(document["components"]["securitySchemes"]) == ["bearer"]
    assert {str(operation["security"]) for _, operation in operations(document)} == {"[{'bearer': []}]"}


def test_every_command_takes_a_key_and_judging_needs_a_version(document: dict[str, Any]) -> None:
    for method, operation in operations(document):
        headers = {each["name"]: each for each in operation["parameters"] if each["in"] == "header"}
        command = method == "post" and "200" not in operation["responses"]
        assert command or method == "get" or operation["operationId"].endswith("_preview")
        assert set(headers) == ({"If-Match", "Idempotency-Key"} if command else set())
        if command:
            needed = headers["If-Match"]["required"]
            assert needed or operation["operationId"] not in JUDGING
            assert ("428" in operation["responses"]) is needed
            assert "ETag" in operation["responses"]["201"]["headers"]


def test_every_path_parameter_says_its_shape(document: dict[str, Any]) -> None:
    for path in document["paths"].values():
        for parameter in path.get("parameters", []):
            assert parameter["schema"].keys() & {"pattern", "format"}, parameter


def test_texts_and_points_say_their_patterns(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert "pattern" in schemas["sheets.Reason"]["properties"]["reason"]
    assert schemas["sheets.Adjustment"]["properties"]["delta"]["pattern"].startswith("^-?(0|")
    assert schemas["sheets.Judgement"]["properties"]["points"]["type"] == "string"


def test_an_upload_is_a_form_of_a_leaf_and_a_file(document: dict[str, Any]) -> None:
    upload = document["paths"][API + "/cycles/{cycle}/units/{unit}/sheets/{item}/evidence"]["post"]
    form = upload["requestBody"]["content"]["multipart/form-data"]["schema"]["$ref"].rpartition("/")[2]
    schema = document["components"]["schemas"][form]
    assert set(schema["required"]) == {"leaf", "file"}
    assert not any(each["in"] == "formData" for each in upload["parameters"])


def test_a_file_comes_back_as_one_of_the_types_that_are_documented(city: City, document: dict[str, Any]) -> None:
    path = "/cycles/{cycle}/units/{unit}/sheets/{item}/evidence/{evidence}"
    content = document["paths"][API + path]["get"]["responses"]["200"]["content"]
    assert set(content) == set(ALLOWED)
    sent = city.call("unit", "POST", f"{API}{sheet()}/evidence", data={"leaf": "1a", "file": pdf()}).get_json()
    answer = city.get("unit", f"{sheet()}/evidence/{sent['events'][0]['data']['evidence']}")
    assert answer.mimetype in content


def undocumented(document: dict[str, Any], value: Any, schema: dict[str, Any], place: str = "") -> Iterator[str]:
    """Members of an answer that its schema does not name."""
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if inner := [each for each in schema.get("anyOf", schema.get("allOf", ())) if each.get("type") != "null"]:
        yield from undocumented(document, value, inner[0], place)
    elif isinstance(value, dict) and "properties" in schema:
        for name, member in value.items():
            known = schema["properties"].get(name)
            yield from (
                [f"{place}.{name}"] if known is None else undocumented(document, member, known, f"{place}.{name}")
            )
    elif isinstance(value, dict) and (values := schema.get("additionalProperties")):
        for member in value.values():
            yield from undocumented(document, member, values, f"{place}.*")
    elif isinstance(value, list):
        for each in value:
            yield from undocumented(document, each, schema["items"], f"{place}[]")


def test_what_everybody_reads_shows_no_member_that_the_document_does_not_name(
    city: City, document: dict[str, Any]
) -> None:
    seven = sheet(item="7")
    city.done("unit", seven + "/claims", {"leaf": "7a", "key": "DL-12", "title": "行业合同"})
    city.call("unit", "POST", f"{API}{sheet()}/evidence", data={"leaf": "1a", "file": pdf()})
    appealed(city)
    city.settle()
    paths = {
        sheet(): "/cycles/{cycle}/units/{unit}/sheets/{item}",
        seven: "/cycles/{cycle}/units/{unit}/sheets/{item}",
        "/cycles/2026": "/cycles/{cycle}",
        "/cycles/2026/units/zhongshan/scores": "/cycles/{cycle}/units/{unit}/scores",
        "/cycles/2026/queue": "/cycles/{cycle}/queue",
        "/cycles/2026/reports/deadlines": "/cycles/{cycle}/reports/deadlines",
        "/people": "/people",
    }
    for path, template in paths.items():
        told = document["paths"][API + template]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        shown = city.seen("auditor", path)
        assert list(undocumented(document, shown, told)) == [], path

"""Chinese first, English complete: no message without both, and the caller chooses."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from marshmallow import Schema, fields

import service
from domain.refusals import REASONS
from service import schemas
from service.problems import TITLES
from service.schemas.messages import both
from tests.service.city import City

CHINESE = re.compile("[\u4e00-\u9fff]")
SOURCES = sorted(Path(service.__file__).parent.rglob("*.py"))


def in_both(zh: str, en: str) -> bool:
    return bool(CHINESE.search(zh)) and not CHINESE.search(en) and len(en.split()) > 1


@pytest.mark.parametrize("code", sorted(REASONS))
def test_every_refusal_speaks_both_languages(code: str) -> None:
    assert in_both(REASONS[code].zh, REASONS[code].en)


@pytest.mark.parametrize("status", sorted(TITLES))
def test_every_status_speaks_both_languages(status: int) -> None:
    _, zh, en = TITLES[status]
    assert in_both(zh, en)


def texts(call: ast.Call) -> dict[str, str | None]:
    """The texts of a ``Problem(status, code, zh, en, detail_zh, detail_en)``, None for one that is not literal."""
    names = ("status", "code", "zh", "en", "detail_zh", "detail_en")
    given = dict(zip(names, call.args, strict=False)) | {each.arg: each.value for each in call.keywords if each.arg}
    found: dict[str, str | None] = dict.fromkeys(given)
    for name, node in given.items():
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found[name] = node.value
        if isinstance(node, ast.JoinedStr):
            found[name] = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    return found


def calls(name: str) -> Iterator[tuple[str, ast.Call]]:
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                yield f"{source.name}:{node.lineno}", node


def test_every_problem_in_the_source_speaks_both_languages() -> None:
    seen = 0
    for place, call in calls("Problem"):
        found = texts(call)
        for zh, en in (("zh", "en"), ("detail_zh", "detail_en")):
            assert (zh in found) == (en in found), place
            if found.get(zh):
                seen += 1
                assert CHINESE.search(str(found[zh])), place
                assert not CHINESE.search(str(found[en])), place
    assert seen > 5


def test_every_complaint_in_the_source_speaks_both_languages() -> None:
    seen = 0
    for place, call in calls("ValidationError"):
        told = [each.value for each in ast.walk(call.args[0]) if isinstance(each, ast.Constant)]
        assert told, place
        seen += 1
        for text in told:
            said = both(str(text))
            assert in_both(said["zh"], said["en"]), place
    assert seen > 3


def every_schema() -> Iterator[type[Schema]]:
    for module in pkgutil.walk_packages(schemas.__path__, "service.schemas."):
        for found in vars(importlib.import_module(module.name)).values():
            if isinstance(found, type) and issubclass(found, Schema) and found is not Schema:
                yield found


def every_field(field: fields.Field[Any]) -> Iterator[fields.Field[Any]]:
    yield field
    for name in ("inner", "key_field", "value_field"):
        inner = getattr(field, name, None)
        if isinstance(inner, fields.Field):
            yield from every_field(inner)


def sentences(field: fields.Field[Any]) -> Iterator[str]:
    """What a field and its validators may say, with something in every blank."""
    filled = {"input": "x", "obj_type": "datetime", "awareness": "aware", "min": 1, "max": 9, "equal": 4}
    filled |= {"min_op": "greater than or equal to", "max_op": "less than or equal to"}
    filled |= {"choices": "a, b", "labels": "", "regex": "x", "other": 1, "name": "x"}
    for text in field.error_messages.values():
        yield str(text).format(**filled)
    for validator in field.validators:
        for name, text in vars(type(validator)).items():
            if name.startswith(("message", "default_message")) and str(text).endswith("."):
                yield str(text).format(**filled).format(**filled)  # a range fills its operators in first


def test_every_complaint_of_a_schema_speaks_both_languages() -> None:
    silent = {
        text
        for schema in every_schema()
        for top in schema().fields.values()
        for field in every_field(top)
        for text in sentences(field)
        if not CHINESE.search(both(text)["zh"]) or both(text)["zh"] == "内容无效"
    }
    assert silent == set()
    unknown = {text for text in schemas_own() if both(text)["zh"] == "内容无效"}
    assert unknown == set()


def schemas_own() -> Iterator[str]:
    yield from (str(text) for text in Schema().error_messages.values())


LANGUAGES = {
    None: "zh",
    "": "zh",
    "zh": "zh",
    "zh-CN,zh;q=0.9,en;q=0.8": "zh",
    "zh-TW": "zh",
    "zh-Hant-TW, en;q=0.9": "zh",
    "en;q=0.5, zh;q=0.5": "zh",
    "zh;q=0.4, en-GB;q=0.5": "en",
    "zh;q=0, *": "en",
    "en, *;q=0.1": "en",
    "en": "en",
    "en-GB,en;q=0.9": "en",
    "en-US": "en",
    "de;q=0.9,en;q=0.8,zh;q=0.1": "en",
    "fr": "zh",
    "fr, en;q=0.1": "en",
    "*": "zh",
    "en;q=0": "zh",
    "%%%": "zh",
}


@pytest.mark.parametrize("asked", LANGUAGES)
def test_the_caller_chooses_the_language_of_a_problem(shared_city: City, asked: str | None) -> None:
    headers = {} if asked is None else {"Accept-Language": asked}
    answer = shared_city.call("stranger", "GET", "/api/v1/me", headers=headers)
    problem = answer.get_json()
    assert answer.headers["Content-Language"] == LANGUAGES[asked]
    assert problem["title"] == problem[f"title_{LANGUAGES[asked]}"]
    assert "Accept-Language" in answer.headers["Vary"]


@pytest.mark.parametrize("path", ["/cycles", "/cycles/2026/objections", "/cycles/2026/publications", "/me"])
def test_a_filter_that_is_not_offered_is_refused_by_its_name(shared_city: City, path: str) -> None:
    answer = shared_city.get("unit", f"{path}?unit=xigang")
    assert answer.status_code == 422
    assert answer.get_json()["errors"] == [{"place": "unit", "zh": "没有这个字段", "en": "Unknown field."}]


def test_a_complaint_names_its_place_in_both_languages(shared_city: City) -> None:
    body = {"figures": {"1a": {"actual": 1}}, "effective": "yesterday", "points": 9}
    answer = shared_city.post("unit", "/cycles/2026/units/zhongshan/sheets/1/submissions", body)
    complaints = {each["place"]: (each["zh"], each["en"]) for each in answer.get_json()["errors"]}
    assert complaints["points"] == ("没有这个字段", "Unknown field.")
    assert complaints["effective"] == ("须为带时区的时间（RFC 3339）", "Not a valid datetime.")
    proposal = {"leaf": "1a", "delta": "0.5", "code": "other", "text": "现场核查发现差异，予以更正"}
    answer = shared_city.post("reviewer", "/cycles/2026/units/zhongshan/sheets/1/adjustments", proposal, If_Match='"0"')
    says = {"zh": '须为两位小数的文本，如 "0.50"', "en": 'points are a text with two decimals, as "0.50"'}
    assert answer.get_json()["errors"] == [{"place": "delta"} | says]

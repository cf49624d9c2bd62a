"""The API's document in both languages: operations, subjects, parameters, members, examples, and what is refused.

What has no words yet is left as it is; a test finds it.
"""

from collections.abc import Iterator
from typing import Any

from domain.refusals import REASONS
from service.problems import STATUS_OF, TITLES
from service.words import both, read

JSON = "application/json"
# The library's own, for errors and pages that are not ours.
UNUSED = frozenset({"error_handler.ErrorSchema", "pagination.PaginationMetadataSchema"})


def spoken(document: dict[str, Any]) -> None:
    """Says in Chinese and English whatever the document says of routes and of what is sent to them."""
    schemas = document["components"]["schemas"]
    subjects, said, parameters = read("subjects"), read("operations"), read("parameters")
    document["info"]["description"] = both(_ABOUT)
    for tag in document["tags"]:
        tag["description"] = both(subjects.get(tag["name"], [tag["name"]] * 2))
    for path in document["paths"].values():
        _described(path.get("parameters", []), parameters)
        for operation in operations(path):
            for part in {"summary", "description"} & operation.keys():
                name = operation["operationId"] + (".more" if part == "description" else "")
                operation[part] = f"{said.get(name, '')} {operation[part]}".strip()
            _described(operation["parameters"], parameters)
            for kind, body in operation.get("requestBody", {}).get("content", {}).items():
                _body(body, kind, schemas)
    for schema in UNUSED & schemas.keys():
        del schemas[schema]
    _answers(document["paths"])
    _answers(document["components"])


def operations(path: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The operations of a path."""
    return (path[method] for method in ("get", "post") if method in path)


def problems(status: int) -> str:
    """What an answer of this status means, and every refusal that it may name."""
    code, *general = TITLES[status]
    rows = {code: general} | {
        name: [reason.zh, reason.en] for name, reason in REASONS.items() if STATUS_OF[reason.kind] == status
    }
    return "\n".join([both(general), "", *(f"- `{name}` {both(row)}" for name, row in rows.items())])


def _described(parameters: list[dict[str, Any]], words: dict[str, Any]) -> None:
    for each in parameters:
        if each["name"] in words:
            each["description"] = both(words[each["name"]])


def _body(body: dict[str, Any], kind: str, schemas: dict[str, Any]) -> None:
    words, name = read("members"), body["schema"]["$ref"].rpartition("/")[2]
    for member, schema in schemas[name]["properties"].items():
        if said := words.get(f"{name}.{member}") or words.get(member):
            schema["description"] = both(said)
    if kind == JSON and name in read("bodies"):
        body["example"] = read("bodies")[name]


def _answers(part: Any) -> None:
    """Puts the Chinese before whatever a schema or a header says of itself in English alone."""
    if isinstance(part, dict):
        said = part.get("description")
        if isinstance(said, str) and said in read("answers"):
            part["description"] = both([read("answers")[said], said])
        for each in part.values():
            _answers(each)
    elif isinstance(part, list):
        for each in part:
            _answers(each)


_ABOUT = [
    "调用须带令牌；拒绝的 `type` 为 urn:kaohe:problem:…，各状态下列出其全部名称；文字依 Accept-Language。",
    "Calls take a token; a refusal's `type` is urn:kaohe:problem:…, listed by status; texts follow Accept-Language.",
]

"""From a document (what tomllib or json give) to a sound rubric.

People write a short form, which is first spelled out: an item's ``points`` once for all its ``cohorts`` (all
of the rubric's when left out), a leaf's ``title``, ``points`` and ``rule`` once for all its ``cohorts`` (the
item's when left out), and under ``in.<cohort>`` only what differs there. The full form, which is also the
canonical one, has tables by cohort: ``points`` of an item, ``faces`` of a leaf.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from domain.rubric.lint import check
from domain.rubric.model import Rubric
from domain.rubric.shape import RUBRIC

_FACE = ("title", "points", "rule")


def read(document: Mapping[str, Any]) -> Rubric:
    """The rubric of a document in short or full form; raises RubricRefused naming the first bad place."""
    rubric: Rubric = RUBRIC.read(_spell_out(document), "rubric")
    check(rubric)
    return rubric


@lru_cache(maxsize=32)
def read_text(text: bytes) -> Rubric:
    """The rubric of a JSON text, read once: whoever works with a record meets the same few again and again."""
    return read(json.loads(text))


def _spell_out(document: Mapping[str, Any]) -> Any:
    """The full form; whatever has the wrong type is left as it is, for the reading to refuse."""
    everyone = [cohort.get("id") for cohort in _tables(document, "cohorts")]
    return _each(document, "groups", lambda group: _each(group, "items", lambda item: _item(item, everyone)))


def _item(item: Mapping[str, Any], everyone: list[Any]) -> Any:
    cohorts = item.get("cohorts", everyone)
    points = item.get("points")
    if isinstance(points, Mapping):
        cohorts = list(points)
    elif isinstance(points, str) and isinstance(cohorts, list):
        item = {key: each for key, each in item.items() if key != "cohorts"}
        item["points"] = dict.fromkeys(map(str, cohorts), points)
    return _each(item, "leaves", lambda leaf: _leaf(leaf, cohorts))


def _leaf(leaf: Mapping[str, Any], cohorts: Any) -> Any:
    cohorts = leaf.get("cohorts", cohorts)
    special = leaf.get("in", {})
    if "faces" in leaf or not isinstance(cohorts, list) or not isinstance(special, Mapping):
        return leaf
    short = {key: leaf[key] for key in _FACE if key in leaf}
    names = [str(cohort) for cohort in cohorts]
    faces = {name: _face(short, special.get(name, {})) for name in [*names, *special]}
    rest = {key: each for key, each in leaf.items() if key not in {*_FACE, "cohorts", "in"}}
    return rest | {"faces": faces}


def _face(short: dict[str, Any], special: Any) -> Any:
    return {**short, **special} if isinstance(special, Mapping) else special


def _tables(document: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = document.get(key)
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


def _each(document: Any, key: str, change: Any) -> Any:
    """The document with every table of the list under ``key`` changed."""
    found = document.get(key)
    if not isinstance(found, list):
        return document
    changed = [change(each) if isinstance(each, Mapping) else each for each in found]
    return {**document, key: changed}

"""The one place where old event shapes become today's.

A step lifts the data of (type, version) to version + 1; shapes are never changed in the record. Every version ever
written has a golden file (tests/golden/events) that must decode for ever.
"""

from collections.abc import Callable, Mapping
from typing import Any

Data = dict[str, Any]
Steps = Mapping[tuple[str, int], Callable[[Data], Data]]


def _titled(data: Data) -> Data:
    """The one title that a cycle had stands in both languages."""
    rest = dict(data)
    title = rest.pop("title", None)
    return rest | {"title_zh": title, "title_en": title}


# (type, version) -> the step to the next version.
STEPS: Steps = {
    ("RubricApplied", 1): lambda data: data | {"anew": []},  # its leaves were those of the rubric before
    ("CycleCreated", 1): _titled,
    ("ImportConfirmed", 1): lambda data: data | {"size": 0},  # the file was not kept
    ("AppealFiled", 1): lambda data: data | {"objection": ""},  # it was the unit's own
    ("ObjectionAnswered", 1): lambda data: data | {"item": "", "leaf": "", "appeal": ""},  # none was referred
    ("SimulationRequested", 1): lambda data: data | {"targets": {}},  # only figures could be other ones
}


def current_version(name: str, steps: Steps = STEPS) -> int:
    """The version in which new events of a type are written."""
    return 1 + max((version for each, version in steps if each == name), default=0)


def lift(name: str, version: int, data: Data, steps: Steps = STEPS) -> Data:
    """``data`` of an old version in today's shape."""
    while step := steps.get((name, version)):
        data, version = step(data), version + 1
    return data

from typing import Any

import pytest
from hypothesis import given, strategies as st

from domain.figure_checks import check, check_item
from domain.figures import LARGEST, BadFigures, quote
from service.rubric_files import load

SHEET = load("six-actions")
RATIO = {"numerator": 1, "denominator": 2}


@pytest.mark.parametrize(
    ("leaf", "raw"),
    [
        ("6a", RATIO),
        ("6a", {"numerator": 0, "denominator": 0}),
        ("6a", {"numerator": LARGEST, "denominator": LARGEST}),
        ("6a", {"not_applicable": True}),
        ("18a", {"not_applicable": True, "points": "3.00"}),
        ("1a", {"actual": 0, "target": 1}),
        ("16b", {"actual": 1, "workers": 9}),
        ("16b", {"actual": 1, "target": 9}),
        ("4a", {"count": 0}),
        ("14a", {"yes": []}),
        ("14a", {"yes": ["cases", "document", "members", "rules", "meetings"]}),
        ("24a", {"yes": ["plate", "staff", "place", "funds", "rules", "activities"]}),
        ("25a", {"yes": ["exists", "real-name", "updated"]}),
        ("2b", {"yes": False}),
        ("2a", {"points": "0.50"}),
        ("7a", {"claims": 2}),
        ("23c", {"stations": 0, "total": 0}),
        ("27a", {"awards": 1}),
        ("27b", {"awards": ["city", "nation", "city"]}),
    ],
)
def test_figures_that_fit_are_taken_as_they_are(leaf: str, raw: dict[str, Any]) -> None:
    assert check(SHEET.leaf(leaf), "district", raw, "f") == raw


@pytest.mark.parametrize(
    ("leaf", "raw", "path"),
    [
        ("6a", {**RATIO, "note": 1}, "f.note"),
        ("6a", {"numerator": 1}, "f.denominator"),
        ("6a", {}, "f.denominator"),
        ("6a", {"numerator": 3, "denominator": 2}, "f.numerator"),
        ("6a", {"numerator": -1, "denominator": 2}, "f.numerator"),
        ("6a", {"numerator": 1, "denominator": LARGEST + 1}, "f.denominator"),
        ("6a", {"numerator": 1.0, "denominator": 2}, "f.numerator"),
        ("6a", {"numerator": "1", "denominator": 2}, "f.numerator"),
        ("6a", {"numerator": True, "denominator": 2}, "f.numerator"),
        ("6a", {"numerator": None, "denominator": 2}, "f.numerator"),
        ("6a", {"not_applicable": False}, "f.not_applicable"),
        ("6a", {"not_applicable": 1}, "f.not_applicable"),
        ("6a", {**RATIO, "not_applicable": True}, "f.numerator"),
        ("18a", {"not_applicable": True, "points": "3.01"}, "f.points"),
        ("18a", {"not_applicable": True, "points": "-0.50"}, "f.points"),
        ("18a", {"not_applicable": True, "points": 1}, "f.points"),
        ("7a", {"not_applicable": True}, "f"),
        ("1a", {"actual": 1, "target": 0}, "f.target"),
        ("1a", {"actual": 1, "workers": 5}, "f.workers"),
        ("16b", {"actual": 1, "workers": 0}, "f.workers"),
        ("16b", {"actual": 1, "target": 1, "workers": 5}, "f.target"),
        ("16b", {"actual": 1}, "f.target"),
        ("4a", {"count": -1}, "f.count"),
        ("14a", {"yes": ["plate"]}, "f.yes[0]"),
        ("14a", {"yes": ["cases", "cases"]}, "f.yes"),
        ("14a", {"yes": "cases"}, "f.yes"),
        ("14a", {"yes": [["cases"]]}, "f.yes[0]"),
        ("14a", {"yes": True}, "f.yes"),
        ("2b", {"yes": 1}, "f.yes"),
        ("2b", {"yes": "true"}, "f.yes"),
        ("2a", {"points": "0.75"}, "f.points"),
        ("2a", {"points": 0.5}, "f.points"),
        ("2a", {"points": "0.5"}, "f.points"),
        ("21a", {"points": "0.50"}, "f.points"),
        ("7a", {"claims": 1.5}, "f.claims"),
        ("23c", {"stations": 0, "total": 5}, "f.stations"),
        ("27a", {"awards": ["city"]}, "f.awards"),
        ("27b", {"awards": 1}, "f.awards"),
        ("27b", {"awards": ["world"]}, "f.awards[0]"),
        ("27b", {"awards": ["city"] * 1001}, "f.awards"),
        ("1f", {}, "f"),
        ("6a", [1], "f"),
        ("6a", None, "f"),
    ],
)
def test_figures_that_do_not_fit_are_refused_by_name(leaf: str, raw: Any, path: str) -> None:
    with pytest.raises(BadFigures) as refused:
        check(SHEET.leaf(leaf), "district", raw, "f")
    assert refused.value.path == path
    assert refused.value.zh != refused.value.en


def test_a_leaf_of_another_cohort_takes_nothing() -> None:
    with pytest.raises(BadFigures, match="does not apply to industry"):
        check(SHEET.leaf("2a"), "industry", {"points": "0.50"}, "f")


def test_points_are_given_only_where_no_sibling_takes_them() -> None:
    absent = {"not_applicable": True, "points": "1.00"}
    with pytest.raises(BadFigures) as refused:
        check_item(SHEET.item("13"), "district", {"13a": absent, "13b": RATIO}, "f")
    assert refused.value.path == "f.13a.points"
    both = {"13a": absent, "13b": {"not_applicable": True}}
    assert check_item(SHEET.item("13"), "district", both, "f") == both


@pytest.mark.parametrize("stranger", ["\x1b[31m", "\ud800", "x" * 500, 7, None, "\n", ""])
def test_what_a_stranger_sent_is_quoted_short_and_printable(stranger: Any) -> None:
    assert quote(stranger).isprintable()
    assert 0 < len(quote(stranger)) < 70


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
KEYS = st.sampled_from(
    ["numerator", "denominator", "actual", "target", "count", "yes", "points", "claims", "awards", "not_applicable"]
)


@given(st.sampled_from(SHEET.leaves), st.dictionaries(KEYS, JSON, max_size=3) | JSON)
def test_whatever_is_sent_is_taken_or_refused_never_an_accident(leaf: Any, raw: Any) -> None:
    refusal = None
    try:
        check(leaf, "district", raw, "f")
    except BadFigures as refused:
        refusal = refused
    assert refusal is None or refusal.path.startswith("f")

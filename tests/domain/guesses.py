"""What people and attackers send: figures that a rule takes, and JSON that none does."""

from typing import Any

from hypothesis import strategies as st

from domain.points import show
from domain.rubric.rules import Award, Checklist, Count, Increment, Judged, Presence, Ratio, Rule, Tally, Task

SMALL = st.integers(0, 200)
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
MEMBERS = st.sampled_from(
    ["numerator", "denominator", "actual", "target", "workers", "count", "yes", "points", "stations", "total", "claims",
     "awards", "not_applicable"]
)  # fmt: skip
VALUES = st.integers(-2, 10) | st.just(10**13) | st.booleans() | st.sampled_from(["0.50", "1.00", "-0.00", "document"])
WILD = st.dictionaries(MEMBERS, VALUES | st.lists(st.sampled_from(["plate", "city", 1, None]), max_size=3), max_size=3)
ANYTHING = st.one_of(WILD, JSON, st.dictionaries(MEMBERS | TEXTS, JSON, max_size=3))


def figures_for(rule: Rule) -> st.SearchStrategy[dict[str, Any]]:
    """Figures the rule takes; a bonus by register or award takes none."""
    absent = st.just({"not_applicable": True})
    match rule:
        case Ratio():
            return absent | st.tuples(SMALL, SMALL).map(lambda two: {"numerator": min(two), "denominator": max(two)})
        case Task():
            return absent | st.builds(lambda a, t: {"actual": a, "target": t}, SMALL, st.integers(1, 200))
        case Count():
            return absent | SMALL.map(lambda count: {"count": count})
        case Checklist(entries=entries):
            return st.lists(st.sampled_from([each.id for each in entries]), unique=True).map(lambda yes: {"yes": yes})
        case Presence():
            return absent | st.booleans().map(lambda yes: {"yes": yes})
        case Judged(steps=steps):
            return absent | st.sampled_from(steps).map(lambda step: {"points": show(step)})
        case Increment():
            return st.builds(lambda s, t: {"stations": s, "total": t}, st.integers(1, 9), st.integers(0, 10**5))
        case Tally():
            return SMALL.map(lambda claims: {"claims": claims})
        case Award():
            return st.just({"awards": []})
        case _:
            return st.just({})

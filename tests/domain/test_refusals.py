"""One closed table of refusals, in both languages, every row of it in use."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.refusals import REASONS, Kind, Refused

ROOT = Path(__file__).parents[2]
ROOMS = ("domain", "events", "workers", "service")
# What the design wants recorded (late, conflict of interest, own act, stale, over cap), and what else attackers try.
TRACED = {
    "too-late",
    "wrong-phase",
    "conflict-of-interest",
    "own-act",
    "not-impartial",
    "not-assigned",
    "stale",
    "over-cap",
    "key-taken",
    "rubric-unfit",
    "difference-changed",
    "target-takes-two",
    "results-final",
    "roles-exclude",
    "identity-taken",
    "signs-in-himself",
    "second-administrator",
}


def sources() -> Iterator[tuple[str, ast.AST]]:
    for room in ROOMS:
        for source in (ROOT / room).rglob("*.py"):
            if source != ROOT / "domain" / "refusals.py":
                yield str(source.relative_to(ROOT)), ast.parse(source.read_text(encoding="utf-8"))


def literals() -> set[str]:
    nodes = (node for _, tree in sources() for node in ast.walk(tree))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def raised() -> Iterator[tuple[str, str]]:
    """Every code that is raised by name, with its file; other modules may have a refusal of their own."""
    for source, tree in sources():
        nodes = list(ast.walk(tree))
        if any(isinstance(node, ast.ImportFrom) and node.module == "domain.refusals" for node in nodes):
            for node in nodes:
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refused":
                    code = node.args[0]
                    if isinstance(code, ast.Constant):
                        yield str(code.value), source


def test_every_refusal_that_is_raised_stands_in_the_table() -> None:
    assert [(code, source) for code, source in raised() if code not in REASONS] == []


def test_every_row_of_the_table_is_used() -> None:
    assert REASONS.keys() - literals() == set()


@pytest.mark.parametrize("code", REASONS)
def test_every_refusal_speaks_both_languages(code: str) -> None:
    reason = REASONS[code]
    assert re.fullmatch("[a-z]+(-[a-z]+)*", code)
    assert re.search("[\u4e00-\u9fff]", reason.zh)
    assert reason.en.isascii()
    assert len(reason.en.split()) > 2


def test_no_two_refusals_say_the_same() -> None:
    assert len({reason.en for reason in REASONS.values()}) == len(REASONS)
    assert len({reason.zh for reason in REASONS.values()}) == len(REASONS)


INVALID = {
    "wrong-rule",
    "no-reason",
    "unknown-subject",
    "missing-value",
    "wrong-figure",
    "duplicate-row",
    "moment-over",
}
FORBIDDEN = {"not-permitted", "conflict-of-interest", "own-act", "not-impartial", "not-assigned", "needs-sign-in"}


def test_the_kinds_follow_from_the_codes() -> None:
    for code, reason in REASONS.items():
        named_in_body = code == "unknown-subject"  # what an erasure's body names, not what the address does
        assert (reason.kind is Kind.UNKNOWN) == (code.startswith("unknown-") and not named_in_body), code
        assert (reason.kind is Kind.FORBIDDEN) == (code in FORBIDDEN), code
        invalid = code.startswith("bad-") or code in INVALID
        assert (reason.kind is Kind.INVALID) == invalid, code


def test_blocked_acts_that_are_evidence_leave_a_trace_and_plain_mistakes_do_not() -> None:
    assert {code for code, reason in REASONS.items() if reason.traced} == TRACED


def test_a_refusal_carries_its_place_and_its_details() -> None:
    no = Refused("over-cap", "超过", "above", place="delta")
    assert (no.code, no.reason, no.detail_zh, no.detail_en, no.place) == (
        "over-cap", REASONS["over-cap"], "超过", "above", "delta",
    )  # fmt: skip
    assert "over-cap" in str(no)
    with pytest.raises(KeyError):
        Refused("because")

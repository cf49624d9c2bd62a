"""A certificate verifies alone, and whatever somebody writes into one is found."""

import contextlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from service.verify.__main__ import verify_file
from service.verify.certificate import verify_certificate
from service.verify.findings import HOLDS, TAMPERED, UnusableError
from service.verify.offline import Asked
from tests.service.bundles import JSON, places


def test_a_certificate_verifies_alone(certified: bytes, tmp_path: Path) -> None:
    file = tmp_path / "zhongshan.json"
    file.write_bytes(certified)
    report = verify_file(file, Asked())
    assert (report.exit_code, report.grade) == (HOLDS, "signed")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda parts: parts["score"].update(total="99.00"), "unit zhongshan total"),
        (lambda parts: parts["score"]["leaves"]["1a"].update(final="1.60"), "unit zhongshan leaves/1a/final"),
        (lambda parts: parts["derivation"].update(points="99.00"), "derivation zhongshan points"),
        (lambda parts: parts["derivation"]["groups"][0].update(sum="1 + 1"), "derivation zhongshan groups/0/sum"),
        (lambda parts: parts["entries"].pop(0), "position"),
        (lambda parts: parts["entries"][-1].update(path=[]), "position"),
        (lambda parts: parts["entries"][-1].update(position=1), "position 1"),
        (lambda parts: parts.update(rubric=parts["rubric"] + " "), "unit zhongshan"),
        (lambda parts: parts.update(unit="nowhere"), "unit nowhere"),
        (lambda parts: parts.update(cycle="1999"), "unit zhongshan"),
    ],
)
def test_an_altered_certificate_is_found(
    certified: bytes, tmp_path: Path, change: Callable[[dict[str, object]], None], where: str
) -> None:
    parts = json.loads(certified)
    change(parts)
    file = tmp_path / "altered.json"
    file.write_text(json.dumps(parts))
    assert [place for place in places(verify_file(file, Asked())) if place.startswith(where)]


@given(
    key=st.sampled_from(["entries", "score", "derivation", "rubric", "checkpoint", "policy", "unit", "cycle"]),
    value=JSON,
)
def test_garbage_in_a_certificate_is_unusable_or_found_but_never_a_crash(
    certified: bytes, key: str, value: object
) -> None:
    try:
        report = verify_certificate(json.dumps(json.loads(certified) | {key: value}).encode(), Asked())
    except UnusableError:
        return
    assert report.exit_code == TAMPERED
    assert "\n".join(report.lines).encode()


@pytest.mark.parametrize("key", ["checkpoint", "policy", "unit"])
def test_a_text_that_no_terminal_can_show_is_no_crash(certified: bytes, key: str) -> None:
    parts = json.loads(certified)
    with contextlib.suppress(UnusableError):
        report = verify_certificate(json.dumps(parts | {key: parts[key] + "\ud800"}).encode(), Asked())
        assert report.exit_code == TAMPERED
        assert "\n".join(report.lines).encode()


def test_no_file_can_write_a_verdict_of_its_own_into_the_report(certified: bytes) -> None:
    parts = json.loads(certified) | {"unit": "x\n成立 holds\x1b[8m\u202e"}
    report = verify_certificate(json.dumps(parts).encode(), Asked())
    assert report.exit_code == TAMPERED
    assert all(line.isprintable() for line in report.lines)
    assert "成立 holds" not in report.lines


def test_a_name_given_twice_is_no_certificate(certified: bytes) -> None:
    with pytest.raises(UnusableError):
        verify_certificate(certified.replace(b'"cycle":', b'"cycle": "1999", "cycle":', 1), Asked())

"""The same file twice: found by its bytes across units, items and years, told without showing what is not theirs."""

from pathlib import Path
from typing import Any

import pytest

from events.log.policy import parse_policy
from events.log.proof import parse_proof, verify_proof
from tests.service.bonuses import BEFORE, REASON, another_year, attach, seen
from tests.service.city import CYCLE, City, sheet
from tests.service.log_house import LogHouse
from tests.service.test_api_lists import flat, pages

REPORT = f"/cycles/{CYCLE}/reports/evidence-reuse"


@pytest.fixture(scope="module")
def reused(shared_city: City) -> tuple[City, dict[str, str]]:
    """ "once" stands in one place; the others in two units, two years, two departments; "taken back" no longer."""
    another_year(shared_city)
    ids = {"once": attach(shared_city, "unit", "once")}
    ids["units"] = attach(shared_city, "unit", "two units")
    ids["other unit"] = attach(shared_city, "other-unit", "two units")
    ids["years"] = attach(shared_city, "unit", "two years")
    ids["year before"] = attach(shared_city, "unit", "two years", cycle=BEFORE)
    ids["mine"] = attach(shared_city, "unit", "two departments")
    ids["theirs"] = attach(shared_city, "unit", "two departments", "16", "16a")
    ids["kept"] = attach(shared_city, "unit", "taken back")
    ids["taken back"] = attach(shared_city, "other-unit", "taken back")
    place = f"{sheet('xigang')}/evidence/{ids['taken back']}/withdrawal"
    shared_city.done("other-unit", place, {"reason": "误传，撤回此件"})
    shared_city.settle()
    return shared_city, ids


def files(city: City, who: str, query: str = "") -> dict[frozenset[str], dict[str, Any]]:
    found = city.seen(who, f"{REPORT}?{query}")["files"]
    return {frozenset(use["evidence"] for use in each["uses"]): each for each in found}


def test_the_report_names_every_file_that_was_used_again_and_no_other(reused: tuple[City, dict[str, str]]) -> None:
    city, ids = reused
    found = files(city, "auditor")
    assert {uses: each["across"] for uses, each in found.items()} == {
        frozenset({ids["units"], ids["other unit"]}): ["unit"],
        frozenset({ids["years"], ids["year before"]}): ["cycle"],
        frozenset({ids["mine"], ids["theirs"]}): ["item", "leaf"],
        frozenset({ids["kept"], ids["taken back"]}): ["unit"],
    }
    assert all(each["hidden"] == 0 for each in found.values())
    withdrawn = {use["evidence"] for each in found.values() for use in each["uses"] if use["withdrawn"]}
    assert withdrawn == {ids["taken back"]}
    assert city.seen("auditor", REPORT)["position"] == city.office.reads.last()


def test_the_report_is_narrowed_to_what_crosses_units_or_years(reused: tuple[City, dict[str, str]]) -> None:
    city, ids = reused
    assert set(files(city, "auditor", "across=cycle")) == {frozenset({ids["years"], ids["year before"]})}
    assert set(files(city, "auditor", "across=unit")) == {
        frozenset({ids["units"], ids["other unit"]}),
        frozenset({ids["kept"], ids["taken back"]}),
    }
    assert [
        len(each["uses"]) for each in city.seen("auditor", f"/cycles/{BEFORE}/reports/evidence-reuse")["files"]
    ] == [2]


def test_a_department_is_told_of_a_use_it_may_not_see(reused: tuple[City, dict[str, str]]) -> None:
    city, ids = reused
    for who, own in (("reviewer", "mine"), ("other-reviewer", "theirs")):
        shared = files(city, who)[frozenset({ids[own]})]
        assert (shared["across"], shared["hidden"]) == (["item", "leaf"], 1)
    assert set(files(city, "other-reviewer")) == {frozenset({ids["theirs"]})}


@pytest.mark.parametrize("limit", [1, 3])
def test_pages_of_the_report_are_the_report(reused: tuple[City, dict[str, str]], limit: int) -> None:
    city, _ = reused
    whole = city.seen("auditor", REPORT)["files"]
    assert flat(pages(city, "auditor", f"{REPORT}?limit={limit}", "files")) == whole


def test_a_reviewer_is_told_beside_the_file_and_a_unit_is_told_nothing(reused: tuple[City, dict[str, str]]) -> None:
    city, ids = reused
    told = {each["id"]: each["also_used"] for each in city.seen("reviewer", sheet())["evidence"]}
    assert told == {
        ids["once"]: [],
        ids["units"]: ["unit"],
        ids["years"]: ["cycle"],
        ids["mine"]: ["item", "leaf"],
        ids["kept"]: [],
    }
    assert {each["also_used"] for each in city.seen("unit", sheet())["evidence"]} == {None}


def test_the_queue_marks_files_that_are_known_elsewhere(reused: tuple[City, dict[str, str]]) -> None:
    city, ids = reused
    rows = city.seen("reviewer", f"/cycles/{CYCLE}/queue")["waiting"]
    marked = {row["subject"] for row in rows if row["used_again"]}
    assert marked == {ids[name] for name in ("units", "other unit", "years", "mine", "kept")}
    assert ids["once"] in {row["subject"] for row in rows}


def check(city: City, who: str, evidence: str) -> dict[str, Any]:
    return city.seen(who, f"{sheet()}/evidence/{evidence}/check")


def test_one_call_says_whether_a_file_is_authentic_and_used_once(
    city: City, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("KAOHE_LOG_KEY", "KAOHE_LOG_KEY_FILE", "KAOHE_LOG_POLICY_FILE", "KAOHE_LOG_MEMORY"):
        monkeypatch.delenv(name, raising=False)
    log = LogHouse(city)
    evidence = attach(city, "unit", "proof")
    fresh = check(city, "auditor", evidence)
    assert (fresh["bytes"], fresh["position"], fresh["grade"], fresh["included"]) == ("intact", None, "accepted", None)
    city.settle()
    log.sign()
    told = check(city, "auditor", evidence)
    assert (told["bytes"], told["grade"], told["included"], told["used_once"]) == ("intact", "signed", True, True)
    assert told["followed"] >= told["position"]
    proof = parse_proof(told["proof"].encode())
    policy = parse_policy(log.get("policy"))
    assert verify_proof(proof, bytes.fromhex(told["leaf_hash"]), policy).checkpoint.head.size >= told["position"]
    attach(city, "other-unit", "proof")
    city.settle()
    again = check(city, "reviewer", evidence)
    assert (again["used_once"], again["also_used"], len(again["uses"])) == (False, ["unit"], 2)
    own = check(city, "unit", evidence)
    assert (own["bytes"], own["used_once"], own["uses"]) == ("intact", None, None)


def test_altered_bytes_are_damaged_and_that_is_recorded(city: City) -> None:
    evidence = attach(city, "unit", "to be altered")
    digest = check(city, "auditor", evidence)["digest"]
    folder = Path(city.office.settings.evidence.removeprefix("file://"))
    (folder / "sha256" / digest[:2] / digest).write_bytes(b"%PDF-1.4 something else")
    assert check(city, "auditor", evidence)["bytes"] == "damaged"
    city.settle()
    [refused] = city.seen("auditor", "/events?type=ActRefused")["events"]
    assert refused["entry"]["data"]["code"] == "damaged"


def test_erased_bytes_are_erased_and_not_damaged(city: City) -> None:
    evidence = attach(city, "unit", "to be erased")
    city.done("administrator", "/erasures", {"subject": evidence, "basis": REASON})
    city.done("second-administrator", f"/erasures/{evidence}/approval", {"reason": REASON})
    assert check(city, "auditor", evidence)["bytes"] == "erased"


def test_a_file_attached_twice_in_one_place_is_told_as_such(city: City) -> None:
    first, _ = attach(city, "unit", "twice"), attach(city, "unit", "twice")
    city.settle()
    assert check(city, "auditor", first)["also_used"] == ["file"]
    [both] = city.seen("auditor", REPORT)["files"]
    assert both["across"] == ["file"]
    assert seen(city, sheet()) == '"2"'

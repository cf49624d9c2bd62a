"""After a change of the program nobody publishes or adopts what it makes of the record before that was compared."""

from pathlib import Path

import pytest

from domain import facts
from events.codec import to_event
from events.entry import Actor
from service.verify.certifying import certificate
from service.verify.database import Kept, verify_database
from service.verify.findings import UnusableError
from service.verify.writing import write_bundle_file
from tests.service.city import CYCLE, City
from tests.service.log_house import LogHouse
from tests.service.test_journeys import REASON
from tests.service.test_publications import PLACE, reviewed

CHANGES = f"/cycles/{CYCLE}/target-changes"
TARGET = {"unit": "zhongshan", "leaf": "1a", "target": 90, "reason": REASON}


@pytest.fixture
def upgraded(city: City) -> City:
    """A year in review, with results and a target proposed; then another program is started."""
    reviewed(city)
    city.settle()
    city.done("administrator", PLACE, {"stage": "provisional", "reason": REASON})
    city.done("administrator", CHANGES, TARGET)
    program(city, "kaohe 0.0.1 0123456789abcdef")
    return city


def program(city: City, made_by: str) -> None:
    with city.projectors[0]._store.connection() as connection:
        connection.execute("UPDATE scores.checkpoints SET program = %s", (made_by,))


def test_results_and_changes_wait_for_a_recomputation_after_the_program_changed(upgraded: City) -> None:
    city = upgraded
    [change] = city.seen("auditor", CHANGES)["changes"]
    size = city.size()
    for who, path, body in (
        ("administrator", PLACE, {"stage": "provisional", "reason": REASON}),
        ("second-administrator", f"{PLACE}/1/confirmation", {"reason": REASON}),
        ("administrator", CHANGES, TARGET | {"target": 95}),
        ("second-administrator", f"{CHANGES}/{change['change']}/confirmation", {"reason": REASON}),
    ):
        answer = city.post(who, path, body)
        assert (answer.status_code, answer.get_json()["type"]) == (409, "urn:kaohe:problem:program-waiting"), path
    assert city.size() == size
    program(city, "")
    city.done("second-administrator", f"{PLACE}/1/confirmation", {"reason": REASON})


def test_whoever_watches_sees_that_the_scores_wait_for_a_recomputation(upgraded: City) -> None:
    ready = upgraded.call("stranger", "GET", "/readyz")
    assert (ready.status_code, ready.get_json()["program"]) == (200, "waiting")
    assert upgraded.seen("viewer", f"/cycles/{CYCLE}")["engine"] == "kaohe 0.0.1 0123456789abcdef"
    program(upgraded, "")
    assert upgraded.call("stranger", "GET", "/readyz").get_json()["program"] == "ok"


def test_who_verifies_the_database_is_told_that_another_programs_scores_are_in_force_and_of_no_tampering(
    upgraded: City,
) -> None:
    LogHouse(upgraded).sign()
    assert verify_database(upgraded.office.store, Kept()).exit_code == 0  # it gives the same scores
    with upgraded.projectors[0]._store.connection() as connection:
        connection.execute("UPDATE scores.leaf_scores SET final = final + 10 WHERE leaf = '1a'")  # as that one had it
    report = verify_database(upgraded.office.store, Kept())
    assert (report.exit_code, report.findings.count) == (3, 0)
    assert [note for note in report.notes if "another program's" in note]
    program(upgraded, "")
    assert verify_database(upgraded.office.store, Kept()).exit_code == 1  # its own table is another matter


def test_nothing_is_given_away_that_the_verifier_beside_it_would_find_tampered_with(
    upgraded: City, tmp_path: Path
) -> None:
    LogHouse(upgraded).sign()
    with pytest.raises(UnusableError, match="the program has changed"):
        write_bundle_file(upgraded.office.store, CYCLE, tmp_path / "2026.zip")
    with pytest.raises(UnusableError, match="the program has changed"):
        certificate(upgraded.office.store, CYCLE, "zhongshan")


def test_a_difference_that_another_program_found_is_not_approved(upgraded: City) -> None:
    city = upgraded
    key = city.done("auditor", "/recomputations", {"reason": REASON})["stream"].removeprefix("recomputation/")
    found = facts.RecomputationFinished(key, 9, "ab" * 32, 100, 3, "kaohe 0.0.1 0123456789abcdef", "")
    stream = f"recomputation/{key}"
    city.office.store.append(stream, city.office.store.head(stream), [to_event(found)], by=Actor("", "worker"))
    answer = city.post("administrator", f"/recomputations/{key}/approval", {"reason": REASON})
    assert (answer.status_code, answer.get_json()["type"]) == (409, "urn:kaohe:problem:other-program")
    assert city.seen("auditor", f"/recomputations/{key}")["state"] == "different"

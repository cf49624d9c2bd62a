"""After a change of the program nobody publishes or adopts what it makes of the record before that was compared."""

import pytest

from tests.service.city import CYCLE, City
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

"""The public notice lays open what stands: nothing outdated when it begins, and what has changed since is said."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import pytest
from werkzeug.test import TestResponse

from domain import facts
from tests.service.city import CYCLE, City
from tests.service.targets import change
from tests.service.test_journeys import REASON, SHEET, seen
from tests.service.test_notice import read
from tests.service.test_publications import PLACE, advance, publish, record_fact, reviewed
from tests.service.under_way import under_way

PHASES = f"/cycles/{CYCLE}/phases"
NOTICE = {"phase": "notice", "reason": REASON}
ONE_UNIT = {"zh": "1个单位的成绩已有变动", "en": "1 unit has other results by now"}
CHANGED = {"zh": "成绩已有变动", "en": "results by now"}


def proposed(city: City, delta: str = "-0.08") -> Callable[[], None]:
    """Provisional results with an adjustment that nobody has decided yet, and what approves it."""
    place = adjustment(city, delta)

    def approve() -> None:
        body = {"decision": "approve", "reason": REASON}
        city.done("approver", f"{SHEET}/adjustments/{place}/decisions", body, If_Match=seen(city, SHEET))

    return approve


def adjustment(city: City, delta: str = "-0.08") -> str:
    """Provisional results with an adjustment that nobody has decided yet; gives its id."""
    reviewed(city)
    asked = {"leaf": "1a", "delta": delta, "code": "inspection", "text": "复查发现差异，予以调整"}
    told = city.done("reviewer", SHEET + "/adjustments", asked, If_Match=seen(city, SHEET))
    key: str = told["events"][0]["data"]["adjustment"]
    publish(city, "provisional")
    advance(city, "provisional")
    return key


def moved(city: City, who: str = "auditor") -> list[int | None]:
    return [each["moved_since"] for each in city.seen(who, PLACE)["publications"]]


def refused(answer: TestResponse) -> dict[str, Any]:
    told: dict[str, Any] = answer.get_json()
    assert (answer.status_code, told["type"]) == (409, "urn:kaohe:problem:results-moved")
    return told


def test_the_notice_begins_only_with_results_that_still_stand(city: City) -> None:
    approve = proposed(city)
    approve()  # committed, and not even ordered yet
    told = refused(city.post("administrator", PHASES, NOTICE))
    assert (told["detail_zh"], told["detail_en"]) == ("1个单位", "units: 1")
    city.settle()
    assert moved(city) == [1]
    publish(city, "provisional")
    assert moved(city) == [None, 0]
    advance(city, "notice")
    assert city.seen("unit", f"{PLACE}/2")["table"]["zhongshan"]["total"]["final"] == "1.20"
    city.settle()
    assert began(city) == [None, 0]


def test_an_act_under_way_is_waited_for_and_keeps_the_notice_from_beginning(city: City) -> None:
    key = adjustment(city)
    with ThreadPoolExecutor(1) as pool, city.office.store.connection() as connection:
        with connection.transaction():
            under_way(city, connection, ("zhongshan", "1"), facts.AdjustmentApproved(key, "1a", REASON), "approver")
            answer = pool.submit(city.post, "administrator", PHASES, NOTICE)
            assert wait([answer], timeout=1.0).not_done  # nobody knows yet what the act comes to
        refused(answer.result(60))


def test_a_target_that_moved_a_place_as_well_has_the_results_published_anew(city: City) -> None:
    proposed(city)
    change(city, 160)
    refused(city.post("administrator", PHASES, NOTICE))
    publish(city, "provisional")
    advance(city, "notice")


def test_what_moved_and_moved_back_keeps_nobody_from_the_notice(city: City) -> None:
    proposed(city)
    change(city, 160)
    change(city, 100)
    assert moved(city) == [0]
    advance(city, "notice")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_notice_says_how_many_units_have_moved_and_shows_no_unpublished_score(city: City, language: str) -> None:
    approve = proposed(city)
    advance(city, "notice")
    assert CHANGED[language] not in read(city, language=language)
    advance(city, "appeal")
    approve()
    city.settle()
    text = read(city, language=language)
    assert ONE_UNIT[language] in text
    assert "1.20" not in text
    assert moved(city, "unit") == [1]
    publish(city, "final")
    assert moved(city, "unit") == [None, None]
    for path in ("", "/1"):
        assert CHANGED[language] not in read(city, f"/notice/{CYCLE}{path}", language)


def test_a_record_that_began_its_notice_with_outdated_results_is_told_so_by_the_report_on_deadlines(city: City) -> None:
    proposed(city)()
    city.settle()
    record_fact(city, facts.PhaseAdvanced("provisional", "notice", REASON))  # as programs did before
    assert began(city) == [None, 1]


def began(city: City) -> list[int | None]:
    """Of the last phases that ended, how many units had moved where that began the notice."""
    return [each["moved"] for each in city.seen("auditor", f"/cycles/{CYCLE}/reports/deadlines")["ended"][-2:]]

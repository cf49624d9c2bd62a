"""Results published by two people, readable for ever, and checked against the record whenever somebody asks."""

from typing import Any

from domain import facts
from events.canonical import canonical
from events.codec import to_event
from tests.service.city import CYCLE, City, office_of
from tests.service.test_api_lists import flat, pages
from tests.service.test_journeys import REASON, SHEET, file, seen, verify

PLACE = f"/cycles/{CYCLE}/publications"


def advance(city: City, *phases: str) -> None:
    for phase in phases:
        city.done("administrator", f"/cycles/{CYCLE}/phases", {"phase": phase, "reason": REASON})


def publish(city: City, stage: str) -> int:
    """Proposed by one administrator and published by the other, over everything there is."""
    city.settle()
    told = city.done("administrator", PLACE, {"stage": stage, "reason": REASON})
    number: int = told["events"][0]["data"]["publication"]
    city.done("second-administrator", f"{PLACE}/{number}/confirmation", {"reason": REASON})
    return number


def reviewed(city: City) -> None:
    """A year in which one unit's figures are verified, in the review phase."""
    verify(city, file(city, 80))
    advance(city, "closed", "review")


def adjust(city: City, delta: str = "-0.08") -> None:
    change = {"leaf": "1a", "delta": delta, "code": "inspection", "text": "复查发现差异，予以调整"}
    told = city.done("reviewer", SHEET + "/adjustments", change, If_Match=seen(city, SHEET))
    place = f"{SHEET}/adjustments/{told['events'][0]['data']['adjustment']}/decisions"
    city.done("approver", place, {"decision": "approve", "reason": REASON}, If_Match=seen(city, SHEET))


def record_fact(city: City, fact: facts.Fact) -> None:
    store, stream = city.office.store, f"cycle/{CYCLE}"
    store.append(stream, store.head(stream), [to_event(fact)], by=office_of(city))
    city.settle()


def test_the_year_goes_on_to_provisional_results_only_after_two_people_published_them(city: City) -> None:
    reviewed(city)
    body = {"phase": "provisional", "reason": REASON}
    early = city.post("administrator", f"/cycles/{CYCLE}/phases", body)
    assert (early.status_code, early.get_json()["type"]) == (409, "urn:kaohe:problem:not-published")
    city.settle()
    city.done("administrator", PLACE, {"stage": "provisional", "reason": REASON})
    assert city.post("administrator", f"{PLACE}/1/confirmation", {"reason": REASON}).status_code == 403
    assert city.post("administrator", f"/cycles/{CYCLE}/phases", body).status_code == 409
    told = city.done("second-administrator", f"{PLACE}/1/confirmation", {"reason": REASON})
    [event] = told["events"]
    assert event["type"] == "ResultsPublished"
    assert event["data"]["engine"].startswith("kaohe ")
    assert event["data"]["interpretations"]["Q6"] == "on-top"
    advance(city, "provisional")
    city.settle()
    refused = city.seen("auditor", "/events?type=ActRefused")["events"]
    assert [each["entry"]["data"]["code"] for each in refused] == ["own-act"]


def test_a_published_table_is_that_of_the_board_and_of_its_digest(city: City) -> None:
    reviewed(city)
    publish(city, "provisional")
    told = city.seen("viewer", f"{PLACE}/1")
    board = {row["unit"]: row for row in city.seen("viewer", f"/cycles/{CYCLE}/scores")["units"]}
    assert {unit: row["rank"] for unit, row in told["table"].items()} == {
        unit: row["rank"] for unit, row in board.items()
    }
    assert told["table"]["zhongshan"]["total"]["final"] == board["zhongshan"]["total"] == "1.28"
    assert told["table"]["zhongshan"]["leaves"]["1a"]["final"] == "1.28"
    assert told["state"] == "published"
    assert city.office.store.document(told["digest"]) is not None


def test_a_published_result_stays_readable_and_checkable_after_scores_have_moved(city: City) -> None:
    reviewed(city)
    publish(city, "provisional")
    adjust(city)
    city.settle()
    assert city.seen("unit", f"/cycles/{CYCLE}/units/zhongshan/scores")["total"]["final"] == "1.20"
    told = city.seen("auditor", f"{PLACE}/1/check")
    assert (told["same"], told["incident"], told["differences"]) == (True, False, [])
    assert told["digest"] == told["recomputed"]
    publish(city, "provisional")
    kept = city.seen("auditor", f"{PLACE}/1")
    assert kept["table"]["zhongshan"]["total"]["final"] == "1.28"
    assert [each["in_force"] for each in city.seen("auditor", PLACE)["publications"]] == [False, True]
    changed = city.seen("auditor", f"{PLACE}/2/differences?since=1")["differences"]
    assert flat(pages(city, "auditor", f"{PLACE}/2/differences?since=1&limit=4", "differences")) == changed
    assert {"unit": "zhongshan", "place": "leaves/1a/final", "before": "1.28", "after": "1.20"} in changed


def test_results_that_move_between_proposal_and_confirmation_are_not_published(city: City) -> None:
    reviewed(city)
    city.settle()
    city.done("administrator", PLACE, {"stage": "provisional", "reason": REASON})
    adjust(city)
    city.settle()
    answer = city.post("second-administrator", f"{PLACE}/1/confirmation", {"reason": REASON})
    assert (answer.status_code, answer.get_json()["type"]) == (409, "urn:kaohe:problem:results-changed")


def test_a_refused_proposal_keeps_no_table(city: City) -> None:
    city.settle()
    before = city.size()["record.documents"]
    assert city.post("administrator", PLACE, {"stage": "final", "reason": REASON}).status_code == 409
    assert city.size()["record.documents"] == before


def test_a_published_table_the_record_does_not_give_is_an_incident_that_says_where(city: City) -> None:
    reviewed(city)
    publish(city, "provisional")
    city.settle()
    told = city.seen("auditor", f"{PLACE}/1")
    table = told["table"]
    table["zhongshan"]["leaves"]["1a"]["final"] = "1.60"
    forged = keep(city, table)
    position = told["position"]
    record_fact(city, facts.ResultsProposed(2, "provisional", forged, told["rubric"], {}, "other", position, REASON))
    record_fact(city, facts.ResultsPublished(2, forged, told["rubric"], {}, "other", position, REASON))
    check = city.seen("auditor", f"{PLACE}/2/check")
    assert (check["same"], check["incident"]) == (False, True)
    assert check["differences"] == [
        {"unit": "zhongshan", "place": "leaves/1a/final", "before": "1.60", "after": "1.28"}
    ]


def test_units_read_the_board_from_the_public_notice_on_and_only_their_own_leaves(city: City) -> None:
    reviewed(city)
    publish(city, "provisional")
    assert city.seen("unit", PLACE)["publications"] == []
    assert city.get("unit", f"{PLACE}/1").status_code == 404
    advance(city, "provisional", "notice")
    told = city.seen("unit", f"{PLACE}/1")
    assert told["table"]["zhongshan"]["leaves"]["1a"]["final"] == "1.28"
    assert told["table"]["xigang"]["total"]["final"] == "0.00"
    assert "leaves" not in told["table"]["xigang"]
    assert "leaves" not in city.seen("other-unit", f"{PLACE}/1")["table"]["zhongshan"]
    assert city.get("unit", f"{PLACE}/1/check").status_code == 403


def test_a_cycle_is_final_after_its_final_results_and_nothing_moves_them(city: City) -> None:
    reviewed(city)
    publish(city, "provisional")
    advance(city, "provisional", "notice", "appeal")
    number = publish(city, "final")
    change = {"leaf": "1a", "delta": "-0.08", "code": "inspection", "text": "复查发现差异，予以调整"}
    assert city.post("reviewer", SHEET + "/adjustments", change, If_Match=seen(city, SHEET)).status_code == 409
    advance(city, "final", "archived")
    city.settle()
    check = city.seen("auditor", f"{PLACE}/{number}/check")
    assert (check["same"], check["incident"]) == (True, False)
    assert city.seen("unit", f"{PLACE}/{number}")["stage"] == "final"


def keep(city: City, table: dict[str, Any]) -> str:

    return city.office.store.keep_document(canonical(table))

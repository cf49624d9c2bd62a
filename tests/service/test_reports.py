"""The report on duties: a clean year holds, and what went past the rules is found by its position."""

from domain import facts
from events.codec import to_event
from events.entry import Actor
from tests.service.city import CYCLE, City
from tests.service.test_journeys import SHEET, file, verify
from tests.service.test_publications import adjust, publish, reviewed

REPORT = f"/cycles/{CYCLE}/reports/duties"


def test_a_year_that_kept_the_rules_holds_with_the_number_of_acts_looked_at(city: City) -> None:
    reviewed(city)
    adjust(city)
    publish(city, "provisional")
    city.settle()
    told = city.seen("auditor", REPORT)
    assert (told["holds"], told["breaches"], told["unreadable"]) == (True, [], 0)
    assert told["checked"] == {"adjustment": 1, "conflict": 3, "own-unit": 3, "publication": 1, "rubric": 1}
    assert city.get("administrator", REPORT).status_code == 403


def test_what_went_past_the_rules_is_found_with_its_position_in_both_languages(city: City) -> None:
    verify(city, file(city, 80))
    stream = f"sheet{SHEET.removeprefix('/cycles').replace('/units', '').replace('/sheets', '')}"
    store = city.office.store
    forger = Actor(city.people["reviewer"])
    proposed = facts.AdjustmentProposed("a1", "1a", "-0.10", "other", "x")
    approved = facts.AdjustmentApproved("a1", "1a", "x")
    store.append(stream, store.head(stream), [to_event(proposed), to_event(approved)], by=forger)
    city.settle()
    told = city.seen("auditor", REPORT)
    [breach] = told["breaches"]
    assert not told["holds"]
    assert (breach["rule"], breach["actor"], breach["act"]) == ("adjustment", forger.id, "AdjustmentApproved")
    assert breach["position"] == told["position"]
    assert breach["zh"]
    assert breach["en"].isascii()

"""The report on duties: a clean year holds, and what went past the rules is found by its position."""

from domain import facts, pairs
from events.codec import to_event
from events.entry import Actor
from service.queries import reports
from tests.service.city import CYCLE, City
from tests.service.rounds import SIX, set_marking, told
from tests.service.test_api_lists import flat, pages
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


def test_a_moderation_overrides_two_judges_and_a_judgement_is_its_own_judges_discretion(city: City) -> None:
    set_marking(city)
    told(city, "reviewer", "judgements", "3.50")
    told(city, "second-reviewer", "second-judgements", "2.00")
    told(city, "approver", "moderations", "3.00", "两评之间")
    west = SIX.replace("zhongshan", "xigang")
    told(city, "reviewer", "judgements", "1.50", place=west)
    told(city, "second-reviewer", "second-judgements", "1.50", place=west)
    city.settle()
    found = city.seen("auditor", f"/cycles/{CYCLE}/reports/discretion")
    [override] = found["overriding"]
    assert (override["cause"], override["moved"], override["reason"]) == ("moderation", "3.00", "两评之间")
    assert override["began_by"] == [city.people["reviewer"], city.people["second-reviewer"]]
    people = {row["person"]: row["by"] for row in found["people"]}
    # The 1.50 that both gave on xigang stand as the first reviewer's; the second opened them and moved nothing himself.
    assert people[city.people["reviewer"]]["judgement"] == {"n": 2, "net": "1.50", "moved": "1.50"}
    assert people[city.people["approver"]] == {"moderation": {"n": 1, "net": "3.00", "moved": "3.00"}}
    assert city.people["second-reviewer"] not in people
    units = {row["unit"]: (row["by"]["judged"]["net"], row["percent"]) for row in found["units"]}
    assert units["zhongshan"] == ("3.00", "100.00")
    assert units["transport"] == ("0.00", None)


def test_pages_of_severity_go_through_its_lists_one_after_the_other(city: City) -> None:
    set_marking(city)
    told(city, "reviewer", "judgements", "3.50")
    told(city, "second-reviewer", "second-judgements", "3.50")
    city.settle()
    report, lists = f"/cycles/{CYCLE}/reports/severity", ("reviewers", "leaves", "units", "given_by")
    whole = city.seen("auditor", report)
    assert [len(whole[name]) for name in lists] == [2, 1, 1, 2]
    for name in lists:
        assert flat(pages(city, "auditor", f"{report}?limit=1", name)) == whole[name]
    assert len(pages(city, "auditor", f"{report}?limit=4", "units")) == 2
    assert city.get("auditor", report + "?cursor=x").get_json()["type"].endswith("bad-cursor")


def test_overriding_events_come_page_after_page_and_each_once(city: City) -> None:
    reviewed(city)
    for delta in ("-0.08", "-0.10", "-0.20"):
        adjust(city, delta)
    city.settle()
    report, moved = f"/cycles/{CYCLE}/reports/discretion", []
    path = f"{report}?limit=2"
    while path:
        answer = city.get("auditor", path)
        moved += [each["moved"] for each in answer.get_json()["overriding"]]
        path = answer.headers.get("Link", "").partition("<")[2].partition(">")[0].removeprefix("/api/v1")
    assert moved == ["-0.08", "-0.10", "-0.20"]
    correction = city.seen("auditor", report)
    assert correction["overrides"] == 3


def test_figures_put_right_by_a_reviewer_are_an_override_by_what_they_differ_from_what_was_filed(city: City) -> None:
    verify(city, file(city, 80), {"actual": 70, "target": 100})
    city.settle()
    found = city.seen("auditor", f"/cycles/{CYCLE}/reports/discretion")
    [override] = found["overriding"]
    # 1.60 × 80 ÷ 100 = 1.28 filed, 1.60 × 70 ÷ 100 = 1.12 verified.
    assert (override["cause"], override["moved"], override["began_by"]) == (
        "correction", "-0.16", [city.people["unit"]],
    )  # fmt: skip
    [unit] = [row for row in found["units"] if row["unit"] == "zhongshan"]
    assert (unit["total"], unit["by"]["corrected"]["net"], unit["percent"]) == ("1.12", "-0.16", "14.29")


def test_results_published_with_a_token_the_proposer_had_issued_are_listed_for_the_auditor(city: City) -> None:
    second = city.done("administrator", "/people", {"name": "新任管理员"})["stream"].removeprefix("person/")
    issued = city.done("administrator", f"/people/{second}/credentials", {"days": 1})
    city.tokens["second-administrator"] = issued["token"]
    role = {"role": "administrator", "scope": "*", "reason": "任命"}
    city.done("administrator", f"/people/{second}/roles", role)
    reviewed(city)
    publish(city, "provisional")
    city.settle()
    told = city.seen("auditor", REPORT)
    assert (told["holds"], told["breaches"]) == (True, [])
    [listed] = told["reliances"]
    assert (listed["rule"], listed["act"]) == ("publication", "ResultsPublished")
    assert (listed["issuer"], listed["holder"], listed["actor"]) == (city.people["administrator"], second, second)
    assert listed["zh"]
    assert listed["en"].isascii()


def test_every_rule_of_the_report_has_its_words() -> None:
    assert {rule for rule, _ in pairs.ENDS.values()} <= reports._WORDS.keys()

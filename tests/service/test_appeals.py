"""Appeals over the API: from the published board to the points and ranks that a decision moved."""

from tests.service.city import CYCLE, City
from tests.service.test_api_lists import flat, pages
from tests.service.test_journeys import REASON, SHEET, seen
from tests.service.test_publications import PLACE, advance, publish, reviewed

REPORT = f"/cycles/{CYCLE}/reports/appeals"
APPEAL = {"leaf": "1a", "text": "另有两个班组已建会，未计入"}


def noticed(city: City) -> None:
    """The board is published, and the public notice runs."""
    reviewed(city)
    publish(city, "provisional")
    advance(city, "provisional", "notice")


def appealed(city: City) -> str:
    noticed(city)
    told = city.done("unit", SHEET + "/appeals", APPEAL)
    advance(city, "appeal")
    place = f"{SHEET}/appeals/{told['events'][0]['data']['appeal']}"
    body = {"person": city.people["chief-approver"], "reason": "未参与该表"}
    city.done("administrator", place + "/assignment", body)
    return place


def decide(city: City, place: str, delta: str = "0.16", outcome: str = "upheld") -> None:
    body = {"outcome": outcome, "delta": delta, "reason": REASON}
    city.done("chief-approver", place + "/decision", body, If_Match=seen(city, SHEET))


def test_an_upheld_appeal_shows_the_unit_the_points_and_ranks_it_moved(city: City) -> None:
    place = appealed(city)
    decide(city, place)
    city.settle()
    told = city.seen("unit", place)
    assert (told["state"], told["delta"], told["reason"]) == ("upheld", "0.16", REASON)
    assert told["moved"] == [
        {"unit": "zhongshan", "total_before": "1.28", "total_after": "1.44", "rank_before": 1, "rank_after": 1}
    ]
    assert city.seen("unit", f"/cycles/{CYCLE}/units/zhongshan/scores")["total"]["final"] == "1.44"
    assert [each["state"] for each in city.seen("unit", SHEET)["appeals"]] == ["upheld"]
    timeline = city.seen("unit", f"/cycles/{CYCLE}/units/zhongshan/scores/timeline")["steps"]
    assert (timeline[-1]["type"], timeline[-1]["final"]) == ("AppealDecided", "1.44")


def test_the_report_on_appeals_comes_page_after_page_with_the_sums_of_all(city: City) -> None:
    decide(city, appealed(city))
    for leaf, text in (("1a", "第二个班组"), ("1b", "第三个班组")):
        city.done("unit", SHEET + "/appeals", {"leaf": leaf, "text": text})
    city.settle()
    report = f"/cycles/{CYCLE}/reports/appeals"
    whole = city.seen("auditor", report)
    assert [each["text"] for each in whole["appeals"]] == [APPEAL["text"], "第二个班组", "第三个班组"]
    assert [bool(each["moved"]) for each in whole["appeals"]] == [True, False, False]
    assert flat(pages(city, "auditor", report + "?limit=2", "appeals")) == whole["appeals"]
    for name in ("outcomes", "points"):
        assert pages(city, "auditor", report + "?limit=2", name) == [whole[name]] * 2


def test_the_explanation_of_a_leaf_carries_the_points_of_its_appeal(city: City) -> None:
    decide(city, appealed(city))
    told = city.get("unit", SHEET + "/explanation").get_data(as_text=True)
    assert REASON in told
    assert "1.44" in told


def test_an_appeal_waits_in_the_queue_until_it_is_decided(city: City) -> None:
    place = appealed(city)
    city.settle()
    waiting = city.seen("administrator", f"/cycles/{CYCLE}/queue")["waiting"]
    assert [row["kind"] for row in waiting if row["kind"] == "appeal"] == ["appeal"]
    decide(city, place, "0.00", "dismissed")
    city.settle()
    waiting = city.seen("administrator", f"/cycles/{CYCLE}/queue")["waiting"]
    assert [row for row in waiting if row["kind"] == "appeal"] == []
    assert city.seen("unit", place)["moved"] == []


def test_an_appeal_is_never_laid_before_or_decided_by_who_had_a_part(city: City) -> None:
    place = appealed(city)
    body = {"outcome": "dismissed", "reason": REASON}
    assert city.post("approver", place + "/decision", body, If_Match=seen(city, SHEET)).status_code == 403
    assert city.post("chief-approver", place + "/decision", body).status_code == 428
    refused = city.post("administrator", place + "/assignment", {"person": city.people["reviewer"], "reason": REASON})
    assert (refused.status_code, refused.get_json()["type"]) == (422, "urn:kaohe:problem:bad-assignee")
    city.settle()
    traced = city.seen("auditor", "/events?type=ActRefused")["events"]
    assert [each["entry"]["data"]["code"] for each in traced] == ["not-assigned"]


def test_final_results_wait_until_every_appeal_is_decided(city: City) -> None:
    place = appealed(city)
    city.settle()
    early = city.post("administrator", PLACE, {"stage": "final", "reason": REASON})
    assert (early.status_code, early.get_json()["type"]) == (409, "urn:kaohe:problem:appeals-open")
    [waiting] = early.get_json()["in_the_way"]
    assert (waiting["unit"], waiting["item"], waiting["leaf"], waiting["state"]) == ("zhongshan", "1", "1a", "assigned")
    assert city.seen("administrator", place)["text"] == APPEAL["text"]
    assert waiting["appeal"] in {each["id"] for each in city.seen("administrator", REPORT)["appeals"]}
    decide(city, place)
    number = publish(city, "final")
    changed = city.seen("auditor", f"{PLACE}/{number}/differences?since=1")["differences"]
    assert {"unit": "zhongshan", "place": "total/final", "before": "1.28", "after": "1.44"} in changed


def test_objections_are_filed_during_the_notice_and_read_by_those_concerned(city: City) -> None:
    body = {"publication": 1, "unit": "xigang", "about": "zhongshan", "text": "第一项数据与公开材料不符"}
    assert city.post("other-unit", f"/cycles/{CYCLE}/objections", body).status_code == 409
    noticed(city)
    assert city.post("unit", f"/cycles/{CYCLE}/objections", body).status_code == 403
    unknown = city.post("other-unit", f"/cycles/{CYCLE}/objections", body | {"publication": 7})
    assert unknown.status_code == 404
    told = city.done("other-unit", f"/cycles/{CYCLE}/objections", body)
    assert told["events"][0]["type"] == "ObjectionFiled"
    for who in ("unit", "other-unit", "auditor", "viewer"):
        [shown] = city.seen(who, f"/cycles/{CYCLE}/objections")["objections"]
        assert (shown["about"], shown["by"]) == ("zhongshan", city.people["other-unit"])
    advance(city, "appeal")
    assert city.post("other-unit", f"/cycles/{CYCLE}/objections", body).status_code == 409


def test_final_results_wait_until_every_objection_is_answered_by_somebody_else(city: City) -> None:
    noticed(city)
    place = f"/cycles/{CYCLE}/objections"
    body = {"publication": 1, "unit": "xigang", "about": "zhongshan", "text": "第一项数据与公开材料不符"}
    filed = city.done("other-unit", place, body)["events"][0]["data"]["objection"]
    advance(city, "appeal")
    early = city.post("administrator", PLACE, {"stage": "final", "reason": REASON})
    assert (early.status_code, early.get_json()["type"]) == (409, "urn:kaohe:problem:objections-open")
    assert [each["about"] for each in early.get_json()["in_the_way"]] == ["zhongshan"]
    said = {"outcome": "dismissed", "reason": "数据与合同清单一致"}
    assert city.post("approver", f"{place}/{filed}/answer", said).status_code == 403
    conflict = {"unit": "xigang", "reason": "亲属"}
    city.done("second-administrator", f"/people/{city.people['second-administrator']}/conflicts", conflict)
    assert city.post("second-administrator", f"{place}/{filed}/answer", said).status_code == 403
    city.done("administrator", f"{place}/{filed}/answer", said)
    assert city.post("administrator", f"{place}/{filed}/answer", said).status_code == 409
    for who in ("unit", "other-unit", "viewer"):
        [shown] = city.seen(who, place)["objections"]
        assert (shown["outcome"], shown["reason"]) == ("dismissed", said["reason"])
        assert shown["answered_by"] == city.people["administrator"]
    publish(city, "final")
    city.settle()
    report = city.seen("auditor", f"/cycles/{CYCLE}/reports/duties")
    assert (report["holds"], report["checked"]["objection"]) == (True, 1)

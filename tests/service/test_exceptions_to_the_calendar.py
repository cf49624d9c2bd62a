"""More time for one unit and results opened again, over the API: two people, and nothing published is lost."""

from domain import facts
from tests.service.city import CYCLE, City, later
from tests.service.test_journeys import REASON, SHEET, file
from tests.service.test_publications import PLACE, adjust, advance, publish, record_fact, reviewed

XIGANG = SHEET.replace("zhongshan", "xigang")
FIGURES = {"figures": {"1a": {"actual": 70, "target": 100}}}


def test_one_unit_files_after_the_deadline_that_stops_the_others(city: City) -> None:
    record_fact(city, facts.DeadlineMoved("open", "", later(-1), REASON))
    body = {"unit": "zhongshan", "phase": "open", "moment": later(3), "reason": REASON}
    told = city.done("administrator", f"/cycles/{CYCLE}/extensions", body)
    place = f"/cycles/{CYCLE}/extensions/{told['events'][0]['data']['extension']}/confirmation"
    assert city.post("unit", SHEET + "/submissions", FIGURES).status_code == 409
    assert city.post("administrator", place, {"reason": REASON}).status_code == 403
    city.done("second-administrator", place, {"reason": REASON})
    file(city, 80)
    assert city.post("other-unit", XIGANG + "/submissions", FIGURES).status_code == 409
    [mine] = city.seen("unit", f"/cycles/{CYCLE}/extensions")["extensions"]
    assert (mine["unit"], mine["granted"]) == ("zhongshan", True)
    assert city.seen("other-unit", f"/cycles/{CYCLE}/extensions")["extensions"] == []


def test_a_reopened_cycle_is_judged_again_and_the_old_final_result_stays(city: City) -> None:
    reviewed(city)
    publish(city, "provisional")
    advance(city, "provisional", "notice", "appeal")
    old = publish(city, "final")
    advance(city, "final")
    calendar = {phase: later(100 + place) for place, phase in enumerate(("review", "provisional", "notice", "appeal"))}
    body = {"calendar": calendar, "reason": "发现重大差错"}
    proposal = f"/cycles/{CYCLE}/reopening"
    assert city.get("second-administrator", proposal).status_code == 404
    city.done("administrator", proposal, body)
    seen = city.seen("second-administrator", proposal)
    assert (seen["reason"], seen["proposed_by"]) == (body["reason"], city.people["administrator"])
    assert list(seen["calendar"]) == list(calendar)
    said = {"reopening": seen["reopening"], "reason": REASON}
    assert city.post("administrator", proposal + "/confirmation", said).status_code == 403
    city.done("administrator", proposal, body | {"reason": "另一差错"})  # in the place of what was seen
    assert city.post("second-administrator", proposal + "/confirmation", said).status_code == 404
    said["reopening"] = city.seen("second-administrator", proposal)["reopening"]
    city.done("second-administrator", proposal + "/confirmation", said)
    assert city.get("second-administrator", proposal).status_code == 404
    assert city.seen("viewer", f"/cycles/{CYCLE}")["phase"] == "review"
    early = city.post("administrator", f"/cycles/{CYCLE}/phases", {"phase": "provisional", "reason": REASON})
    assert early.status_code == 409
    adjust(city)
    publish(city, "provisional")
    advance(city, "provisional", "notice")
    objection = {"publication": old, "unit": "xigang", "about": "zhongshan", "text": "第一项数据与公开材料不符"}
    outdated = city.post("other-unit", f"/cycles/{CYCLE}/objections", objection)
    assert (outdated.status_code, outdated.get_json()["type"]) == (409, "urn:kaohe:problem:results-replaced")
    advance(city, "appeal")
    new = publish(city, "final")
    advance(city, "final")
    city.settle()
    kept = city.seen("unit", f"{PLACE}/{old}")
    assert (kept["epoch"], kept["in_force"], kept["table"]["zhongshan"]["total"]["final"]) == (1, False, "1.28")
    now = city.seen("unit", f"{PLACE}/{new}")
    assert (now["epoch"], now["in_force"], now["table"]["zhongshan"]["total"]["final"]) == (2, True, "1.20")
    for number in (old, new):
        assert city.seen("auditor", f"{PLACE}/{number}/check")["same"]


def test_a_sole_reviewers_conflict_is_waived_on_the_record_and_the_report_still_holds(city: City) -> None:
    for who in ("reviewer", "second-reviewer"):
        body = {"role": "reviewer", "scope": "organisation", "reason": REASON}
        city.done("administrator", f"/people/{city.people[who]}/roles/revocations", body)
    submission = file(city, 80)
    person = city.people["conflicted-reviewer"]
    seen = {"leaf": "1a", "submission": submission, "reason": REASON}
    version = f'"{city.seen("auditor", SHEET)["version"]}"'
    assert city.post("conflicted-reviewer", SHEET + "/verifications", seen, If_Match=version).status_code == 403
    waiver = {"person": person, "unit": "zhongshan", "department": "organisation", "reason": "部门仅此一名审核人"}
    assert city.post("approver", f"/cycles/{CYCLE}/waivers", waiver).status_code == 403
    told = city.done("other-approver", f"/cycles/{CYCLE}/waivers", waiver)
    assert told["events"][0]["type"] == "WaiverSigned"
    [shown] = city.seen("unit", f"/cycles/{CYCLE}/waivers")["waivers"]
    assert {name: shown[name] for name in waiver} == waiver
    assert (shown["signed_by"], shown["event"]) == (city.people["other-approver"], told["events"][0]["id"])
    assert city.seen("other-unit", f"/cycles/{CYCLE}/waivers")["waivers"] == []
    city.done("conflicted-reviewer", SHEET + "/verifications", seen, If_Match=version)
    city.settle()
    report = city.seen("auditor", f"/cycles/{CYCLE}/reports/duties")
    assert (report["holds"], report["checked"]["waiver"]) == (True, 1)
    role = {"role": "reviewer", "scope": "organisation", "reason": REASON}
    city.done("administrator", f"/people/{city.people['reviewer']}/roles", role)  # who is alone no longer
    version = f'"{city.seen("auditor", SHEET)["version"]}"'
    assert city.post("conflicted-reviewer", SHEET + "/verifications", seen, If_Match=version).status_code == 403
    city.done("reviewer", SHEET + "/verifications", seen, If_Match=version)

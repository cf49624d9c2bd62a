"""A year as each of the six personas lives it, over the API alone."""

from typing import Any

from events.entry import utc_text
from tests.service.city import API, CYCLE, City, sheet
from tests.service.papers import pdf

SHEET = sheet()
SEVEN = sheet(item="7")
SCORES = f"/cycles/{CYCLE}/units/zhongshan/scores"
REASON = "经核查属实 checked and true"
WHY = "该做法在全市推广，材料齐全，效果明显，经部门研究同意申报加分。"


def seen(city: City, place: str) -> str:
    return f'"{city.seen("auditor", place)["version"]}"'


def leaf(city: City, who: str, name: str) -> dict[str, Any]:
    return next(each for each in city.seen(who, SHEET)["leaves"] if each["leaf"] == name)


def columns(city: City, name: str = "1a") -> tuple[str, str, str]:
    found = leaf(city, "auditor", name)
    return found["claimed"], found["verified"], found["final"]


def file(city: City, actual: int = 80, key: str | None = None) -> str:
    body = {"figures": {"1a": {"actual": actual, "target": 100}}}
    headers = {"Idempotency_Key": key} if key else {}
    submission: str = city.done("unit", SHEET + "/submissions", body, **headers)["events"][0]["data"]["submission"]
    return submission


def verify(city: City, submission: str, corrected: dict[str, Any] | None = None) -> None:
    body = {"leaf": "1a", "submission": submission, "reason": REASON}
    if corrected:
        body["corrected"] = corrected  # type: ignore[assignment]
    city.done("reviewer", SHEET + "/verifications", body, If_Match=seen(city, SHEET))


def test_a_unit_files_its_figures_with_proof_and_follows_them_to_the_score(city: City) -> None:
    assert city.seen("unit", "/me")["roles"] == [{"role": "unit", "scope": "zhongshan"}]
    first = file(city, 70, key="first")
    assert columns(city) == ("1.12", "0.00", "0.00")
    city.done("unit", f"{SHEET}/submissions/{first}/withdrawal", {"reason": "数字有误"})
    assert columns(city) == ("0.00", "0.00", "0.00")
    file(city, 80)
    sent = city.call("unit", "POST", f"{API}{SHEET}/evidence", data={"leaf": "1a", "file": pdf()})
    evidence = sent.get_json()["events"][0]["data"]["evidence"]
    returned = {"outcome": "returned", "reason": "请补盖公章"}
    city.done("reviewer", f"{SHEET}/evidence/{evidence}/reviews", returned, If_Match=seen(city, SHEET))
    again = city.call("unit", "POST", f"{API}{SHEET}/evidence", data={"leaf": "1a", "file": pdf("stamped")})
    assert again.get_json()["events"][0]["data"]["supersedes"] == evidence
    states = {each["id"]: each["state"] for each in city.seen("unit", SHEET)["evidence"]}
    assert states[evidence] == "superseded"
    city.settle()
    scores = city.seen("unit", SCORES)
    assert scores["leaves"]["1a"]["claimed"] == "1.28"
    assert scores["total"] == {"claimed": "1.28", "verified": "0.00", "final": "0.00"}
    kinds = [each["type"] for each in city.seen("unit", SHEET + "/history")["events"]]
    assert kinds == [
        "FiguresSubmitted",
        "SubmissionWithdrawn",
        "FiguresSubmitted",
        "EvidenceAttached",
        "EvidenceReviewed",
        "EvidenceAttached",
    ]


def test_a_reviewer_works_off_his_queue_and_judges_only_what_he_has_seen(city: City) -> None:
    submission = file(city, 80)
    city.settle()
    queue = city.seen("reviewer", f"/cycles/{CYCLE}/queue")["waiting"]
    assert [(row["unit"], row["item"], row["leaf"]) for row in queue] == [("zhongshan", "1", "1a")]
    version = seen(city, SHEET)
    latest = file(city, 85)
    body = {"leaf": "1a", "submission": submission, "reason": REASON}
    assert city.post("reviewer", SHEET + "/verifications", body, If_Match=version).status_code == 412
    verify(city, latest, {"actual": 75, "target": 100})
    assert columns(city) == ("1.36", "1.20", "1.20")
    city.settle()
    assert city.seen("reviewer", f"/cycles/{CYCLE}/queue")["waiting"] == []
    judged = {"leaf": "1b", "points": "0.50", "reason": REASON}
    assert city.post("reviewer", SHEET + "/judgements", judged, If_Match=seen(city, SHEET)).status_code == 422
    city.done("reviewer", SHEET + "/not-applicable", {"leaf": "1c", "reason": REASON}, If_Match=seen(city, SHEET))
    assert leaf(city, "reviewer", "1c")["status"] == "not-applicable"
    assert (
        city.post("conflicted-reviewer", SHEET + "/judgements", judged, If_Match=seen(city, SHEET)).status_code == 403
    )
    city.settle()
    blocked = city.seen("auditor", "/events?type=ActRefused")["events"]
    assert [each["entry"]["data"]["code"] for each in blocked] == ["stale", "conflict-of-interest"]


def test_an_approver_decides_what_others_proposed_and_nothing_of_his_own(city: City) -> None:
    verify(city, file(city, 80))
    change = {"leaf": "1a", "delta": "-0.28", "code": "inspection", "text": "现场核查发现两家企业未建会"}
    proposed = city.done("reviewer", SHEET + "/adjustments", change, If_Match=seen(city, SHEET))
    place = f"{SHEET}/adjustments/{proposed['events'][0]['data']['adjustment']}/decisions"
    assert columns(city) == ("1.28", "1.28", "1.28")
    approve = {"decision": "approve", "reason": REASON}
    assert city.post("reviewer", place, approve, If_Match=seen(city, SHEET)).status_code == 403
    city.done("approver", place, approve, If_Match=seen(city, SHEET))
    assert columns(city) == ("1.28", "1.28", "1.00")
    assert city.post("chief-approver", place, approve, If_Match=seen(city, SHEET)).status_code == 409
    city.done("chief-approver", place, {"decision": "revoke", "reason": "复核有误"}, If_Match=seen(city, SHEET))
    assert columns(city) == ("1.28", "1.28", "1.28")
    claim = {"leaf": "7a", "key": "DL-2026-001", "title": "集体协商经验"}
    claimed = city.done("unit", SEVEN + "/claims", claim)
    bonus = next(each for each in claimed["events"] if each["type"] == "BonusClaimed")["data"]["bonus"]
    taken = city.post("other-unit", sheet("xigang", "7") + "/claims", claim | {"key": "dl-2026-001 "})
    assert taken.status_code == 409
    proposal = claim | {"bonus": bonus, "justification": WHY}
    city.done("reviewer", SEVEN + "/bonuses", proposal, If_Match=seen(city, SEVEN))
    grant = {"decision": "grant", "reason": REASON}
    city.done("approver", f"{SEVEN}/bonuses/{bonus}/decisions", grant, If_Match=seen(city, SEVEN))
    city.settle()
    assert city.seen("approver", SCORES)["bonus"]["final"] == "3.00"


def test_an_auditor_walks_from_a_total_to_the_acts_behind_it_and_replays_it(city: City) -> None:
    city.settle()
    before = city.seen("auditor", SCORES)["position"]
    submission = file(city, 80)
    verify(city, submission)
    city.settle()
    now = city.seen("auditor", SCORES)
    assert now["total"]["final"] == "1.28"
    then = city.seen("auditor", f"{SCORES}?as_of_position={before}")
    assert (then["total"]["final"], then["position"]) == ("0.00", before)
    as_known = city.seen("auditor", f"{SCORES}?as_of_recorded={utc_text(city.office.now())}")
    assert (as_known["total"], as_known["rank"]) == (now["total"], now["rank"])
    explained = city.get("auditor", SHEET + "/explanation").get_data(as_text=True)
    steps = city.seen("auditor", SCORES + "/timeline?leaf=1a")["steps"]
    assert [step["final"] for step in steps] == ["0.00", "1.28"]
    assert steps[-1]["event"] in explained
    act = city.seen("auditor", f"/events/{steps[-1]['position']}")["entry"]
    assert (act["id"], act["type"]) == (steps[-1]["event"], "FiguresVerified")
    assert (act["actor"], act["actorrole"]) == (city.people["reviewer"], "reviewer")
    who = city.seen("auditor", f"/people/{act['actor']}")
    assert {"role": "reviewer", "scope": "organisation"} in who["roles"]
    assert (
        city.post("auditor", SHEET + "/submissions", {"figures": {"1a": {"actual": 1, "target": 1}}}).status_code == 403
    )
    assert city.post("auditor", "/recomputations", {"reason": REASON}).status_code == 201
    assert city.seen("auditor", "/parked") == {"parked": []}


def test_an_administrator_sets_up_a_year_with_a_second_one_and_gives_no_points(city: City) -> None:
    person = city.done("administrator", "/people", {"name": "李四"})["stream"].removeprefix("person/")
    role = {"role": "unit", "scope": "shahekou", "reason": REASON}
    city.done("administrator", f"/people/{person}/roles", role)
    wrong = {"role": "reviewer", "scope": "atlantis", "reason": REASON}
    assert city.post("administrator", f"/people/{person}/roles", wrong).status_code == 422
    both = {"role": "administrator", "scope": "*", "reason": REASON}
    assert city.post("administrator", f"/people/{person}/roles", both).status_code == 409
    myself = {"role": "viewer", "scope": "*", "reason": REASON}
    assert city.post("administrator", f"/people/{city.people['administrator']}/roles", myself).status_code == 403
    token = city.done("administrator", f"/people/{person}/credentials", {"days": 30})["token"]
    city.tokens["newcomer"] = token
    assert city.seen("newcomer", "/me")["name"] == "李四"
    document = city.seen("administrator", "/rubrics/six-actions")["document"] | {"id": "small"}
    drafted = city.done("administrator", "/rubrics", {"rubric": document})["events"][0]["data"]["hash"]
    publish = {"hash": drafted}
    assert city.post("administrator", "/rubrics/small/publication", publish).status_code == 403
    city.done("second-administrator", "/rubrics/small/publication", publish)
    calendar = {
        phase: f"2030-{month:02}-28T15:59:59Z"
        for month, phase in enumerate(("open", "closed", "review", "provisional", "notice", "appeal"), 1)
    }
    cycle = {"cycle": "2030", "title": "2030 考核", "rubric": "small", "calendar": calendar}
    city.done("administrator", "/cycles", cycle)
    unit = {"unit": "shahekou", "cohort": "district", "name_zh": "沙河口区", "name_en": "Shahekou"}
    city.done("administrator", "/cycles/2030/units", unit)
    city.done("administrator", "/cycles/2030/phases", {"phase": "open", "reason": "按期开放"})
    moved = {"phase": "open", "moment": "2030-01-29T23:59:59+08:00", "reason": "延长一天"}
    city.done("administrator", "/cycles/2030/deadlines", moved)
    assert city.seen("newcomer", "/cycles/2030")["calendar"]["open"].startswith("2030-01-29T15:59:59")
    figures = {"figures": {"1a": {"actual": 1, "target": 2}}}
    city.done("newcomer", sheet("shahekou", cycle="2030") + "/submissions", figures)
    assert city.post("administrator", sheet("shahekou", cycle="2030") + "/submissions", figures).status_code == 403
    city.done("administrator", f"/people/{person}/roles/revocations", role)
    assert city.post("newcomer", sheet("shahekou", cycle="2030") + "/submissions", figures).status_code == 404


def test_a_viewer_reads_the_boards_and_nothing_behind_them(city: City) -> None:
    verify(city, file(city, 80))
    city.settle()
    board = city.seen("viewer", f"/cycles/{CYCLE}/scores")
    assert {(row["unit"], row["total"], row["rank"]) for row in board["units"]} == {
        ("zhongshan", "1.28", 1),
        ("xigang", "0.00", 2),
        ("transport", "0.00", 1),
    }
    assert board["lag"] == 0
    departments = city.seen("viewer", f"/cycles/{CYCLE}/departments/scores")["departments"]
    assert next(row for row in departments if row["department"] == "organisation")["won"] == "1.28"
    assert city.seen("viewer", SCORES)["total"]["final"] == "1.28"
    for path in (SHEET, SHEET + "/history", SHEET + "/explanation", f"/cycles/{CYCLE}/queue", "/events", "/people"):
        assert city.get("viewer", path).status_code in {403, 404}
    assert city.get("viewer", f"/cycles/{CYCLE}/scores?as_of_position=1").status_code == 200

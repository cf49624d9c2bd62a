"""Double marking over the API: drawn, sealed, judged blind, moderated where it differs; nothing is seen too early."""

import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.routing import Rule

from domain import facts, marking
from events.codec import to_event
from events.entry import Actor
from service.verify.__main__ import main
from service.verify.database import Kept, verify_database
from service.verify.writing import write_bundle_file
from tests.service.city import API, CYCLE, PEOPLE, City, sheet
from tests.service.log_house import LogHouse
from tests.service.rounds import MARKING, REASON, SENTINEL, SIX, columns, leaf, set_marking, tell, told
from tests.service.test_publications import advance, publish

QUEUE = f"/cycles/{CYCLE}/queue"


def sealed(city: City, points: str = "3.50") -> None:
    """A drawn leaf that the unit filed for and the first reviewer has judged."""
    set_marking(city)
    city.done("unit", SIX + "/submissions", {"figures": {"6b": {"points": "4.00"}}})
    told(city, "reviewer", "judgements", points, SENTINEL)


def waiting(city: City, who: str) -> list[tuple[str, str]]:
    return [(row["kind"], row["leaf"]) for row in city.seen(who, QUEUE)["waiting"]]


def verified(city: City) -> list[Any]:
    """What the verifier finds in the database."""
    LogHouse(city).sign()
    return list(verify_database(city.office.store, Kept()).findings)


def test_a_drawn_leaf_counts_once_two_people_judged_it_and_they_agree(city: City) -> None:
    sealed(city)
    city.settle()
    assert columns(city) == ("0.00", "0.00", "pending")
    [second, opened] = told(city, "second-reviewer", "second-judgements", "3.00")
    assert (second["type"], opened["type"]) == ("SecondJudgementGiven", "JudgementOpened")
    assert (opened["data"]["points"], opened["data"]["reason"]) == ("3.50", SENTINEL)
    assert columns(city) == ("3.50", "3.50", "verified")
    city.settle()
    scores = city.seen("unit", f"/cycles/{CYCLE}/units/zhongshan/scores")
    assert scores["leaves"]["6b"]["final"] == scores["total"]["final"] == "3.50"


def test_what_differs_by_more_than_the_limit_is_moderated_by_a_third_person(city: City) -> None:
    sealed(city)
    told(city, "second-reviewer", "second-judgements", "2.50")
    assert columns(city) == ("0.00", "0.00", "pending")
    assert tell(city, "second-reviewer", "moderations", "3.00").status_code == 403
    told(city, "approver", "moderations", "3.00", "两评之间，第三项部分做到")
    assert columns(city) == ("3.00", "3.00", "verified")
    [shown] = city.seen("unit", SIX)["rounds"]
    assert (shown["first"], shown["second"], shown["moderated"], shown["state"]) == (
        "3.50",
        "2.50",
        "3.00",
        "moderated",
    )
    found = city.seen("unit", SIX + "/explanation")["item"]["leaves"]
    [round_] = [each["round"] for each in found if each["id"] == "6b"]
    assert round_["outcome"]["en"] == "|3.50 − 2.50| = 1.00 > 0.50: the moderator's points stand"
    assert round_["first_reason"] == SENTINEL


def test_the_first_reviewer_gives_no_second_judgement_and_the_attempt_is_recorded(city: City) -> None:
    sealed(city)
    answer = tell(city, "reviewer", "second-judgements", "3.50")
    assert (answer.status_code, answer.get_json()["type"]) == (403, "urn:kaohe:problem:own-act")
    assert tell(city, "conflicted-reviewer", "second-judgements", "3.50").status_code == 403
    assert tell(city, "other-reviewer", "second-judgements", "3.50").status_code == 403
    city.settle()
    traced = city.seen("auditor", "/events?type=ActRefused")["events"]
    assert [each["entry"]["data"]["code"] for each in traced] == ["own-act", "conflict-of-interest"]


def test_each_waiting_judgement_is_in_the_queue_of_those_who_may_give_it_and_of_nobody_else(city: City) -> None:
    sealed(city, "4.00")
    city.settle()
    assert waiting(city, "second-reviewer") == [("second-judgement", "6b")]
    assert waiting(city, "auditor") == [("second-judgement", "6b")]
    for who in ("reviewer", "other-reviewer", "approver", "chief-approver"):
        assert waiting(city, who) == []
    told(city, "second-reviewer", "second-judgements", "1.00")
    city.settle()
    for who in ("approver", "chief-approver", "auditor"):
        assert waiting(city, who) == [("moderation", "6b")]
    for who in ("reviewer", "second-reviewer", "other-approver"):
        assert waiting(city, who) == []
    told(city, "chief-approver", "moderations", "2.00")
    city.settle()
    assert waiting(city, "auditor") == []


def test_other_figures_of_the_unit_begin_the_leaf_anew_in_the_queue_too(city: City) -> None:
    sealed(city)
    city.done("unit", SIX + "/submissions", {"figures": {"6b": {"points": "3.00"}}})
    city.settle()
    assert waiting(city, "reviewer") == waiting(city, "second-reviewer") == [("figures", "6b")]
    assert tell(city, "second-reviewer", "second-judgements", "3.00").status_code == 409
    told(city, "second-reviewer", "judgements", "3.00")
    told(city, "reviewer", "second-judgements", "3.00")
    assert columns(city) == ("3.00", "3.00", "verified")


# What the routes ask for in their paths; a route that asks for something else has to be named here.
PATH = {"cycle": CYCLE, "unit": "zhongshan", "item": "6", "rubric": "six-actions", "position": "1", "size": "1"}


def paths(city: City, ids: dict[str, str]) -> list[str]:
    """Every GET there is, with its places filled: with this sheet's where it can be, else with ``ids``."""
    rules = [rule for rule in city.app.url_map.iter_rules() if "GET" in (rule.methods or set())]
    return sorted(filled(rule, PATH | ids) for rule in rules)


def filled(rule: Rule, values: dict[str, str]) -> str:
    nothing = "0" * 8 + "-0000-7000-8000-" + "0" * 12
    return re.sub(r"<(?:[a-z]+:)?([a-z_]+)>", lambda found: values.get(found[1], nothing), rule.rule)


def asked(city: City) -> list[str]:
    """Every read there is of this sheet and its cycle, as it stands and as of the last position."""
    last = city.office.reads.last()
    every = paths(city, {"person": city.people["second-reviewer"]})
    then = [f"{path}?as_of_position={last}" for path in every if "scores" in path or "robustness" in path]
    more = [f"{path}?points=0.50" for path in every if path.endswith("/improvements")]
    return every + then + more + [f"{API}/events/{position}" for position in range(last - 5, last + 1)]


def answers(city: City, who: str, path: str) -> str:
    """What a read gives to be read; of a workbook, what its parts say."""
    answer = city.call(who, "GET", path)
    body = answer.get_data() if answer.status_code == 200 else b""
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"".join(book.read(name) for name in book.namelist())
    return body.decode(errors="replace")


def bare(path: str) -> str:
    """The read whatever position it names: exports are recorded, so the record grows while it is read."""
    return re.sub("(as_of_position=|/events/)[0-9]+$", r"\1", path)


# Who sees what another one sees too: a second of the same role and scope, or nobody at all.
ALIKE = {"second-administrator", "second-auditor", "other-approver", "department-viewer", "revoked", "expired"}


def figures(body: str) -> int:
    """How often the points stand there as a figure of their own: a time of day may have the same digits inside."""
    return len(re.findall(r"(?<![0-9.:])3\.50(?![0-9])", body))


def test_points_are_found_as_a_figure_and_never_inside_a_time_of_day() -> None:
    assert figures('{"points":"3.50","time":"2026-11-26T13:49:43.505952Z","reason":"3.50分"}') == 2


def test_no_read_of_the_api_shows_the_first_judgement_to_anybody_before_the_second_is_given(city: City) -> None:
    """The reason is nowhere; the points, which a rubric may print for everybody, nowhere more often than before."""
    LogHouse(city)
    set_marking(city)
    city.done("unit", SIX + "/submissions", {"figures": {"6b": {"points": "4.00"}}})
    city.settle()
    readers = sorted(PEOPLE.keys() - {"reviewer"} - ALIKE)
    before = {(who, bare(path)): figures(answers(city, who, path)) for who in readers for path in asked(city)}
    told(city, "reviewer", "judgements", "3.50", SENTINEL)
    city.settle()
    LogHouse(city).sign()
    read = 0
    for who in readers:
        for path in asked(city):
            body = answers(city, who, path)
            read += bool(body)
            assert "首评机密" not in body, (who, path)
            assert "nobody else may read yet" not in body, (who, path)
            assert figures(body) <= before[who, bare(path)], (who, path)
    assert read > 300
    told(city, "second-reviewer", "second-judgements", "3.50")
    for who in ("unit", "second-reviewer", "approver", "auditor"):
        for read_by in ("", "/history", "/explanation"):
            assert SENTINEL in answers(city, who, API + SIX + read_by), (who, read_by)


def test_neither_the_record_nor_the_log_holds_the_first_judgement_before_it_is_opened(city: City) -> None:
    sealed(city)
    city.settle()
    with city.office.store.connection() as connection:
        entries = b"".join(bytes(row[0]) for row in connection.execute("SELECT entry FROM record.events", binary=True))
        kept = b"".join(bytes(row[0]) for row in connection.execute("SELECT sealed FROM vault.secrets", binary=True))
    assert b"JudgementSealed" in entries
    for place in (entries, kept):
        assert SENTINEL.encode() not in place


def test_a_judgement_that_was_refused_leaves_nothing_in_the_vault(city: City) -> None:
    sealed(city)
    before = city.size()
    assert tell(city, "second-reviewer", "judgements", "1.00").status_code == 409
    assert tell(city, "second-reviewer", "judgements", "1.01").status_code == 422
    assert city.size() == before


def test_the_same_request_again_is_answered_the_same_and_seals_once(city: City) -> None:
    set_marking(city)
    version = f'"{city.seen("auditor", SIX)["version"]}"'
    body = {"leaf": "6b", "points": "2.00", "reason": SENTINEL}
    answers = [
        city.post("reviewer", SIX + "/judgements", body, If_Match=version, Idempotency_Key="once") for _ in range(2)
    ]
    assert answers[0].get_json() == answers[1].get_json()
    assert SENTINEL not in answers[1].get_data(as_text=True)
    told(city, "second-reviewer", "second-judgements", "2.00")
    assert columns(city) == ("2.00", "2.00", "verified")


def test_a_rule_is_proposed_by_one_administrator_and_set_by_another(city: City) -> None:
    body = {"percent": 20, "departments": {"democracy": 50}, "limit": "0.50", "reason": REASON}
    rule = city.done("administrator", MARKING, body)["events"][0]["data"]["marking"]
    assert city.post("administrator", f"{MARKING}/{rule}/confirmation", {"reason": REASON}).status_code == 403
    told(city, "reviewer", "judgements", "2.00")
    assert columns(city) == ("2.00", "2.00", "verified")  # nothing is drawn before it is set
    city.done("second-administrator", f"{MARKING}/{rule}/confirmation", {"reason": REASON})
    [shown] = city.seen("unit", MARKING)["rules"]
    assert (shown["percent"], shown["departments"], shown["in_force"]) == (20, {"democracy": 50}, True)
    assert shown["seed"] is None
    assert len(shown["commitment"]) == 64


@pytest.mark.parametrize("change", [{"percent": 101}, {"percent": 2.5}, {"limit": "-1.00"}, {"departments": {"x": 1}}])
def test_a_rule_nobody_could_follow_is_refused(city: City, change: dict[str, Any]) -> None:
    body = {"percent": 20, "departments": {}, "limit": "0.50", "reason": REASON} | change
    assert city.post("administrator", MARKING, body).status_code == 422


def test_a_department_with_one_reviewer_is_helped_from_outside_and_the_record_says_so(city: City) -> None:
    sealed(city)
    assert tell(city, "other-approver", "second-judgements/waivers").status_code == 409
    for who in ("second-reviewer",):
        gone = {"role": "reviewer", "scope": "democracy", "reason": REASON}
        city.done("administrator", f"/people/{city.people[who]}/roles/revocations", gone)
    assert tell(city, "approver", "second-judgements/waivers").status_code == 403
    [waived, _] = told(city, "other-approver", "second-judgements/waivers", reason="部门仅此一名可评审人")
    assert waived["type"] == "SecondJudgementWaived"
    assert columns(city) == ("3.50", "3.50", "verified")
    city.settle()
    report = city.seen("auditor", f"/cycles/{CYCLE}/reports/duties")
    assert (report["holds"], report["checked"]["second-judgement"]) == (True, 1)


def test_scores_as_of_any_position_and_from_zero_agree_with_the_live_ones(city: City) -> None:
    sealed(city)
    told(city, "second-reviewer", "second-judgements", "1.00")
    told(city, "approver", "moderations", "2.00")
    city.settle()
    last = city.office.reads.last()
    live = city.seen("auditor", f"/cycles/{CYCLE}/units/zhongshan/scores")
    then = city.seen("auditor", f"/cycles/{CYCLE}/units/zhongshan/scores?as_of_position={last}")
    assert live == {name: value for name, value in then.items() if name != "as_of"}
    before = city.seen("auditor", f"/cycles/{CYCLE}/units/zhongshan/scores?as_of_position={last - 1}")
    assert (before["total"]["final"], live["total"]["final"]) == ("0.00", "2.00")
    steps = city.seen("auditor", f"/cycles/{CYCLE}/units/zhongshan/scores/timeline")["steps"]
    assert [(step["type"], step["verified"]) for step in steps] == [
        ("FiguresSubmitted", "0.00"),
        ("JudgementModerated", "2.00"),
    ]
    assert verified(city) == []


def reveal(city: City, rule: str) -> str:
    told = city.done("auditor", f"{MARKING}/{rule}/revelation")
    seed: str = told["events"][0]["data"]["seed"]
    return seed


def a_judged_year(city: City, percent: int) -> tuple[str, dict[str, bool]]:
    """Every judged leaf of two units judged, the drawn ones twice; which of them were sealed."""
    rule = set_marking(city, percent)
    found = {}
    for unit in ("zhongshan", "xigang"):
        for person, item, name in (("reviewer", "6", "6b"), ("other-reviewer", "12", "12a")):
            place = sheet(unit, item)
            version = f'"{city.seen("auditor", place)["version"]}"'
            body = {"leaf": name, "points": "1.00", "reason": REASON}
            answer = city.post(person, place + "/judgements", body, If_Match=version)
            if answer.status_code == 201:
                found[f"{unit}/{name}"] = answer.get_json()["events"][0]["type"] == "JudgementSealed"
            if found.get(f"{unit}/{name}"):
                told(city, "second-reviewer", "second-judgements", "1.00", place=place)
    assert len(found) >= 2
    advance(city, "closed", "review")
    publish(city, "provisional")
    return rule, found


def test_once_the_review_is_over_everybody_can_check_which_leaves_the_seed_drew(city: City) -> None:
    rule, found = a_judged_year(city, 50)
    assert city.post("auditor", f"{MARKING}/{rule}/revelation").status_code == 409  # the review goes on
    advance(city, "provisional")
    assert city.post("reviewer", f"{MARKING}/{rule}/revelation").status_code == 403
    seed = reveal(city, rule)
    for place, was in found.items():
        unit, name = place.split("/")
        assert marking.drawn(seed, CYCLE, unit, name, 50) == was
    [shown] = city.seen("unit", MARKING)["rules"]
    assert (shown["seed"], shown["in_force"]) == (seed, False)
    city.settle()
    assert verified(city) == []


def forge(city: City, stream: str, *forged: facts.Fact) -> None:
    store = city.office.store
    by = Actor(city.people["second-reviewer"], "reviewer", "democracy")
    store.append(stream, store.head(stream), [to_event(fact) for fact in forged], by=by)
    city.settle()


SIXTH = f"sheet/{CYCLE}/zhongshan/6"


def test_the_verifier_finds_what_is_opened_as_something_else_than_was_sealed(city: City) -> None:
    sealed(city)
    second = facts.SecondJudgementGiven("6b", "0.00", "改分")
    forge(city, SIXTH, second, facts.JudgementOpened("6b", "0.00", "改分", "00" * 32))
    assert [str(each) for each in verified(city) if "what was sealed" in str(each)]


def test_the_verifier_finds_who_judged_twice_and_what_was_moderated_without_need(city: City) -> None:
    sealed(city)
    told(city, "second-reviewer", "second-judgements", "3.50")
    forge(city, SIXTH, facts.JudgementModerated("6b", "0.00", "改分"))
    said = " ".join(map(str, verified(city)))
    for part in ("approved their own act", "does not permit", "does not differ"):
        assert part in said
    city.settle()
    report = city.seen("auditor", f"/cycles/{CYCLE}/reports/duties")
    assert [breach["rule"] for breach in report["breaches"]] == ["second-judgement"]


def test_the_verifier_finds_a_drawn_leaf_that_somebody_let_slip(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.verify.rounds.LAG", timedelta(0))
    rule = set_marking(city, 100)
    forge(city, SIXTH, facts.LeafJudged("6b", "4.00", "单评"))
    advance(city, "closed", "review")
    publish(city, "provisional")
    advance(city, "provisional")
    reveal(city, rule)
    city.settle()
    [found] = verified(city)
    assert "a leaf that the seed draws was judged once" in str(found)


def test_a_bundle_verifies_offline_with_seals_open_and_closed(city: City, tmp_path: Path) -> None:
    sealed(city)
    told(city, "second-reviewer", "second-judgements", "1.00")
    told(city, "approver", "moderations", "2.00")
    place = sheet("xigang", "6")
    version = f'"{city.seen("auditor", place)["version"]}"'
    city.done("reviewer", place + "/judgements", {"leaf": "6b", "points": "1.00", "reason": REASON}, If_Match=version)
    city.settle()
    LogHouse(city).sign()
    write_bundle_file(city.office.store, CYCLE, tmp_path / "2026.zip")
    assert main([str(tmp_path / "2026.zip"), "--grade", "signed"]) in {0, 3}
    assert leaf(city)["final"] == "2.00"

"""A joint claim over the API: agreed or split, one commit on every sheet, the same live, as of, anew and offline."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from domain import facts
from events.codec import to_event
from events.entry import Actor, Context, build, new_id, utc_text
from events.store import Append
from service.verify.database import Kept, verify_database
from tests.service.bonuses import REASON, WHY, attach, bonus_of, seen, seven
from tests.service.city import CYCLE, City
from workers import recomputation as recomputations

KEY = {"leaf": "7a", "key": "DL-7"}
CLAIM = {**KEY, "title": "行业集体合同", "partners": ["xigang"], "statement": "两区共同签订"}
MINE, THEIRS = seven("unit"), seven("other-unit")
APPEND = "SELECT record.append_each(%s::bytea[], '{a}', '{NULL}', '{NULL}')"


def claim(city: City, **more: Any) -> str:
    return bonus_of(city.done("unit", MINE + "/joint-claims", {**CLAIM, **more}))


def agree(city: City, bonus: str) -> None:
    city.done("other-unit", f"{THEIRS}/joint-claims/{bonus}/agreement", KEY)


def propose(city: City, bonus: str, place: str = MINE, **more: Any) -> dict[str, Any]:
    body = {**KEY, "bonus": bonus, "title": "行业集体合同", "justification": WHY, **more}
    return city.done("reviewer", place + "/bonuses", body, If_Match=seen(city, place))


def decide(city: City, bonus: str, decision: str, place: str = MINE) -> dict[str, Any]:
    body = {"decision": decision, "reason": REASON}
    return city.done("approver", f"{place}/bonuses/{bonus}/decisions", body, If_Match=seen(city, place))


def finals(city: City, query: str = "") -> tuple[str, str]:
    city.settle()
    units = ("zhongshan", "xigang")
    scores = [city.seen("auditor", f"/cycles/{CYCLE}/units/{unit}/scores{query}")["leaves"]["7a"] for unit in units]
    return scores[0]["final"], scores[1]["final"]


def test_a_joint_claim_counts_nothing_until_the_partner_agreed_and_then_its_parts_are_the_whole(city: City) -> None:
    bonus = claim(city)
    held = city.post(
        "reviewer",
        MINE + "/bonuses",
        {**KEY, "bonus": bonus, "title": "行业集体合同", "justification": WHY},
        If_Match=seen(city, MINE),
    )
    assert (held.status_code, held.get_json()["type"]) == (409, "urn:kaohe:problem:joint-held")
    agree(city, bonus)
    propose(city, bonus)
    told = decide(city, bonus, "grant", THEIRS)
    assert told["stream"] == f"sheet/{CYCLE}/xigang/7"
    assert [each["type"] for each in told["events"]] == ["BonusGranted", "BonusGranted"]
    assert finals(city) == ("1.50", "1.50")
    item = city.seen("other-unit", THEIRS + "/explanation")["item"]
    leaf = next(each for each in item["leaves"] if each["id"] == "7a")
    assert (leaf["formula"]["en"], leaf["points"]) == ("3.00 × 1/2", "1.50")
    decide(city, bonus, "revoke")
    assert finals(city) == ("0.00", "0.00")
    city.done("other-unit", THEIRS + "/claims", {**KEY, "title": "收回后单独申报"})


def test_the_act_on_all_sheets_is_one_commit(city: City) -> None:
    bonus = claim(city)
    agree(city, bonus)
    propose(city, bonus)
    city.settle()
    events = city.seen("auditor", f"/events?cycle={CYCLE}&type=BonusProposed")["events"]
    assert [each["entry"]["subject"] for each in events] == [f"sheet/{CYCLE}/xigang/7", f"sheet/{CYCLE}/zhongshan/7"]
    assert len({each["entry"]["time"] for each in events}) == 1
    [first, second] = [each["position"] for each in events]
    assert second == first + 1


def test_a_partner_finds_the_offer_in_the_register_and_learns_of_no_evidence(city: City) -> None:
    file = attach(city, "unit", "the contract", "7", "7a")
    bonus = claim(city, partners=[], shares={"zhongshan": "2.00", "xigang": "1.00"})
    [offer] = city.seen("other-unit", f"/cycles/{CYCLE}/register")["keys"]
    assert (offer["bonus"], offer["joint"]["state"], offer["joint"]["statement"]) == (bonus, "held", "两区共同签订")
    assert offer["shares"] == {"xigang": "1.00", "zhongshan": "2.00"}
    agree(city, bonus)
    propose(city, bonus, evidence=[file])
    decide(city, bonus, "grant")
    assert finals(city) == ("2.00", "1.00")
    own = city.seen("other-unit", THEIRS)
    assert (own["evidence"], [each["evidence"] for each in own["bonuses"]]) == ([], [[]])
    assert file not in city.get("other-unit", THEIRS + "/history").get_data(as_text=True)
    assert city.get("other-unit", f"{MINE}/evidence/{file}").status_code == 404
    [mine] = city.seen("unit", MINE)["bonuses"]
    assert (mine["evidence"], mine["joint"]["agreed"]) == ([file], ["xigang", "zhongshan"])


def test_a_disputed_claim_shows_both_statements_and_is_split_by_two_people(city: City) -> None:
    bonus = claim(city)
    place = f"{MINE}/joint-claims/{bonus}"
    city.done("other-unit", f"{THEIRS}/joint-claims/{bonus}/dispute", {**KEY, "statement": "我方独自签订"})
    [row] = city.seen("reviewer", f"/cycles/{CYCLE}/register")["keys"]
    assert (row["joint"]["state"], row["holders"]) == ("disputed", ["xigang", "zhongshan"])
    told = city.seen("approver", MINE)["bonuses"][0]["joint"]
    assert (told["state"], told["statement"], told["disputed"]) == (
        "disputed",
        "两区共同签订",
        {"xigang": "我方独自签订"},
    )
    split = {**KEY, "shares": {"zhongshan": "1.00", "xigang": "2.00"}, "reason": "按签订主体分配"}
    early = city.post("approver", place + "/split/confirmation", {**KEY, "reason": REASON}, If_Match=seen(city, MINE))
    assert early.status_code == 409
    city.done("reviewer", place + "/split", split, If_Match=seen(city, MINE))
    city.done("approver", place + "/split/confirmation", {**KEY, "reason": REASON}, If_Match=seen(city, MINE))
    propose(city, bonus)
    decide(city, bonus, "grant")
    assert finals(city) == ("1.00", "2.00")
    report = city.seen("auditor", f"/cycles/{CYCLE}/reports/duties")
    assert (report["holds"], report["checked"]["split"]) == (True, 2)


def test_the_queue_follows_a_joint_claim_on_every_sheet(city: City) -> None:
    def waiting() -> set[tuple[str, str]]:
        city.settle()
        rows = city.seen("reviewer", f"/cycles/{CYCLE}/queue")["waiting"]
        return {(row["unit"], row["kind"]) for row in rows if row["kind"] != "figures"}

    bonus = claim(city)
    assert waiting() == {("zhongshan", "claim")}
    agree(city, bonus)
    assert waiting() == {("zhongshan", "claim"), ("xigang", "claim")}
    propose(city, bonus)
    assert waiting() == {("zhongshan", "bonus"), ("xigang", "bonus")}
    decide(city, bonus, "decline")
    assert waiting() == set()


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"shares": {"zhongshan": "1.50", "xigang": "1.49"}, "partners": []}, "bad-shares"),
        ({"partners": ["atlantis"]}, "unknown-unit"),
        ({"partners": ["zhongshan"]}, "bad-shares"),
        ({"partners": [], "shares": {}}, "invalid"),
        ({"partners": ["xigang"], "shares": {"zhongshan": "1.50", "xigang": "1.50"}}, "invalid"),
        ({"level": "nation"}, "bad-level"),
    ],
)
def test_a_joint_claim_that_does_not_add_up_is_refused_and_leaves_nothing(
    shared_city: City, body: dict[str, Any], problem: str
) -> None:
    before = shared_city.size()
    answer = shared_city.post("unit", MINE + "/joint-claims", {**CLAIM, **body})
    assert answer.status_code in {404, 422}
    assert answer.get_json()["type"] == f"urn:kaohe:problem:{problem}"
    assert shared_city.size() == before


def test_a_third_unit_is_told_that_the_key_is_taken_and_nothing_of_the_claim(city: City) -> None:
    bonus = claim(city, partners=["transport"])
    taken = city.post("other-unit", THEIRS + "/claims", {**KEY, "title": "我方合同"})
    assert (taken.status_code, taken.get_json()["type"]) == (409, "urn:kaohe:problem:key-taken")
    assert "zhongshan" not in taken.get_data(as_text=True)
    assert city.seen("other-unit", f"/cycles/{CYCLE}/register")["keys"] == []
    strange = city.post("other-unit", f"{THEIRS}/joint-claims/{bonus}/agreement", KEY)
    assert strange.status_code == 404


def test_live_as_of_and_a_replay_from_zero_agree(city: City) -> None:
    bonus = claim(city)
    agree(city, bonus)
    propose(city, bonus)
    city.settle()
    before = city.office.reads.last()
    decide(city, bonus, "grant")
    assert finals(city) == ("1.50", "1.50")
    assert finals(city, f"?as_of_position={before}") == ("0.00", "0.00")
    assert finals(city, f"?as_of_position={city.office.reads.last()}") == ("1.50", "1.50")
    asked = city.done("auditor", "/recomputations", {"reason": REASON})["events"][0]["data"]["recomputation"]
    city.settle()
    recomputations.recompute(city.projectors[0]._store, asked)
    assert city.seen("auditor", f"/recomputations/{asked}")["differences"] == 0


def findings(city: City) -> list[str]:
    """What the offline verifier says of the whole database."""
    report = verify_database(city.office.store, Kept())
    return [str(each) for each in report.findings]


def test_the_offline_verifier_accepts_a_joint_claim_and_finds_an_invented_part(city: City) -> None:
    bonus = claim(city)
    agree(city, bonus)
    propose(city, bonus)
    decide(city, bonus, "grant")
    city.settle()
    sound = findings(city)
    store, stream = city.office.store, f"sheet/{CYCLE}/transport/7"
    invented = facts.JointClaimAgreed(bonus, "7a", "DL-7", "行业集体合同", "", "transport", {"transport": "3.00"})
    store.append(stream, store.head(stream), [to_event(invented)], by=Actor(city.people["unit"], "unit", "zhongshan"))
    city.settle()
    assert any("does not fit the joint claim of its key" in each for each in findings(city))
    assert sound == []


def test_a_key_that_counts_twice_or_was_never_reserved_is_found_offline(city: City) -> None:
    alone = bonus_of(city.done("unit", MINE + "/claims", {**KEY, "title": "行业集体合同"}))
    propose(city, alone)
    decide(city, alone, "grant")
    city.settle()
    sound = findings(city)
    store, stream = city.office.store, f"sheet/{CYCLE}/xigang/7"
    by = Actor(city.people["other-unit"], "unit", "xigang")
    store.append(stream, 0, [to_event(facts.BonusClaimed(new_id(), "7a", "ＤＬ－７", "同一合同"))], by=by)
    store.append(stream, store.head(stream), [to_event(facts.BonusClaimed(new_id(), "7a", "\u200b", "无号"))], by=by)
    city.settle()
    told = " ".join(findings(city))
    assert [what in told for what in ("counts twice", "never reserved", "stands under no key")] == [True] * 3
    assert sound == []


def test_a_joint_claim_holds_from_when_it_was_so_on_the_sheet_of_every_partner(city: City) -> None:
    bonus = claim(city, partners=["xigang", "transport"], effective="2026-03-01T00:00:00Z")
    agree(city, bonus)
    split = {**KEY, "shares": {"zhongshan": "1.00", "transport": "2.00"}, "reason": "按签订主体分配"}
    place = f"{MINE}/joint-claims/{bonus}"
    city.done("reviewer", place + "/split", split, If_Match=seen(city, MINE))

    def claimed(when: str) -> list[str]:
        city.settle()
        path = "/cycles/{}/units/{}/scores?as_of_effective={}T00:00:00Z"
        units = ("zhongshan", "xigang", "transport")
        found = [city.seen("auditor", path.format(CYCLE, unit, when))["leaves"]["7a"] for unit in units]
        return [leaf["claimed"] for leaf in found]

    assert claimed("2026-02-01") == ["0.00"] * 3
    assert claimed("2026-04-01") == ["1.00", "1.00", "0.00"]
    city.done("approver", place + "/split/confirmation", {**KEY, "reason": REASON}, If_Match=seen(city, MINE))
    assert claimed("2026-04-01") == ["1.00", "0.00", "2.00"]
    assert findings(city) == []


def test_a_part_of_a_joint_claim_that_holds_from_another_time_is_found_offline(city: City) -> None:
    bonus = claim(city, partners=["xigang"], effective="2026-03-01T00:00:00Z")
    city.settle()
    sound = findings(city)
    [mine] = city.seen("unit", MINE)["bonuses"]
    agreed = facts.JointClaimAgreed(bonus, "7a", mine["key"], mine["title"], "", "xigang", mine["shares"])
    store, by = city.office.store, Actor(city.people["other-unit"], "unit", "xigang")
    with store.connection() as connection:
        [(key,)] = connection.execute(
            "SELECT DISTINCT stream FROM record.events WHERE stream LIKE 'claim/%'"
        ).fetchall()
    event = to_event(agreed, "2026-06-01T00:00:00.000000Z")
    store.append_all([Append(key, store.head(key), [event]), Append(f"sheet/{CYCLE}/xigang/7", 0, [event])], by=by)
    city.settle()
    assert sound == []
    [found] = findings(city)
    assert "another time than its partners (xigang" in found


@pytest.mark.parametrize(("moved", "status"), [("xigang", 201), ("zhongshan", 412)])
def test_a_partners_sheet_that_moves_meanwhile_is_looked_at_again_and_ones_own_is_not(
    city: City, moved: str, status: int
) -> None:
    place, version = f"{MINE}/joint-claims/{claim(city)}/split", seen(city, MINE)
    body = {**KEY, "shares": {"zhongshan": "3.00"}, "reason": REASON}
    stream, store = f"sheet/{CYCLE}/{moved}/7", city.office.store
    attached = to_event(facts.EvidenceAttached(new_id(), "7a", "0" * 64, "application/pdf", 1, "0" * 64))
    context = Context(store.origin, Actor(city.people["unit"], "unit", moved), utc_text(datetime.now(UTC)))
    with (
        psycopg.connect(city.database.service.libpq) as first,
        psycopg.connect(city.database.owner.libpq, autocommit=True) as watcher,
        ThreadPoolExecutor(1) as pool,
    ):
        first.execute(APPEND, ([build(stream, store.head(stream), attached, context)],))
        answer = pool.submit(city.post, "reviewer", place, body, If_Match=version)
        while watcher.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone() == (0,):
            assert not answer.done()
        first.commit()
        assert answer.result().status_code == status

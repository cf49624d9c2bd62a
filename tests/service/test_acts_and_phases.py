"""No act slips in behind the phase that ended it, and no results leave out what came before them, however close."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from werkzeug.test import TestResponse

from tests.service.city import API, CYCLE, City
from tests.service.papers import pdf
from tests.service.rounds import MARKING, SIX
from tests.service.test_journeys import REASON, SHEET, seen
from tests.service.test_publications import PLACE, advance, publish, reviewed

YEAR = f"cycle/{CYCLE}"
ROLE = {"role": "unit", "scope": "zhongshan", "reason": REASON}
HOLD = "SELECT record.stand(%s::text[], NULL, NULL)"
WAITING = """
SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database
 WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()
"""
Act = Callable[[City], TestResponse]


def filing(city: City) -> TestResponse:
    return city.post("unit", SHEET + "/submissions", {"figures": {"1a": {"actual": 80, "target": 100}}})


def attaching(city: City) -> TestResponse:
    return city.call("unit", "POST", f"{API}{SHEET}/evidence", data={"leaf": "1a", "file": pdf("list")})


def claiming(city: City) -> TestResponse:
    return city.post("unit", SHEET[:-1] + "7/claims", {"leaf": "7b", "key": "A-1", "title": "合同"})


def judging(city: City) -> TestResponse:
    return city.post("reviewer", SIX + "/judgements", {"leaf": "6b", "points": "3.00", "reason": REASON},
                     If_Match=seen(city, SIX))  # fmt: skip


@contextmanager
def crowded(city: City, held: str = YEAR) -> Iterator[Callable[[Callable[[], Any]], Future[Any]]]:
    """A stream is held: whoever is started waits, in this order, until the block ends."""
    with ThreadPoolExecutor(4) as pool, psycopg.connect(city.database.service.libpq) as holder:
        holder.execute(HOLD, ([held],))
        started: list[Future[Any]] = []

        def start(act: Callable[[], Any]) -> Future[Any]:
            started.append(pool.submit(act))
            while (holder.execute(WAITING).fetchone() or (0,))[0] < len(started):
                assert not started[-1].done(), started[-1].result()
                time.sleep(0.01)
            return started[-1]

        yield start
        holder.rollback()


@pytest.mark.parametrize("act", [filing, attaching, claiming])
def test_what_was_begun_while_the_year_was_open_is_not_filed_behind_its_end(city: City, act: Act) -> None:
    with crowded(city) as start:
        closed = start(lambda: advance(city, "closed"))
        late = start(lambda: act(city))
    assert closed.exception() is None
    assert (late.result().status_code, late.result().get_json()["type"]) == (409, "urn:kaohe:problem:wrong-phase")
    city.settle()
    [refused] = city.seen("auditor", "/events?type=ActRefused")["events"]
    assert refused["entry"]["data"]["code"] == "wrong-phase"


@pytest.mark.parametrize("act", [filing, attaching, claiming])
def test_what_came_first_is_filed_and_the_year_ends_behind_it(city: City, act: Act) -> None:
    with crowded(city) as start:
        early = start(lambda: act(city))
        closed = start(lambda: advance(city, "closed"))
    assert (early.result().status_code, closed.exception()) == (201, None)


def test_a_leaf_is_judged_under_the_rule_of_double_marking_that_is_in_force_when_it_is_recorded(city: City) -> None:
    body = {"percent": 100, "departments": {}, "limit": "0.50", "reason": REASON}
    rule = city.done("administrator", MARKING, body)["events"][0]["data"]["marking"]
    with crowded(city) as start:
        confirmed = start(
            lambda: city.done("second-administrator", f"{MARKING}/{rule}/confirmation", {"reason": REASON})
        )
        judged = start(lambda: judging(city))
    assert confirmed.exception() is None
    assert judged.result().get_json()["events"][0]["type"] == "JudgementSealed"


def to_decide(city: City) -> str:
    """An adjustment that waits for its approver when the appeals are over; the place of its decision."""
    reviewed(city)
    asked = {"leaf": "1a", "delta": "-0.08", "code": "inspection", "text": "复查发现差异，予以调整"}
    told = city.done("reviewer", SHEET + "/adjustments", asked, If_Match=seen(city, SHEET))
    publish(city, "provisional")
    advance(city, "provisional", "notice", "appeal")
    city.settle()
    return f"{SHEET}/adjustments/{told['events'][0]['data']['adjustment']}/decisions"


def approve(city: City, place: str, version: str) -> TestResponse:
    return city.post("approver", place, {"decision": "approve", "reason": REASON}, If_Match=version)


def test_final_results_leave_out_nothing_that_was_decided_before_them_and_not_ordered_yet(city: City) -> None:
    place = to_decide(city)
    city.done("administrator", PLACE, {"stage": "final", "reason": REASON})
    assert approve(city, place, seen(city, SHEET)).status_code == 201  # and no worker is there to order it
    early = city.post("second-administrator", f"{PLACE}/2/confirmation", {"reason": REASON})
    assert (early.status_code, early.get_json()["type"]) == (409, "urn:kaohe:problem:results-changed")
    number = publish(city, "final")
    assert city.seen("unit", f"{PLACE}/{number}")["table"]["zhongshan"]["total"]["final"] == "1.20"


def test_nothing_is_decided_behind_the_final_results(city: City) -> None:
    place, version = to_decide(city), seen(city, SHEET)
    city.done("administrator", PLACE, {"stage": "final", "reason": REASON})
    with crowded(city) as start:
        final = start(lambda: city.done("second-administrator", f"{PLACE}/2/confirmation", {"reason": REASON}))
        late = start(lambda: approve(city, place, version))
    assert final.exception() is None
    assert (late.result().status_code, late.result().get_json()["type"]) == (409, "urn:kaohe:problem:wrong-phase")
    city.settle()
    scores = city.seen("unit", f"/cycles/{CYCLE}/units/zhongshan/scores")
    assert scores["total"]["final"] == city.seen("unit", f"{PLACE}/2")["table"]["zhongshan"]["total"]["final"]


@pytest.mark.parametrize("act", [filing, attaching, claiming])
def test_whose_role_ends_while_his_act_is_under_way_is_told_that_he_has_none(city: City, act: Act) -> None:
    person = city.people["unit"]
    with crowded(city, f"person/{person}") as start:
        ended = start(lambda: city.done("administrator", f"/people/{person}/roles/revocations", ROLE))
        late = start(lambda: act(city))
    assert ended.result()["events"][0]["type"] == "RoleRevoked"
    assert late.result().status_code in {403, 404}


def test_a_token_that_is_revoked_while_an_act_is_under_way_ends_the_act(city: City) -> None:
    person = city.people["unit"]
    [token] = city.seen("administrator", f"/people/{person}")["credentials"]
    with crowded(city, f"person/{person}") as start:
        place = f"/people/{person}/credentials/{token['id']}/revocation"
        ended = start(lambda: city.done("administrator", place, {"reason": REASON}))
        late = start(lambda: filing(city))
    assert ended.result()["events"][0]["type"] == "CredentialRevoked"
    assert late.result().status_code == 401


def test_who_declares_a_conflict_while_he_judges_has_not_judged(city: City) -> None:
    person = city.people["reviewer"]
    with crowded(city, f"person/{person}") as start:
        said = {"unit": "zhongshan", "reason": REASON}
        declared = start(lambda: city.done("reviewer", f"/people/{person}/conflicts", said))
        late = start(lambda: judging(city))
    assert declared.result()["events"][0]["type"] == "ConflictDeclared"
    assert (late.result().status_code, late.result().get_json()["type"]) == (
        403,
        "urn:kaohe:problem:conflict-of-interest",
    )


def test_who_may_still_act_though_something_else_of_his_has_moved_acts_at_once(city: City) -> None:
    person = city.people["unit"]
    with crowded(city, f"person/{person}") as start:
        declared = start(lambda: city.done("unit", f"/people/{person}/conflicts", {"unit": "xigang", "reason": REASON}))
        filed = start(lambda: filing(city))
    assert (declared.exception(), filed.result().status_code) == (None, 201)

"""Notices over the API: one's own channels and notices, dead letters, and no address for anybody else."""

import json
import threading
from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from sqlalchemy import create_engine

from domain import facts
from events.codec import to_event
from events.entry import Actor
from events.sealed import Secret, seal
from events.store import EventStore
from events.vault import kept_together
from service.verify.database import Kept, verify_database
from tests.service.city import City, record, sheet
from tests.workers.house import wait
from tests.workers.receivers import Mailroom, Receiver, mailroom, receiver
from workers.notices import signature
from workers.notices.carrying import Carrier
from workers.notices.deriving import Deriver
from workers.notices.mailing import Mailing, Smtp

ADDRESS = "zhang.san@union.example"
MAIL = {"channel": "email", "address": ADDRESS}
OWN = "/me/notices/channels"
REASON = {"reason": "已核实，重发"}


@pytest.fixture
def room() -> Iterator[Mailroom]:
    with mailroom() as made:
        yield made


@pytest.fixture
def hook() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


def work(city: City, room: Mailroom | None = None) -> None:
    """What the workers do: order, derive, carry."""
    city.settle()
    smtp = Smtp("127.0.0.1", room.port, "never") if room else None
    mailing = Mailing(smtp, "kaohe@example.org", "https://kaohe.test", (ip_network("127.0.0.0/8"),))
    engine = create_engine(city.database.worker.sqlalchemy)
    try:
        store = EventStore(engine, "kaohe.example/test")
        deriver = Deriver(store)
        while deriver.advance():
            pass
        for channel in mailing.channels:
            carrier = Carrier(store, mailing, channel)
            while carrier.carry():
                pass
    finally:
        engine.dispose()


def open_mail(city: City, who: str = "unit", **changed: Any) -> None:
    """Opens a person's e-mail; whose address it is was found out before."""
    commitment = city.done(who, OWN, MAIL | changed)["events"][0]["data"]["address"]
    store, stream = city.office.store, f"person/{city.people[who]}"
    confirmed = to_event(facts.NoticeAddressConfirmed("email", commitment, ""))
    store.append(stream, store.head(stream), [confirmed], by=Actor(city.people[who]))


def judge(city: City) -> None:
    """The unit files, its reviewer corrects."""
    filed = city.done("unit", sheet() + "/submissions", {"figures": {"1a": {"actual": 10, "target": 10}}})
    submission = filed["events"][0]["data"]["submission"]
    body = {"leaf": "1a", "submission": submission, "corrected": {"actual": 9, "target": 10}, "reason": "两份无效"}
    city.done("reviewer", sheet() + "/verifications", body, If_Match=f'"{filed["version"]}"')


def told(city: City, who: str) -> list[dict[str, Any]]:
    """What a person was told of since the city opened."""
    founding = {
        "PhaseAdvanced", "RubricDrafted", "NoticeChannelSet", "UnitEnrolled", "RoleGranted", "CredentialIssued",
    }  # fmt: skip
    return [each for each in city.seen(who, "/me/notices")["notices"] if each["type"] not in founding]


def everything(city: City, who: str) -> str:
    """What a person reads of everybody's channels, notices and events."""
    people = [f"/people/{city.people['unit']}", f"/people/{city.people['unit']}/notices/channels"]
    paths = ["/me/notices", OWN, "/notices/dead-letters", "/events", *people]
    return "".join(city.get(who, path).get_data(as_text=True) for path in paths)


def test_a_unit_is_told_of_a_correction_and_its_reviewer_of_what_waits(city: City, room: Mailroom) -> None:
    open_mail(city, language="zh")
    judge(city)
    work(city, room)
    [letter] = room.messages
    assert letter["Subject"] == "【考核】数据被更正：2026 考核，单位 zhongshan，第 1 项"
    [notice] = told(city, "unit")
    assert (notice["type"], notice["kind"], notice["title_en"]) == (
        "FiguresVerified",
        "returned",
        "figures were corrected",
    )
    assert [(each["channel"], each["state"]) for each in notice["deliveries"]] == [("email", "sent")]
    waits = told(city, "reviewer")
    assert [each["type"] for each in waits] == ["FiguresSubmitted"]
    assert waits[0]["deliveries"] == []
    path = urlsplit(notice["link"]).path.removeprefix("/api/v1")
    assert city.seen("unit", path)["item"] == "1"  # the link leads where the person may look


def test_an_address_is_its_owners_alone(city: City, room: Mailroom) -> None:
    open_mail(city)
    shown = city.seen("unit", OWN)["channels"]
    assert [(each["channel"], each["address"], each["delivers"]) for each in shown] == [("email", ADDRESS, False)]
    room.refused[ADDRESS] = f"550 <{ADDRESS}>"
    judge(city)
    work(city, room)
    for who in ("administrator", "auditor", "reviewer", "other-unit", "chief-approver"):
        assert ADDRESS not in everything(city, who)
    assert city.seen("administrator", f"/people/{city.people['unit']}/notices/channels") == {"channels": ["email"]}
    dead = city.seen("auditor", "/notices/dead-letters")["dead_letters"]
    assert [(each["person"], each["state"], each["why"]) for each in dead] == [
        (city.people["unit"], "dead", "smtp 550")
    ]


def test_a_key_is_shown_once_and_signs(city: City, hook: Receiver) -> None:
    city.office.__dict__["mailing"] = Mailing(None, "", "https://kaohe.test", (ip_network("127.0.0.0/8"),))
    body = {"channel": "webhook", "address": hook.url()}
    first = city.done("unit", OWN, body, Idempotency_Key="once")
    assert city.done("unit", OWN, body, Idempotency_Key="once")["secret"] is None
    second = city.done("unit", "/me/notices/secret")
    assert first["secret"] != second["secret"]
    for who in ("unit", "administrator", "auditor"):
        assert first["secret"] not in everything(city, who)
        assert second["secret"] not in everything(city, who)
    judge(city)
    work(city)
    ping, came = hook.posts
    assert json.loads(ping.body)["data"]["kind"] == "address"
    now = int(came.headers["webhook-timestamp"])
    for secret in (first["secret"], second["secret"]):
        assert signature.check(came.headers, came.body, secret, now) == came.headers["webhook-id"]
    event = json.loads(came.body)["data"]["event"]
    assert event == city.seen("unit", "/me/notices")["notices"][0]["event"]


CONFIRMATION = OWN + "/email/confirmation"


def codes(room: Mailroom) -> list[str]:
    return [line.strip() for text in room.texts() for line in text.splitlines() if line.startswith("    ")]


def test_a_mailbox_is_its_owners_once_he_shows_the_code_that_went_there(city: City, room: Mailroom) -> None:
    city.done("unit", OWN, MAIL)
    assert city.post("unit", CONFIRMATION, {"code": "x"}).get_json()["type"] == "urn:kaohe:problem:no-code"
    judge(city)
    work(city, room)
    [code] = codes(room)
    wrong = [city.post("unit", CONFIRMATION, {"code": "x"}, Idempotency_Key="once") for _ in range(2)]
    assert {each.get_json()["type"] for each in wrong} == {"urn:kaohe:problem:wrong-code"}
    assert not city.seen("unit", OWN)["channels"][0]["confirmed"]
    assert city.post("other-unit", CONFIRMATION, {"code": code}).status_code == 404
    assert city.done("unit", CONFIRMATION, {"code": code})["events"][0]["type"] == "NoticeAddressConfirmed"
    again = city.done("unit", OWN, MAIL | {"language": "en"})  # the same mailbox is not asked about again
    assert city.seen("unit", OWN)["channels"][0]["confirmed"]
    assert again["events"][0]["data"]["language"] == "en"
    work(city, room)
    assert [message["Subject"] for message in room.messages[1:]] == [
        "[Kaohe] figures were corrected: cycle 2026, unit zhongshan, item 1"
    ]
    assert code not in everything(city, "auditor")
    assert city.post("unit", OWN + "/email/check").get_json()["type"] == "urn:kaohe:problem:already-confirmed"
    assert "confirmed" not in found(city)


def test_a_code_that_was_shown_wrong_too_often_is_none_any_more_and_another_may_be_asked_for(
    city: City, room: Mailroom
) -> None:
    city.done("unit", OWN, MAIL)
    work(city, room)
    [code] = codes(room)
    answers = [city.post("unit", CONFIRMATION, {"code": "x"}).get_json()["type"] for _ in range(5)]
    assert answers == ["urn:kaohe:problem:wrong-code"] * 5
    assert city.post("unit", CONFIRMATION, {"code": code}).get_json()["type"] == "urn:kaohe:problem:no-code"
    city.done("unit", OWN + "/email/check")
    work(city, room)
    city.done("unit", CONFIRMATION, {"code": codes(room)[1]})


def test_what_is_no_address_is_refused_and_leaves_nothing(city: City) -> None:
    before = city.size()
    for body in (
        MAIL | {"address": "a@b.example\r\nBcc: c@d.example"},
        MAIL | {"address": "nobody"},
        {"channel": "webhook", "address": "http://hook.example/"},
        {"channel": "webhook", "address": "https://u:p@hook.example/"},
        {"channel": "fax", "address": "1"},
        MAIL | {"kinds": ["everything"]},
        MAIL | {"kinds": []},
        MAIL | {"language": "fr"},
    ):
        assert city.post("unit", OWN, body).status_code == 422, body
    assert city.post("unit", OWN + "/email/closing").status_code == 404
    assert city.post("unit", "/me/notices/secret").status_code == 404
    assert city.size() == before


def test_a_closed_channel_is_silent(city: City, room: Mailroom) -> None:
    open_mail(city)
    city.done("unit", OWN + "/email/closing")
    judge(city)
    work(city, room)
    assert room.messages == []
    assert city.seen("unit", OWN)["channels"] == []
    assert len(told(city, "unit")) == 1


def test_an_administrator_has_a_dead_letter_sent_again_once(city: City, room: Mailroom) -> None:
    open_mail(city)
    room.replies = ["gone"]
    judge(city)
    work(city, room)
    [letter] = city.seen("administrator", "/notices/dead-letters")["dead_letters"]
    assert (letter["state"], letter["why"], letter["resendings"]) == ("uncertain", "no answer", 0)
    path = f"/notices/dead-letters/{letter['id']}/resending"
    assert city.post("auditor", path, REASON).status_code == 403
    receipt = city.done("administrator", path, REASON)
    assert receipt["stream"] == f"notice/{letter['id']}"
    again = city.post("second-administrator", path, REASON)
    assert (again.status_code, again.get_json()["type"]) == (409, "urn:kaohe:problem:already-decided")
    work(city, room)
    assert city.seen("administrator", "/notices/dead-letters")["dead_letters"] == []
    assert city.post("administrator", path, REASON).status_code == 404
    assert len({message["Message-ID"] for message in room.messages}) == 1
    assert len(room.messages) == 2  # the one nobody knew of, and the one a person ordered


def test_administrators_are_told_once_a_day_that_something_did_not_arrive(city: City, room: Mailroom) -> None:
    open_mail(city)
    room.replies = ["554 no"]
    judge(city)
    work(city, room)
    work(city, room)
    [notice] = [each for each in told(city, "administrator") if each["kind"] == "dead-letter"]
    assert urlsplit(notice["link"]).path == "/api/v1/notices/dead-letters"


def test_erasing_a_person_takes_the_address_and_ends_what_waits(city: City, room: Mailroom) -> None:
    open_mail(city)
    judge(city)
    work(city)  # no mail server: it waits
    person = city.people["unit"]
    city.done("administrator", "/erasures", {"subject": person, "basis": "《个人信息保护法》第四十七条"})
    city.done("second-administrator", f"/erasures/{person}/approval", {"reason": "已核实"})
    refused = city.post("unit", OWN, MAIL)
    assert (refused.status_code, refused.get_json()["type"]) == (409, "urn:kaohe:problem:erased-person")
    work(city, room)
    assert room.messages == []
    assert city.seen("unit", OWN)["channels"][0]["address"] is None
    [notice] = told(city, "unit")
    assert [(each["state"], each["why"]) for each in notice["deliveries"]] == [("cancelled", "erased")]


def test_an_address_kept_in_the_moment_of_an_approval_is_erased_with_the_rest(city: City) -> None:
    """Without an order between the two, it would be kept for ever: an erasure is approved once."""
    person = city.people["unit"]
    city.done("administrator", "/erasures", {"subject": person, "basis": "《个人信息保护法》第四十七条"})
    late, answers = Secret(person, "notice.email", ADDRESS), []
    waiting = (
        "SELECT FROM pg_locks JOIN pg_database AS d ON d.oid = database"
        " WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()"
    )
    with (
        psycopg.connect(city.database.service.libpq) as keeper,
        psycopg.connect(city.database.owner.libpq, autocommit=True) as owner,
    ):
        kept_together(person)(keeper)
        seal(late)(keeper)
        path = f"/erasures/{person}/approval"
        approval = threading.Thread(
            target=lambda: answers.append(city.post("second-administrator", path, {"reason": "已核实"}))
        )
        approval.start()
        wait(lambda: bool(owner.execute(waiting).fetchall()))
        keeper.commit()
        approval.join()
        assert answers[0].status_code == 201
        assert owner.execute("SELECT count(*) FROM vault.secrets WHERE subject = %s", (person,)).fetchall() == [(0,)]
    assert late.commitment in city.seen("auditor", f"/erasures/{person}")["commitments"]


def pages(city: City, who: str, path: str, name: str) -> list[list[dict[str, Any]]]:
    found = []
    while path:
        answer = city.get(who, path)
        found.append(answer.get_json()[name])
        path = answer.headers.get("Link", "").partition("<")[2].partition(">")[0].removeprefix("/api/v1")
    return found


def test_pages_hold_everything_once_and_only_ones_own(city: City, room: Mailroom) -> None:
    for who in ("unit", "other-unit"):
        open_mail(city, who)
    room.refused[ADDRESS] = "550 no"
    for number in range(5):
        record_judged(city, "zhongshan", number)
        record_judged(city, "xigang", number)
    work(city, room)
    mine = pages(city, "unit", "/me/notices?limit=2", "notices")
    # and that the unit was enrolled, the year opened, a role and a token were given, and whose the mailbox is
    assert [len(page) for page in mine] == [2, 2, 2, 2, 2]
    positions = [each["position"] for page in mine for each in page]
    assert positions == sorted(positions, reverse=True)
    assert {each["stream"].partition("/xigang/")[1] for page in mine for each in page} == {""}
    dead = pages(city, "auditor", "/notices/dead-letters?limit=3", "dead_letters")
    assert [len(page) for page in dead] == [3, 3, 3, 1]
    assert len({each["id"] for page in dead for each in page}) == 10


def record_judged(city: City, unit: str, number: int) -> None:
    record(city.office.store, f"sheet/2026/{unit}/{number + 8}", [facts.LeafJudged("8a", "0.10", "属实")])


def test_the_metrics_count_deliveries_by_state(city: City, room: Mailroom) -> None:
    open_mail(city)
    judge(city)
    work(city, room)
    text = city.call("stranger", "GET", "/metrics").get_data(as_text=True)
    assert 'kaohe_notices{channel="email",state="sent"} 1.0' in text
    assert "kaohe_notices_lag 0.0" in text
    assert ADDRESS not in text


def found(city: City) -> str:
    """What the verifier finds in the database."""
    return str(verify_database(city.office.store, Kept()).findings)


def test_the_verifier_misses_an_address_that_nobody_erased(city: City) -> None:
    open_mail(city)
    city.settle()
    assert "vault" not in found(city)
    with psycopg.connect(city.database.owner.libpq) as connection:
        connection.execute("DELETE FROM vault.secrets WHERE context = 'notice.email'")
    assert "vault" in found(city)


def test_the_verifier_finds_who_set_anothers_notices_and_who_was_no_administrator(city: City) -> None:
    open_mail(city)
    city.settle()
    assert "notices for somebody else" not in found(city)
    store, stream = city.office.store, f"person/{city.people['viewer']}"
    closed = [facts.NoticeChannelClosed("email"), facts.NoticeAddressConfirmed("webhook", "0" * 64, "")]
    store.append(stream, store.head(stream), [to_event(each) for each in closed], by=Actor(city.people["nobody"]))
    ordered = to_event(facts.NoticeResendingOrdered("0" * 32, 1, "请重发"))
    store.append("notice/" + "0" * 32, 0, [ordered], by=Actor(city.people["auditor"], "auditor", "*"))
    city.settle()
    assert "set notices for somebody else" in found(city)
    assert "this role does not permit this act here', detail='auditor *'" in found(city)
    assert found(city).count("an address that nobody confirmed") == 2

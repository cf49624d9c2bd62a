"""Tokens as their owners have them: seen, rotated and ended by themselves, at once, and never for ever."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.servers import Database
from tests.service import city as cities
from tests.service.city import City
from workers.settings_admission import Admission

MINE = "/me/credentials"


def told(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["type"].removeprefix("urn:kaohe:problem:")


def later(city: City, monkeypatch: pytest.MonkeyPatch, **by: float) -> None:
    """The request's clock goes on."""
    moment = city.office.now() + timedelta(**by)
    monkeypatch.setattr(city.office, "now", lambda: moment)


def types(receipt: dict[str, Any]) -> list[str]:
    return [event["type"] for event in receipt["events"]]


def test_people_see_what_is_in_force_of_theirs_and_which_one_they_show(city: City) -> None:
    [mine] = city.seen("viewer", MINE)["credentials"]
    assert (mine["sort"], mine["current"], mine["rotated"]) == ("token", True, False)
    issued = city.done("administrator", f"/people/{city.people['viewer']}/credentials", {"days": 1})
    assert issued["token"] not in city.get("viewer", MINE).get_data(as_text=True)
    assert [each["current"] for each in city.seen("viewer", MINE)["credentials"]] == [True, False]


def test_people_end_a_token_of_their_own_at_once_and_nobody_elses(city: City) -> None:
    [mine] = city.seen("viewer", MINE)["credentials"]
    [theirs] = city.seen("reviewer", MINE)["credentials"]
    reason = {"reason": "遗失 lost"}
    assert told(city.post("viewer", f"{MINE}/{theirs['id']}/revocation", reason)) == (404, "unknown-credential")
    city.done("viewer", f"{MINE}/{mine['id']}/revocation", reason)
    assert city.get("viewer", "/me").status_code == 401
    assert city.get("reviewer", "/me").status_code == 200


def test_a_rotation_is_one_event_and_the_old_token_ends_with_it(city: City) -> None:
    old = city.tokens["viewer"]
    rotated = city.done("viewer", f"{MINE}/rotation")
    assert types(rotated) == ["CredentialRotated"]
    assert city.get("viewer", "/me").status_code == 401
    city.tokens["viewer"] = rotated["token"]
    assert city.get("viewer", "/me").status_code == 200
    assert old not in str(rotated)


def test_the_old_token_is_good_for_the_grace_that_was_asked_for_and_no_longer(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    rotated = city.done("viewer", f"{MINE}/rotation", {"grace_minutes": 5})
    assert city.get("viewer", "/me").status_code == 200
    assert told(city.post("viewer", f"{MINE}/rotation")) == (409, "already-rotated")
    later(city, monkeypatch, minutes=5)
    assert city.get("viewer", "/me").status_code == 401
    city.tokens["viewer"] = rotated["token"]
    assert city.get("viewer", "/me").status_code == 200
    assert city.post("viewer", f"{MINE}/rotation", {"grace_minutes": 11}).status_code == 422


def test_a_rotated_token_is_shown_once(city: City) -> None:
    first = city.done("viewer", f"{MINE}/rotation", {"grace_minutes": 5}, Idempotency_Key="r")
    again = city.done("viewer", f"{MINE}/rotation", {"grace_minutes": 5}, Idempotency_Key="r")
    assert first["token"]
    assert again["token"] is None
    assert again["events"] == first["events"]
    assert first["token"] not in str(city.office.store.read(f"person/{city.people['viewer']}"))


def test_a_token_ends_at_its_last_moment_by_the_clock_of_the_request(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.tokens["short"] = city.done(
        "administrator", f"/people/{city.people['viewer']}/credentials", {"days": 1}
    )["token"]  # fmt: skip
    later(city, monkeypatch, hours=23, minutes=59)
    assert city.get("short", "/me").status_code == 200
    later(city, monkeypatch, minutes=2)
    assert city.get("short", "/me").status_code == 401


def test_a_token_is_in_force_for_the_days_of_the_house_unless_said_and_never_beyond_its_limit(
    database: Database, redis_url: str, tmp_path: Path
) -> None:
    admission = Admission(token_days=7, most_days=30)
    with cities.opened(database, redis_url, tmp_path, admission=admission) as city:
        path = f"/people/{city.people['viewer']}/credentials"
        assert days(city, city.done("administrator", path, {})) == 7
        assert days(city, city.done("administrator", path, {"days": 30})) == 30
        assert told(city.post("administrator", path, {"days": 31})) == (422, "bad-lifetime")
        assert told(city.post("viewer", f"{MINE}/rotation", {"days": 31})) == (422, "bad-lifetime")
        assert days(city, city.done("viewer", f"{MINE}/rotation")) == 7


def test_a_rotated_token_lasts_no_longer_than_the_one_in_whose_place_it_comes(city: City) -> None:
    issued = city.done("administrator", f"/people/{city.people['viewer']}/credentials", {"days": 30})
    city.tokens["viewer"] = issued["token"]
    assert told(city.post("viewer", f"{MINE}/rotation", {"days": 31})) == (422, "bad-lifetime")
    for asked, got in ({"days": 30}, 30), ({}, 30), ({"days": 2}, 2), ({}, 2):
        rotated = city.done("viewer", f"{MINE}/rotation", asked)
        assert days(city, rotated) == got
        city.tokens["viewer"] = rotated["token"]
    assert told(city.post("viewer", f"{MINE}/rotation", {"days": 3})) == (422, "bad-lifetime")


def days(city: City, receipt: dict[str, Any]) -> int:
    lasts = datetime.fromisoformat(receipt["events"][0]["data"]["expires"]) - city.office.now()
    return round(lasts / timedelta(days=1))


def invited(city: City, who: str = "viewer", hours: int = 24) -> str:
    """The code of an invitation, to be shown under its own name."""
    answer = city.done("administrator", f"/people/{city.people[who]}/invitations", {"hours": hours})
    assert types(answer) == ["InvitationIssued"]
    city.tokens["invited"] = answer["invitation"]
    return str(answer["invitation"])


def test_an_invitation_buys_one_token_and_opens_no_other_door(city: City) -> None:
    code = invited(city)
    assert city.get("invited", "/me").status_code == 401
    assert city.get("invited", MINE).status_code == 401
    bought = city.done("invited", MINE, {"days": 3})
    assert types(bought) == ["InvitationAccepted", "CredentialIssued"]
    assert bought["events"][0]["data"]["credential"] == bought["events"][1]["data"]["credential"]
    assert city.post("invited", MINE).status_code == 401
    city.tokens["bought"] = bought["token"]
    assert city.seen("bought", "/me")["id"] == city.people["viewer"]
    assert code not in str(city.office.store.read(f"person/{city.people['viewer']}"))


def test_an_invitation_is_over_after_its_hours_or_when_another_is_issued(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = invited(city)
    invited(city)
    city.tokens["first"] = first
    assert city.post("first", MINE).status_code == 401
    later(city, monkeypatch, hours=24)
    assert city.post("invited", MINE).status_code == 401


def test_who_issued_an_invitation_stands_in_the_record_and_who_took_it_up_too(city: City) -> None:
    invited(city)
    city.done("invited", MINE)
    actors = {each.type: each.envelope.actor for each in city.office.store.read(f"person/{city.people['viewer']}")}
    assert actors["InvitationIssued"] == city.people["administrator"]
    assert actors["InvitationAccepted"] == city.people["viewer"]


def test_a_reviewer_who_lost_his_token_is_let_in_anew_by_two_administrators(city: City) -> None:
    place = f"/people/{city.people['reviewer']}"
    for what in ("credentials", "invitations"):
        assert told(city.post("administrator", f"{place}/{what}", {})) == (409, "second-administrator")
    assert told(city.post("administrator", f"{place}/identities", {"subject": "x"})) == (409, "second-administrator")
    city.done("administrator", f"{place}/readmission", {"reason": "令牌遗失 lost"})
    assert city.seen("second-administrator", place)["readmission_proposed_by"] == city.people["administrator"]
    assert told(city.post("administrator", f"{place}/credentials", {})) == (403, "own-act")
    city.tokens["anew"] = city.done("second-administrator", f"{place}/credentials", {"days": 1})["token"]
    assert city.seen("anew", "/me")["id"] == city.people["reviewer"]
    assert city.seen("administrator", place)["readmission_proposed_by"] is None
    assert told(city.post("second-administrator", f"{place}/credentials", {})) == (409, "second-administrator")
    city.settle()
    refused = city.seen("auditor", "/events?type=ActRefused")["events"]
    assert {each["entry"]["data"]["code"] for each in refused} == {"second-administrator", "own-act"}


def test_an_administrator_ends_an_invitation_before_it_is_used(city: City) -> None:
    code = city.done("administrator", f"/people/{city.people['viewer']}/invitations")
    invitation = code["events"][0]["data"]["invitation"]
    place = f"/people/{city.people['viewer']}/credentials/{invitation}/revocation"
    city.done("administrator", place, {"reason": "发错 a mistake"})
    city.tokens["invited"] = code["invitation"]
    assert city.post("invited", MINE).status_code == 401


def test_a_plain_token_takes_no_further_tokens(city: City) -> None:
    before = city.size()
    assert told(city.post("viewer", MINE)) == (403, "needs-sign-in")
    assert city.size() == before


def test_a_token_in_a_cookie_is_nobody(city: City) -> None:
    for name in ("kaohe", "__Host-kaohe"):
        answer = city.call("stranger", "GET", "/api/v1/me", headers={"Cookie": f"{name}={city.tokens['viewer']}"})
        assert answer.status_code == 401


def test_the_settings_of_admission_reach_the_web_server_alone(city: City) -> None:
    settings = replace(city.office.settings, admission=Admission(token_days=5, session_hours=2))
    assert settings.environment("service")["KAOHE_TOKEN_DAYS"] == "5"
    assert not any(name.startswith("KAOHE_TOKEN") for name in settings.environment("worker"))

"""How the demo year begins: two administrators, a published rubric, everybody's roles, the enrolled units."""

import json
from datetime import timedelta
from typing import Any

from domain.phases import TIMED
from service.bootstrap import bootstrap
from service.demo.cast import CAST, FIRST, SECOND, Player
from service.demo.notes import Holder
from service.demo.places import CYCLE, PLACES
from service.demo.stage import Stage
from service.office import Office

DAYS = 365
REASON = "演示任命 appointed for the demo"
# Days from the first start to each phase's last moment. The review stays open for long, so that a visitor can act.
_LASTS = {"open": 30, "closed": 60, "review": 720, "provisional": 730, "notice": 740, "appeal": 750}


def first_person(stage: Stage, office: Office) -> None:
    """The first administrator, from nothing; his token is on disk before it is in the record."""
    holder = stage.notes.people[FIRST.key]
    if not office.people.get(holder.id)[0].registered:
        bootstrap(office, FIRST.name, holder.id, holder.token)


def second_person(stage: Stage) -> None:
    """The second administrator, whom the first appoints."""
    join(stage, SECOND, FIRST.key)


def rubric(stage: Stage, document: dict[str, Any]) -> str:
    """The check-list, drafted by one administrator and published by the other; gives its hash."""
    told = stage.post(FIRST.key, "/rubrics", {"rubric": document})
    event = told["events"][0]
    name = event["stream"].removeprefix("rubric/")
    stage.post(SECOND.key, f"/rubrics/{name}/publication", {"hash": event["data"]["hash"]})
    return str(event["data"]["hash"])


def cycle(stage: Stage, rubric_id: str) -> None:
    """The year, its districts and its calendar."""
    calendar = {phase: (stage.notes.first_day() + timedelta(days=_LASTS[phase])).isoformat() for phase in TIMED}
    begins = (stage.notes.first_day() - timedelta(days=330)).isoformat()
    title = "2026年度大连市工会“六个专项行动”考核（演示）"
    named = {"title": title, "title_en": "Dalian trade unions 2026: the Six Actions assessed (demo)"}
    body = {"cycle": CYCLE, **named, "rubric": rubric_id, "calendar": calendar, "begins": begins}
    stage.post(FIRST.key, "/cycles", body)
    for place in PLACES:
        if place.cohort == "industry":
            continue  # the unions come in as a file
        body = {"unit": place.unit, "cohort": place.cohort, "name_zh": place.zh, "name_en": place.en}
        stage.post(SECOND.key, f"/cycles/{CYCLE}/units", body)


def everybody(stage: Stage) -> None:
    """All other people; the two administrators take turns."""
    for number, player in enumerate(CAST):
        join(stage, player, (FIRST, SECOND)[number % 2].key)


def join(stage: Stage, player: Player, by: str) -> None:
    """A person is registered, gets a token and his roles, and declares his conflicts.

    The token first: another one, for one that was lost, takes two administrators once he decides something.
    """
    told = stage.post(by, "/people", {"name": player.name})
    person = told["stream"].removeprefix("person/")
    if player.key in stage.notes.people:
        stage.acts += 1  # the token of an earlier, interrupted play
    else:
        stage.notes.note(player.key, Holder(person, _token(stage, by, person)))
    for role, scope in player.grants:
        stage.post(by, f"/people/{person}/roles", {"role": role, "scope": scope, "reason": REASON})
    for unit in player.conflicts:
        reason = "近亲属在该单位工会任职 a close relative works for this unit's union"
        stage.post(player.key, f"/people/{person}/conflicts", {"unit": unit, "reason": reason})


def advance(stage: Stage, phase: str, reason: str) -> None:
    """The year goes on to its next phase."""
    stage.post(FIRST.key, f"/cycles/{CYCLE}/phases", {"phase": phase, "reason": reason})


def longer(stage: Stage, days: int) -> None:
    """The last day of filing is moved, with a reason."""
    moment = (stage.notes.first_day() + timedelta(days=days)).isoformat()
    body = {"phase": "open", "moment": moment, "reason": "受台风影响，申报期顺延 a typhoon has delayed the mail"}
    stage.post(SECOND.key, f"/cycles/{CYCLE}/deadlines", body)


def leave(stage: Stage, who: str) -> None:
    """Somebody changes posts: the role ends, and so does the token."""
    person = stage.notes.people[who].id
    player = next(each for each in CAST if each.key == who)
    reason = "调离原岗位 has moved to another post"
    for role, scope in player.grants:
        body = {"role": role, "scope": scope, "reason": reason}
        stage.post(FIRST.key, f"/people/{person}/roles/revocations", body)
    for credential in json.loads(stage.read(FIRST.key, f"/people/{person}"))["credentials"]:
        stage.post(FIRST.key, f"/people/{person}/credentials/{credential['id']}/revocation", {"reason": reason})


def _token(stage: Stage, by: str, person: str) -> str:
    """A token; one that was issued but lost in an interruption is followed by another, a day shorter."""
    for days in range(DAYS, 0, -1):
        token = stage.post(by, f"/people/{person}/credentials", {"days": days}).get("token")
        if token:
            return str(token)
    raise AssertionError("a year's tokens were all lost")

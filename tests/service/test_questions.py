"""The fifteen questions of an auditor, each by the call docs/questions.md gives, with the answer known in advance.

The city, worked out by hand (points in hundredths, one rounding a leaf, half up):

    zhongshan  1a  80 of 100 signed                 160 × 80 ÷ 100  = 128, adjusted by −28 = 100
               1b  90 of 100 audited, 100 % asked   160 × 90 ÷ 100  = 144
               1c  97 of 100 unionised, 98 % asked  160 × 97 ÷ 98   = 158.36… = 158
               7c  contract Z-1, declined                                        0
                                                             together 402 = 4.02
    xigang     1b  50 of 100                        160 × 50 ÷ 100  =  80
               1c  98 of 100, reached                               = 160
               7c  contract X-1, granted                            =  50
                                                             together 290 = 2.90
               its figures held a month before: 80 + 160 = 240 were so then, and nobody knew it

If everything below a threshold gave nothing, zhongshan would have 0 (its −28 on 1a is held at 0) and xigang
160 + 50 = 210: so each of the two may end first or second.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from domain import facts
from domain.rubric.identity import identity
from events.entry import utc_text
from events.log.checkpoint import open_checkpoint
from events.log.errors import MalformedProofError, NotProvedError
from events.log.keys import parse_vkey
from events.log.lines import decode_hash
from events.log.paths import verify_consistency
from events.log.tree import TreeHead
from service.rubric_files import load
from tests.service import rounds
from tests.service.bonuses import REASON, UNIT_OF, attach, claim, decide, propose, seven
from tests.service.city import API, CYCLE, City, later, sheet
from tests.service.log_house import LogHouse
from tests.service.rounds import set_marking
from tests.service.test_appeals import appealed, decide as uphold
from tests.service.test_publications import adjust, advance, publish, record_fact
from workers.engine import engine

DOCUMENT = Path(__file__).parents[2] / "docs" / "questions.md"
_ROW = re.compile(r"^\| (\d+) \| .+? \| `(GET|POST) (/[^`]*)` \| .+ \|$", re.MULTILINE)
CALLS: Mapping[int, tuple[str, str]] = {
    int(number): (method, path) for number, method, path in _ROW.findall(DOCUMENT.read_text())
}
FIGURES = {
    "unit": {
        "1a": {"actual": 80, "target": 100},
        "1b": {"numerator": 90, "denominator": 100},
        "1c": {"numerator": 97, "denominator": 100},
    },
    "other-unit": {
        "1b": {"numerator": 50, "denominator": 100},
        "1c": {"numerator": 98, "denominator": 100},
    },
}
IN_FORCE = utc_text(datetime.now(UTC) - timedelta(days=30))  # xigang's figures were so a month before they were filed
LATER, APPROVED = "实地抽查又见十家已建会", "抽查记录属实，同意"
WHY_NOT = "合同未经双方盖章，不予加分"


@dataclass
class Asked:
    """The city with what is needed to ask about it."""

    city: City
    log: LogHouse
    kept: bytes = b""
    ids: dict[str, str] = field(default_factory=dict)

    def ask(self, number: int, who: str = "auditor", **names: Any) -> Any:
        """Question ``number`` by exactly the documented call; JSON where the answer is JSON, else its text."""
        method, path = CALLS[number]
        place = path.format_map({"cycle": CYCLE, **self.ids, **names})
        answer = self.city.call(who, method, place if place.startswith("/log/") else API + place)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json() if answer.is_json else answer.get_data(as_text=True)


@pytest.fixture(scope="module")
def asked(shared_city: City, tmp_path_factory: pytest.TempPathFactory) -> Asked:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("KAOHE_LOG_KEY", "KAOHE_LOG_KEY_FILE", "KAOHE_LOG_POLICY_FILE", "KAOHE_LOG_MEMORY"):
            patch.delenv(name, raising=False)
        made = Asked(shared_city, LogHouse(shared_city))
        live(made)
        made.log.sign()
    return made


def live(asked: Asked) -> None:
    city = asked.city
    asked.ids["once"] = attach(city, "unit", "used once")
    asked.ids["twice"] = attach(city, "unit", "used by two")
    attach(city, "other-unit", "used by two")
    for who, figures in FIGURES.items():
        place = sheet(UNIT_OF[who])
        told: dict[str, Any] = {"figures": figures, "effective": IN_FORCE if who == "other-unit" else None}
        filed = city.done(who, place + "/submissions", told)["events"][0]["data"]["submission"]
        for leaf in figures:
            body = {"leaf": leaf, "submission": filed, "reason": REASON}
            city.done(
                "reviewer", place + "/verifications", body, If_Match=f'"{city.seen("auditor", place)["version"]}"'
            )
    adjust(city, "-0.28")
    for who, key, decision, reason in (
        ("unit", "Z-1", "decline", WHY_NOT),
        ("other-unit", "X-1", "grant", REASON),
    ):
        bonus = claim(city, who, key, "7c")
        propose(city, seven(who), bonus, key, "7c")
        decide(city, seven(who), bonus, decision, reason)
    city.settle()
    asked.log.sign()
    asked.kept = asked.log.get("checkpoint")  # what an auditor takes home
    advance(city, "closed", "review")
    asked.ids["number"] = str(publish(city, "provisional"))
    city.settle()


def test_every_documented_question_is_asked_here_and_no_other() -> None:
    tested = {int(name.split("_")[2]) for name in globals() if name.startswith("test_question_")}
    assert tested == CALLS.keys() == set(range(1, 16))


def test_question_1_why_is_it_what_it_is(asked: Asked) -> None:
    told = asked.ask(1, unit="zhongshan")
    assert (told["points"], told["base"], told["bonus"]) == ("4.02", "4.02", "0.00")
    [first] = [group for group in told["groups"] if group["id"] == "G1"]
    item = first["items"][0]
    assert (item["points"], item["sum"]) == ("4.02", "1.00 + 1.44 + 1.58 + 0.00 + 0.00 + 0.00")
    leaves = {leaf["id"]: leaf for leaf in item["leaves"]}
    assert leaves["1a"]["formula"]["en"] == "80 < 100, 1.60 × 80 ÷ 100"
    assert (leaves["1a"]["computed"], leaves["1a"]["points"]) == ("1.28", "1.00")
    assert [each["delta"] for each in leaves["1a"]["adjustments"]] == ["-0.28"]
    assert leaves["1c"]["rounding"]["en"] == "rounded once, half up, to two decimals"
    events = asked.city.seen("auditor", "/events?unit=zhongshan")["events"]
    placed = {(each["entry"]["id"], each["position"]) for each in events}
    assert leaves["1c"]["sources"]
    assert {(each["id"], each["position"]) for each in leaves["1c"]["sources"]} <= placed


def test_question_2_who_entered_this_figure_when_and_in_which_role(asked: Asked) -> None:
    people = asked.city.people
    told = asked.ask(2, unit="xigang", item="1", leaf="1c")["events"]
    assert [(each["type"], each["actor"], each["actorrole"], each["actorscope"]) for each in told] == [
        ("FiguresSubmitted", people["other-unit"], "unit", "xigang"),
        ("FiguresVerified", people["reviewer"], "reviewer", "organisation"),
    ]
    assert told[0]["data"]["figures"]["1c"] == {"numerator": 98, "denominator": 100}
    assert told[0]["effectivetime"] == IN_FORCE < told[0]["time"] <= told[1]["time"]


def test_question_3_what_was_the_score_as_then_known_and_as_we_now_know_it_was(asked: Asked) -> None:
    told = asked.ask(3, unit="xigang", date=IN_FORCE)
    assert told["sums"]["total"] == {"before": "0.00", "after": "2.40", "moved": "2.40"}
    assert [(each["cause"], each["final"]) for each in told["causes"]] == [
        ("verification", "2.40"), ("submission", "0.00"),
    ]  # fmt: skip


def test_question_4_prove_nothing_was_altered_or_removed(asked: Asked) -> None:
    keys = [parse_vkey(line) for line in asked.log.get("keys").decode().splitlines()]
    old = open_checkpoint(asked.kept, "kaohe.example/test", keys)[0].head
    new = open_checkpoint(asked.log.get("checkpoint"), "kaohe.example/test", keys)[0].head
    assert old.size < new.size
    told = asked.ask(4, "stranger", old=old.size, new=new.size)
    path = [decode_hash(line, MalformedProofError) for line in told.splitlines()]
    verify_consistency(old, new, path)
    altered = TreeHead(old.size, bytes(32))  # had the auditor kept another history, the same proof would not hold
    with pytest.raises(NotProvedError):
        verify_consistency(altered, new, path)


def test_question_5_under_which_rubric_and_program(asked: Asked) -> None:
    told = asked.ask(5)
    assert told["rubric"] == identity(load("six-actions"))
    assert (told["interpretations"]["Q3"], told["interpretations"]["Q15"]) == ("proportional", "apart")
    assert told["engine"] == engine()
    there = asked.city.seen("auditor", f"/cycles/{CYCLE}?as_of_position={told['position']}")
    assert (there["hash"], there["interpretations"]) == (told["rubric"], told["interpretations"])
    now = asked.city.seen("auditor", f"/cycles/{CYCLE}")
    assert there["engine"] == now["engine"] == engine()


def test_question_6_recompute_now_is_it_the_same(asked: Asked) -> None:
    told = asked.ask(6)
    assert (told["same"], told["incident"], told["differences"]) == (True, False, [])
    assert told["digest"] == told["recomputed"]


def test_question_7_what_changed_between_provisional_and_final_and_why(city: City) -> None:
    """1c, 49 of 98 asked: 0.80; the adjustment of +0.10 that was proposed before is approved behind the provisional."""
    place = sheet()
    figures = {"1c": {"numerator": 49, "denominator": 100}}
    filed = city.done("unit", place + "/submissions", {"figures": figures})["events"][0]["data"]["submission"]
    city.done(
        "reviewer", place + "/verifications", {"leaf": "1c", "submission": filed, "reason": REASON}, If_Match='"1"'
    )
    change = {"leaf": "1c", "delta": "0.10", "code": "inspection", "text": LATER}
    told = city.done("reviewer", place + "/adjustments", change, If_Match='"2"')
    advance(city, "closed", "review")
    provisional = publish(city, "provisional")
    advance(city, "provisional", "notice", "appeal")
    place += f"/adjustments/{told['events'][0]['data']['adjustment']}/decisions"
    city.done("approver", place, {"decision": "approve", "reason": APPROVED}, If_Match='"3"')
    final = publish(city, "final")
    city.settle()
    told = Asked(city, LogHouse(city)).ask(7, provisional=provisional, final=final)
    assert told["sums"]["total"] == {"before": "0.80", "after": "0.90", "moved": "0.10"}
    assert [(each["cause"], each["events"], each["total"]) for each in told["causes"]] == [("adjustment", 1, "0.10")]
    [event] = told["events"]
    assert (event["unit"], event["actor"], event["reason"]) == ("zhongshan", city.people["approver"], APPROVED)
    assert [(each["leaf"], each["final"]["before"], each["final"]["after"]) for each in event["leaves"]] == [
        ("1c", "0.80", "0.90")
    ]
    assert [(each["unit"], each["rank_before"], each["rank_after"]) for each in told["units"]] == [("zhongshan", 1, 1)]


def test_question_8_who_overrode_what_and_how_much_rests_on_discretion(asked: Asked) -> None:
    told = asked.ask(8)
    units = {row["unit"]: row for row in told["units"]}
    # -0.28 of 4.02 is 6.965... percent; the 0.50 granted of 2.90 are 17.241... percent.
    assert (units["zhongshan"]["by"]["adjusted"]["net"], units["zhongshan"]["percent"]) == ("-0.28", "6.97")
    assert (units["xigang"]["by"]["bonus"]["net"], units["xigang"]["percent"]) == ("0.50", "17.24")
    people = {row["person"]: row for row in told["people"]}
    reviewer, approver = (people[asked.city.people[who]] for who in ("reviewer", "approver"))
    # Verified as filed: 1.28 + 1.44 + 1.58 + 0.80 + 1.60; approved and granted: 0.28 + 0.50.
    assert (reviewer["all"], reviewer["discretion"], reviewer["percent"]) == ("6.70", "0.00", "0.00")
    assert (approver["all"], approver["discretion"], approver["percent"]) == ("0.78", "0.78", "100.00")
    [override] = told["overriding"]
    assert (override["cause"], override["unit"], override["leaf"], override["moved"]) == (
        "adjustment", "zhongshan", "1a", "-0.28",
    )  # fmt: skip
    assert (override["person"], override["began_by"]) == (approver["person"], [reviewer["person"]])
    assert told["overrides"] == 1


def test_question_9_did_anyone_judge_his_own_unit_or_approve_his_own_act(asked: Asked) -> None:
    told = asked.ask(9)
    assert (told["holds"], told["breaches"]) == (True, [])
    # Five verifications, one adjustment of two acts, two bonuses of two acts: eleven that conflicts could block.
    assert told["checked"]["conflict"] == 11
    assert (told["checked"]["adjustment"], told["checked"]["bonus"], told["checked"]["publication"]) == (1, 2, 1)


def test_question_10_were_all_units_treated_alike(city: City) -> None:
    set_marking(city, limit="0.50")
    west = sheet("xigang", "6")
    rounds.told(city, "reviewer", "judgements", "3.00")
    rounds.told(city, "second-reviewer", "second-judgements", "2.50")
    rounds.told(city, "second-reviewer", "judgements", "2.00", place=west)
    rounds.told(city, "reviewer", "second-judgements", "2.00", place=west)
    city.settle()
    told = Asked(city, LogHouse(city)).ask(10)
    people = {row["person"]: row for row in told["reviewers"]}
    mild, stern = (people[city.people[who]] for who in ("reviewer", "second-reviewer"))
    # 3.00 - 2.50 and 2.00 - 2.00: half a point over two pairs; the leaf's mean is 9.50 / 4 = 2.375.
    assert mild["to_other"] == {"n": 2, "sum": "0.50", "mean": "0.25", "few": True}
    assert stern["to_other"] == {"n": 2, "sum": "-0.50", "mean": "-0.25", "few": True}
    assert (mild["to_leaf_mean"]["n"], mild["to_leaf_mean"]["mean"], stern["to_leaf_mean"]["mean"]) == (
        2, "0.13", "-0.12",
    )  # fmt: skip
    assert told["agreement"] == {
        "n": 2, "exact": 1, "within_one_step": 2, "exact_percent": "50.00", "within_one_step_percent": "100.00",
        "few": True,
    }  # fmt: skip
    [leaf] = told["leaves"]
    # Firsts 3.00 and 2.00, seconds 2.50 and 2.00: 1 - (0.25 / 2) / ((0.25 + 1 + 0.25 + 0) / 4) = 2/3.
    assert (leaf["kappa"], leaf["mean"], leaf["n"]) == ("0.667", "2.38", 4)
    assert leaf["given"] == {"2.00": 2, "2.50": 1, "3.00": 1}
    shares = {row["unit"]: (row["n"], row["given"], row["possible"], row["percent"]) for row in told["units"]}
    assert shares == {"zhongshan": (2, "5.50", "8.00", "68.75"), "xigang": (2, "4.00", "8.00", "50.00")}


def test_question_11_is_this_evidence_authentic_and_used_once(asked: Asked) -> None:
    once = asked.ask(11, unit="zhongshan", item="1", evidence=asked.ids["once"])
    assert (once["bytes"], once["included"], once["grade"], once["used_once"]) == ("intact", True, "signed", True)
    twice = asked.ask(11, unit="zhongshan", item="1", evidence=asked.ids["twice"])
    assert (twice["bytes"], twice["used_once"], twice["also_used"]) == ("intact", False, ["unit"])
    assert {use["unit"] for use in twice["uses"]} == {"zhongshan", "xigang"}


def test_question_12_were_deadlines_applied_equally(city: City) -> None:
    calendar = city.seen("auditor", f"/cycles/{CYCLE}")["calendar"]
    body = {"unit": "zhongshan", "phase": "open", "moment": later(15), "reason": "台风停工"}
    proposed = city.done("administrator", f"/cycles/{CYCLE}/extensions", body)["events"][0]["data"]["extension"]
    city.done("second-administrator", f"/cycles/{CYCLE}/extensions/{proposed}/confirmation", {"reason": REASON})
    record_fact(city, facts.DeadlineMoved("open", calendar["open"], later(-1), "提前截止"))
    figures = {"figures": {"1a": FIGURES["unit"]["1a"]}}
    city.done("unit", sheet() + "/submissions", figures)
    assert city.post("other-unit", sheet("xigang") + "/submissions", figures).status_code == 409
    city.settle()
    told = Asked(city, LogHouse(city)).ask(12)
    units = {row["unit"]: row for row in told["units"]}
    assert not told["alike"]
    assert [(each["phase"], each["before"], each["reason"]) for each in told["moved"]] == [
        ("open", calendar["open"], "提前截止")
    ]
    assert [(each["phase"], each["after"], each["early"]) for each in told["ended"]] == [("draft", "open", False)]
    [extension] = units["zhongshan"]["extensions"]
    assert units["zhongshan"]["deadlines"]["open"] == extension["moment"] > units["xigang"]["deadlines"]["open"]
    assert units["xigang"]["deadlines"] == units["transport"]["deadlines"] == told["calendar"]
    assert [each["act"] for each in units["zhongshan"]["beyond_calendar"]] == ["FiguresSubmitted"]
    assert [(each["act"], each["code"]) for each in units["xigang"]["late_refused"]] == [("submit", "too-late")]
    assert units["zhongshan"]["late_refused"] == units["xigang"]["beyond_calendar"] == []


def test_question_13_why_this_bonus_and_not_the_other(asked: Asked) -> None:
    told = {row["key"]: row for row in asked.ask(13, leaf="7c")["bonuses"]}
    assert told.keys() == {"X-1", "Z-1"}
    this, other = told["X-1"], told["Z-1"]
    assert (this["granted"], this["points"], this["reason"]) == (True, "0.50", REASON)
    assert (other["granted"], other["points"], other["reason"]) == (False, "0.50", WHY_NOT)
    assert {row["decided_by"] for row in told.values()} == {asked.city.people["approver"]}
    assert this["proposed_by"] != this["decided_by"]


def test_question_14_what_became_of_the_appeals(city: City) -> None:
    place = appealed(city)
    city.settle()
    [waiting] = Asked(city, LogHouse(city)).ask(14)["appeals"]
    assert (waiting["state"], waiting["decided_at"], waiting["moved"]) == ("assigned", None, None)
    uphold(city, place)
    city.settle()
    told = Asked(city, LogHouse(city)).ask(14)
    assert (told["outcomes"], told["points"]) == ({"upheld": 1}, "0.16")
    [appeal] = told["appeals"]
    assert (appeal["unit"], appeal["leaf"], appeal["delta"], appeal["reason"]) == ("zhongshan", "1a", "0.16", REASON)
    assert appeal["filed_at"] < appeal["assigned_at"] < appeal["decided_at"] == told["position"]
    assert appeal["objection"] == ""  # it was the unit's own; one of another's: tests/service/test_referrals.py
    assert (appeal["by"], appeal["decider"]) == (city.people["unit"], city.people["chief-approver"])
    assert appeal["moved"] == [
        {"unit": "zhongshan", "total_before": "1.28", "total_after": "1.44", "rank_before": 1, "rank_after": 1}
    ]


def test_question_15_how_fragile_is_the_ranking(asked: Asked) -> None:
    told = {row["unit"]: row for row in asked.ask(15)["units"]}
    assert (told["zhongshan"]["rank"], told["xigang"]["rank"]) == (1, 2)
    assert told["zhongshan"]["answers"] == told["xigang"]["answers"] == {"best": 1, "worst": 2}
    assert told["zhongshan"]["judgements"] == {"best": 1, "worst": 1}

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

If everything below a threshold gave nothing, zhongshan would have 0 (its −28 on 1a is held at 0) and xigang
160 + 50 = 210: so each of the two may end first or second.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from events.log.checkpoint import open_checkpoint
from events.log.errors import MalformedProofError, NotProvedError
from events.log.keys import parse_vkey
from events.log.lines import decode_hash
from events.log.paths import verify_consistency
from events.log.tree import TreeHead
from tests.service.bonuses import REASON, UNIT_OF, attach, claim, decide, propose, seven
from tests.service.city import API, CYCLE, City, sheet
from tests.service.log_house import LogHouse
from tests.service.test_publications import adjust, advance, publish

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
        filed = city.done(who, place + "/submissions", {"figures": figures})["events"][0]["data"]["submission"]
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
    assert tested == CALLS.keys()
    assert CALLS.keys() <= set(range(1, 16))


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


def test_question_6_recompute_now_is_it_the_same(asked: Asked) -> None:
    told = asked.ask(6)
    assert (told["same"], told["incident"], told["differences"]) == (True, False, [])
    assert told["digest"] == told["recomputed"]


def test_question_9_did_anyone_judge_his_own_unit_or_approve_his_own_act(asked: Asked) -> None:
    told = asked.ask(9)
    assert (told["holds"], told["breaches"]) == (True, [])
    # Five verifications, one adjustment of two acts, two bonuses of two acts: eleven that conflicts could block.
    assert told["checked"]["conflict"] == 11
    assert (told["checked"]["adjustment"], told["checked"]["bonus"], told["checked"]["publication"]) == (1, 2, 1)


def test_question_11_is_this_evidence_authentic_and_used_once(asked: Asked) -> None:
    once = asked.ask(11, unit="zhongshan", item="1", evidence=asked.ids["once"])
    assert (once["bytes"], once["included"], once["grade"], once["used_once"]) == ("intact", True, "signed", True)
    twice = asked.ask(11, unit="zhongshan", item="1", evidence=asked.ids["twice"])
    assert (twice["bytes"], twice["used_once"], twice["also_used"]) == ("intact", False, ["unit"])
    assert {use["unit"] for use in twice["uses"]} == {"zhongshan", "xigang"}


def test_question_13_why_this_bonus_and_not_the_other(asked: Asked) -> None:
    told = {row["key"]: row for row in asked.ask(13, leaf="7c")["bonuses"]}
    assert told.keys() == {"X-1", "Z-1"}
    this, other = told["X-1"], told["Z-1"]
    assert (this["granted"], this["points"], this["reason"]) == (True, "0.50", REASON)
    assert (other["granted"], other["points"], other["reason"]) == (False, "0.50", WHY_NOT)
    assert {row["decided_by"] for row in told.values()} == {asked.city.people["approver"]}
    assert this["proposed_by"] != this["decided_by"]


def test_question_15_how_fragile_is_the_ranking(asked: Asked) -> None:
    told = {row["unit"]: row for row in asked.ask(15)["units"]}
    assert (told["zhongshan"]["rank"], told["xigang"]["rank"]) == (1, 2)
    assert told["zhongshan"]["answers"] == told["xigang"]["answers"] == {"best": 1, "worst": 2}
    assert told["zhongshan"]["judgements"] == {"best": 1, "worst": 1}

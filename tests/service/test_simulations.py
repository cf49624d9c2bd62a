"""Simulating another answer and then deciding it, from the question to the rubric a second person publishes."""

from typing import Any

import msgspec
import pytest

from domain.rubric.reading import read
from events.entry import new_id
from tests.service.city import CYCLE, City, sheet
from workers.progress import Progress
from workers.simulation import simulate, waiting_simulation

REASON = "按规定办理 as the rules say"
RUBRIC = "/rubrics/six-actions"
ASKED = {"cycle": CYCLE, "interpretations": {"Q3": "zero"}, "reason": REASON}


def run(city: City) -> None:
    """What the worker does when it is called."""
    store = city.projectors[0]._store
    while (waiting := waiting_simulation(store)) is not None:
        simulate(store, waiting, Progress(city.office.broker).teller(waiting))


def asked(city: City, body: dict[str, Any]) -> str:
    city.settle()
    key = city.done("auditor", "/simulations", body)["stream"].removeprefix("simulation/")
    return str(key)


@pytest.fixture
def verified(city: City) -> City:
    """Zhongshan has 9 of 10 where all are asked for."""
    filed = city.done("unit", sheet() + "/submissions", {"figures": {"1b": {"numerator": 9, "denominator": 10}}})
    body = {"leaf": "1b", "submission": filed["events"][0]["data"]["submission"], "reason": REASON}
    city.done("reviewer", sheet() + "/verifications", body, If_Match=f'"{filed["version"]}"')
    return city


def test_another_answer_is_simulated_and_then_decided_by_two_people(verified: City) -> None:
    city = verified
    before = city.seen("auditor", RUBRIC)["published"][-1]
    key = asked(city, ASKED)
    assert city.seen("auditor", f"/simulations/{key}")["state"] == "requested"
    answer = {"question": "Q3", "option": "zero", "simulation": key, "reason": REASON}
    early = city.post("administrator", f"{RUBRIC}/interpretations", answer)
    assert (early.status_code, early.get_json()["type"]) == (409, "urn:kaohe:problem:not-simulated")
    run(city)
    found = city.seen("auditor", f"/simulations/{key}")
    assert (found["state"], found["units"], found["ranks"], found["before"]) == ("finished", 2, 1, before)
    moved = {"before": "1.44", "after": "0.00"}
    assert found["report"]["units"] == [
        {"unit": "xigang", "rank": {"before": 2, "after": 1}},
        {"unit": "zhongshan", "total": moved, "items": {"1": moved}, "leaves": {"1b": moved}},
    ]
    decided = city.done("administrator", f"{RUBRIC}/interpretations", answer)
    draft = decided["events"][0]["data"]["hash"]
    assert draft == found_hash(city, draft)
    assert city.post("administrator", f"{RUBRIC}/publication", {"hash": draft}).status_code == 403
    city.done("second-administrator", f"{RUBRIC}/publication", {"hash": draft})
    register = city.seen("unit", f"{RUBRIC}/interpretations")
    question = next(each for each in register["questions"] if each["id"] == "Q3")
    assert (register["hash"], question["answer"], question["decided"]["reason"]) == (draft, "zero", REASON)


def found_hash(city: City, draft: str) -> str:
    """The identity of what is kept under the draft's hash: a sound rubric with the question decided."""
    rubric = read(msgspec.json.decode(city.office.store.document(draft) or b""))
    assert rubric.question("Q3").decided is not None
    return draft


def test_a_simulation_moves_no_score(verified: City) -> None:
    city = verified
    city.settle()
    before = city.seen("auditor", f"/cycles/{CYCLE}/scores")["units"]
    key = asked(city, ASKED)
    run(city)
    run(city)  # once
    city.settle()
    assert city.seen("auditor", f"/cycles/{CYCLE}/scores")["units"] == before
    assert city.seen("auditor", f"/simulations/{key}")["version"] == 2


def test_other_figures_and_another_rubric_are_simulated(verified: City) -> None:
    city = verified
    published = city.seen("auditor", RUBRIC)["published"][-1]
    full = {"zhongshan": {"1b": {"numerator": 10, "denominator": 10}, "7a": {"claims": 1}}}
    key = asked(city, {"cycle": CYCLE, "figures": full, "rubric": published, "reason": REASON})
    run(city)
    [row] = city.seen("auditor", f"/simulations/{key}")["report"]["units"]
    assert row["total"] == {"before": "1.44", "after": "4.60"}
    assert [each["id"] for each in city.seen("auditor", "/simulations")["simulations"]] == [key]


@pytest.fixture
def tasked(city: City) -> City:
    """Zhongshan did 45 of the 90 it was asked for; its own figures said 60."""
    city.done("administrator", f"/cycles/{CYCLE}/targets",
              {"unit": "zhongshan", "leaf": "1a", "target": 90, "reason": REASON})  # fmt: skip
    filed = city.done("unit", sheet() + "/submissions", {"figures": {"1a": {"actual": 45, "target": 60}}})
    body = {"leaf": "1a", "submission": filed["events"][0]["data"]["submission"], "reason": REASON}
    city.done("reviewer", sheet() + "/verifications", body, If_Match=f'"{filed["version"]}"')
    return city


@pytest.mark.parametrize(
    ("wanted", "after"),
    [
        ({"targets": {"zhongshan": {"1a": 60}}}, "1.20"),
        ({"figures": {"zhongshan": {"1a": {"actual": 72, "target": 72}}}}, "1.28"),  # the issued target holds
        ({"figures": {"zhongshan": {"1a": {"actual": 72, "target": 1}}}, "targets": {"zhongshan": {"1a": 96}}}, "1.20"),
        ({"targets": {"zhongshan": {"1a": 60}, "xigang": {"1a": 5}}, "interpretations": {"Q3": "zero"}}, "0.00"),
    ],
)
def test_other_targets_are_simulated_and_other_figures_stand_under_those_in_force(
    tasked: City, wanted: dict[str, Any], after: str
) -> None:
    key = asked(tasked, {"cycle": CYCLE, "reason": REASON} | wanted)
    run(tasked)
    found = tasked.seen("auditor", f"/simulations/{key}")
    rows = {row["unit"]: row for row in found["report"]["units"]}
    assert rows["zhongshan"]["leaves"] == {"1a": {"before": "0.80", "after": after}}
    assert found["targets"] == wanted.get("targets", {})


def test_a_second_question_is_answered_before_the_cycle_goes_on_under_the_first(verified: City) -> None:
    city = verified
    key = asked(city, ASKED)
    run(city)
    answer = {"question": "Q3", "option": "zero", "simulation": key, "reason": REASON}
    first = city.done("administrator", f"{RUBRIC}/interpretations", answer)["events"][0]["data"]["hash"]
    city.done("second-administrator", f"{RUBRIC}/publication", {"hash": first})
    then = ASKED | {"interpretations": {"Q5": "capped"}}
    second = {"question": "Q5", "option": "capped", "reason": REASON}
    keys = [asked(city, then), asked(city, then | {"rubric": first})]
    run(city)
    stale = city.post("administrator", f"{RUBRIC}/interpretations", second | {"simulation": keys[0]})
    assert stale.get_json()["type"] == "urn:kaohe:problem:not-simulated"
    city.done("administrator", f"{RUBRIC}/interpretations", second | {"simulation": keys[1]})


def test_progress_is_told_while_a_worker_is_at_it(city: City) -> None:
    key = asked(city, ASKED)
    assert city.seen("auditor", f"/simulations/{key}")["progress"] is None
    Progress(city.office.broker).teller(key)(3, 6)
    assert city.seen("auditor", f"/simulations/{key}")["progress"] == {"done": 3, "of": 6}


@pytest.mark.parametrize(
    ("body", "code", "place"),
    [
        ({"interpretations": {"Q99": "x"}}, "bad-interpretation", "interpretations.Q99"),
        ({"interpretations": {"Q3": "mercy"}}, "bad-interpretation", "interpretations.Q3.mercy"),
        ({"interpretations": {"Q13": "each"}}, "bad-interpretation", "interpretations.Q13.each"),
        ({"figures": {"zhongshan": {"1b": {"numerator": 2, "denominator": 1}}}}, "bad-figures",
         "figures.zhongshan.1b.numerator"),
        ({"figures": {"zhongshan": {"99z": {"yes": True}}}}, "unknown-leaf", "figures.zhongshan.99z"),
        ({"figures": {"transport": {"2b": {"yes": True}}}}, "unknown-leaf", "figures.transport.2b"),
        ({"figures": {"atlantis": {}}}, "unknown-unit", None),
        ({"targets": {"zhongshan": {"1b": 5}}}, "wrong-rule", "targets.zhongshan.1b"),
        ({"targets": {"zhongshan": {"99z": 5}}}, "unknown-leaf", "targets.zhongshan.99z"),
        ({"targets": {"transport": {"26c": 5}}}, "unknown-leaf", "targets.transport.26c"),
        ({"targets": {"atlantis": {}}}, "unknown-unit", None),
        ({"targets": {"zhongshan": {"1a": 0}}}, "invalid", None),
        ({"rubric": "0" * 64}, "unknown-rubric", "rubric"),
        ({"cycle": "1999"}, "unknown-cycle", None),
        ({"interpretations": {}}, "bad-simulation", None),
    ],
)  # fmt: skip
def test_what_cannot_be_simulated_is_refused_by_place_and_leaves_nothing(
    city: City, body: dict[str, Any], code: str, place: str | None
) -> None:
    before = city.size()
    answer = city.post("auditor", "/simulations", ASKED | body)
    problem = answer.get_json()
    assert (problem["type"], problem.get("place")) == (f"urn:kaohe:problem:{code}", place)
    assert city.size() == before


def test_an_answer_without_numbers_needs_no_simulation_and_an_unknown_one_is_refused(city: City) -> None:
    ask = {"question": "Q9", "option": "other", "reason": REASON}
    assert city.done("administrator", f"{RUBRIC}/interpretations", ask)["events"][0]["data"]["simulation"] == ""
    waiting = city.post("administrator", f"{RUBRIC}/interpretations", ask)
    assert (waiting.status_code, waiting.get_json()["type"]) == (409, "urn:kaohe:problem:draft-waiting")
    strange = city.post("administrator", f"{RUBRIC}/interpretations", ask | {"option": "perhaps"})
    assert (strange.status_code, strange.get_json()["place"]) == (422, "Q9.perhaps")


def test_an_answer_that_waits_is_read_by_the_second_person_and_declined_so_that_another_may_come(city: City) -> None:
    ask = {"question": "Q9", "option": "other", "reason": REASON}
    draft = city.done("administrator", f"{RUBRIC}/interpretations", ask)["events"][0]["data"]["hash"]
    life = city.seen("second-administrator", RUBRIC)
    assert life["draft"] == draft
    waiting = city.seen("second-administrator", f"{RUBRIC}/texts/{draft}")
    [question] = [each for each in waiting["document"]["questions"] if each["id"] == "Q9"]
    assert (waiting["state"], question["decided"]["option"]) == ("draft", "other")
    body = {"hash": draft, "reason": "另行研究"}
    assert city.post("reviewer", f"{RUBRIC}/withdrawal", body).status_code == 403
    other = city.post("second-administrator", f"{RUBRIC}/withdrawal", body | {"hash": "0" * 64})
    assert (other.status_code, other.get_json()["type"]) == (409, "urn:kaohe:problem:rubric-changed")
    city.done("second-administrator", f"{RUBRIC}/withdrawal", body)
    assert city.seen("auditor", RUBRIC)["draft"] is None
    gone = city.post("second-administrator", f"{RUBRIC}/publication", {"hash": draft})
    assert (gone.status_code, gone.get_json()["type"]) == (409, "urn:kaohe:problem:rubric-changed")
    assert city.get("auditor", f"{RUBRIC}/texts/{draft}").status_code == 404
    city.done("second-administrator", f"{RUBRIC}/interpretations", ask)


def test_every_version_that_was_published_is_read_by_its_hash(city: City) -> None:
    life = city.seen("unit", RUBRIC)
    text = city.seen("unit", f"{RUBRIC}/texts/{life['published'][0]}")
    assert (text["state"], text["document"]) == ("published", life["document"])
    assert city.get("unit", f"/rubrics/another/texts/{life['published'][0]}").status_code == 404


def test_a_question_is_decided_by_no_draft(city: City) -> None:
    text = city.seen("auditor", RUBRIC)["document"]
    [question] = [each for each in text["questions"] if each["id"] == "Q3"]
    question["decided"] = {"option": "proportional", "by": "somebody", "reason": REASON}
    before = city.size()
    answer = city.post("administrator", "/rubrics", {"rubric": text})
    problem = answer.get_json()
    assert (answer.status_code, problem["type"]) == (409, "urn:kaohe:problem:not-by-event")
    assert problem["place"] == "rubric.questions.Q3.decided"
    assert city.size() == before


def test_an_unknown_simulation_is_none(city: City) -> None:
    assert city.get("auditor", f"/simulations/{new_id()}").status_code == 404

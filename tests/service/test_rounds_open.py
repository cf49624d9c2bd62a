"""No results while a leaf is being judged twice: a judgement that was given is never published as nothing."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.service.city import CYCLE, City
from tests.service.rounds import REASON, SENTINEL, SIX, columns, set_marking, told
from tests.service.test_publications import PLACE, advance, publish

PROVISIONAL = {"phase": "provisional", "reason": REASON}


def refused(answer: TestResponse, state: str) -> None:
    body: dict[str, Any] = answer.get_json()
    assert (answer.status_code, body["type"]) == (409, "urn:kaohe:problem:rounds-open")
    assert body["in_the_way"] == [{"unit": "zhongshan", "leaf": "6b", "state": state}]
    assert body["detail_zh"] == body["detail_en"] == "zhongshan/6b"


def judged(city: City) -> None:
    """A review in which the first of two has judged a drawn leaf."""
    set_marking(city)
    city.done("unit", SIX + "/submissions", {"figures": {"6b": {"points": "4.00"}}})
    told(city, "reviewer", "judgements", "3.50", SENTINEL)
    advance(city, "closed", "review")


@pytest.mark.parametrize(("second", "moderated", "final"), [("3.00", "", "3.50"), ("1.00", "2.00", "2.00")])
def test_provisional_results_wait_until_both_have_judged_and_what_differs_is_moderated(
    city: City, second: str, moderated: str, final: str
) -> None:
    judged(city)
    city.settle()
    refused(city.post("administrator", PLACE, {"stage": "provisional", "reason": REASON}), "sealed")
    told(city, "second-reviewer", "second-judgements", second)
    if moderated:
        city.settle()
        refused(city.post("administrator", PLACE, {"stage": "provisional", "reason": REASON}), "differing")
        told(city, "approver", "moderations", moderated)
    publish(city, "provisional")
    advance(city, "provisional")
    assert columns(city) == (final, final, "verified")


def test_a_judgement_sealed_after_the_publication_keeps_the_review_from_ending(city: City) -> None:
    advance(city, "closed", "review")
    set_marking(city)
    publish(city, "provisional")
    told(city, "reviewer", "judgements", "3.50", SENTINEL)  # committed, and not even ordered yet
    refused(city.post("administrator", f"/cycles/{CYCLE}/phases", PROVISIONAL), "sealed")
    told(city, "second-reviewer", "second-judgements", "3.00")
    advance(city, "provisional")


def test_a_proposal_is_not_confirmed_over_a_judgement_sealed_in_between(city: City) -> None:
    advance(city, "closed", "review")
    set_marking(city)
    city.settle()
    city.done("administrator", PLACE, {"stage": "provisional", "reason": REASON})
    told(city, "reviewer", "judgements", "3.50", SENTINEL)
    city.settle()
    refused(city.post("second-administrator", f"{PLACE}/1/confirmation", {"reason": REASON}), "sealed")

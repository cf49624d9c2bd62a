"""Published results and recomputations that disagree: shown as an incident, and live only by two people."""

from typing import Any

from domain import facts
from tests.service.city import CYCLE, City
from tests.service.test_adoptions import adopted
from tests.service.test_journeys import REASON
from tests.service.test_publications import PLACE, keep, publish, record_fact, reviewed
from workers.desk import PARTITIONS
from workers.projector import Projector
from workers.recomputation import recompute, waiting


def recomputed(city: City) -> dict[str, Any]:
    """A recomputation that an auditor asked for and the workers did, as he reads it."""
    told = city.done("auditor", "/recomputations", {"reason": REASON})
    city.settle()
    worked(city)
    return city.seen("auditor", f"/recomputations/{told['events'][0]['data']['recomputation']}")


def worked(city: City) -> None:
    store = city.projectors[0]._store
    while (key := waiting(store)) is not None:
        recompute(store, key)
    # Tables that were swapped in are another epoch's: whoever projected before goes home.
    city.projectors = [Projector(store, partition) for partition in range(PARTITIONS)]
    city.settle()


def total(city: City) -> str:
    found: str = city.seen("auditor", f"/cycles/{CYCLE}/units/zhongshan/scores")["leaves"]["1a"]["final"]
    return found


def test_a_recomputation_names_the_published_results_that_this_program_does_not_give(city: City) -> None:
    reviewed(city)
    publish(city, "provisional")
    assert recomputed(city)["incidents"] == []
    told = city.seen("auditor", f"{PLACE}/1")
    told["table"]["zhongshan"]["leaves"]["1a"]["final"] = "1.29"  # as a program of another engine had it
    forged = keep(city, told["table"])
    said = (told["rubric"], {}, "kaohe 0.0.9 another", told["position"], REASON)
    record_fact(city, facts.ResultsProposed(2, "provisional", forged, *said))
    record_fact(city, facts.ResultsPublished(2, forged, *said))
    [incident] = recomputed(city)["incidents"]
    assert (incident["cycle"], incident["publication"], incident["engine"]) == (CYCLE, 2, "kaohe 0.0.9 another")
    assert incident["differences"] == [
        {"unit": "zhongshan", "place": "leaves/1a/final", "before": "1.29", "after": "1.28"}
    ]
    assert incident["recomputed_by"] != incident["engine"]


def test_tables_that_disagree_with_the_record_wait_for_a_second_person_and_the_publication_stays_true(
    city: City,
) -> None:
    reviewed(city)
    publish(city, "provisional")
    city.settle()
    with city.projectors[0]._store.connection() as connection:
        connection.execute("UPDATE scores.leaf_scores SET final = final + 1 WHERE (unit, leaf) = ('zhongshan', '1a')")
        connection.execute("UPDATE scores.unit_scores SET body = convert_to(replace(convert_from(body, 'UTF8'),"
                           " '1.28', '1.29'), 'UTF8') WHERE unit = 'zhongshan'")  # fmt: skip
    assert total(city) == "1.29"
    found = recomputed(city)
    assert (found["state"], found["incidents"]) == ("different", [])  # what was published is what the record gives
    place = f"/recomputations/{found['id']}/approval"
    assert city.post("auditor", place, {"reason": REASON}).status_code == 403
    worked(city)
    assert total(city) == "1.29"
    city.done("second-auditor", place, {"reason": REASON})
    worked(city)
    assert total(city) == "1.28"
    assert city.seen("auditor", f"{PLACE}/1/check")["same"]


def test_a_rubric_adopted_after_a_publication_is_no_incident(city: City) -> None:
    reviewed(city)
    publish(city, "provisional")
    adopted(city)
    found = recomputed(city)
    assert (found["state"], found["incidents"]) == ("identical", [])

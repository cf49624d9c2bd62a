"""A cycle under another reading of the whole sheet: limited bonus, cohorts ranked together, ties 1-2-2-3."""

import pytest

from domain import facts
from domain.interpretations import apply
from domain.outcomes import outcomes
from domain.points import show
from domain.rubric.identity import canonical, identity
from service.rubric_files import load
from tests.service.city import City, record
from workers.assessed import city as assessed

OTHER = apply(load("six-actions"), {"Q6": "limited", "Q15": "scaled", "Q16": "dense", "Q7": "full"})
CYCLE = "2031"
# unit -> (cohort, city-level contracts): 35 of them would be 105 points.
UNITS = {
    "a": ("district", 35),
    "b": ("district", 28),
    "c": ("industry", 30),
    "d": ("industry", 7),
    "e": ("district", 7),
}


@pytest.fixture(scope="module")
def read_otherwise(shared_city: City) -> City:
    store = shared_city.office.store
    store.keep_document(canonical(OTHER))
    units = [facts.UnitEnrolled(unit, cohort, f"单位{unit}", unit) for unit, (cohort, _) in UNITS.items()]
    record(
        store,
        f"cycle/{CYCLE}",
        [facts.CycleCreated("另一种口径", "another reading", OTHER.id, identity(OTHER), {}), *units],
    )
    for unit, (_, contracts) in UNITS.items():
        said: list[facts.Fact] = []
        for number in range(contracts):
            bonus = f"{unit}-{number}"
            said += [
                facts.BonusProposed(bonus, "7a", bonus, "合同", "", "已核对", []),
                facts.BonusGranted(bonus, "7a", "属实"),
            ]
        record(store, f"sheet/{CYCLE}/{unit}/7", said)
        record(store, f"sheet/{CYCLE}/{unit}/18", [facts.NotApplicableConfirmed("18a", "没有基层工会")])
    shared_city.settle()
    return shared_city


def test_the_board_the_past_and_the_rules_agree(read_otherwise: City) -> None:
    live = read_otherwise.seen("auditor", f"/cycles/{CYCLE}/scores")
    then = read_otherwise.seen("auditor", f"/cycles/{CYCLE}/scores?as_of_position={live['position']}")
    told = {row["unit"]: (row["base"], row["bonus"], row["total"], row["rank"]) for row in live["units"]}
    assert told == {row["unit"]: (row["base"], row["bonus"], row["total"], row["rank"]) for row in then["units"]}
    store, rules = read_otherwise.office.store, read_otherwise.office.rules
    computed = outcomes(OTHER, assessed(store, rules, CYCLE, live["position"]))
    assert told == {unit: (show(of.base), show(of.bonus), show(of.total), of.rank) for unit, of in computed.items()}


def test_a_limited_bonus_fills_up_to_full_points_and_units_are_ranked_together(read_otherwise: City) -> None:
    rows = read_otherwise.seen("auditor", f"/cycles/{CYCLE}/scores")["units"]
    told = {row["unit"]: (row["base"], row["bonus"], row["total"], row["rank"]) for row in rows}
    assert told == {
        "a": ("3.00", "97.00", "100.00", 1),
        "b": ("3.00", "84.00", "87.00", 2),
        "c": ("3.00", "77.00", "80.00", 1),
        "d": ("3.00", "21.00", "24.00", 3),
        "e": ("3.00", "21.00", "24.00", 4),
    }
    unit = read_otherwise.seen("auditor", f"/cycles/{CYCLE}/units/a/scores")
    assert (unit["total"]["final"], unit["bonus"]["final"]) == ("100.00", "97.00")


def test_a_leaf_that_does_not_apply_has_its_full_points_and_waits_for_nobody(read_otherwise: City) -> None:
    leaf = read_otherwise.seen("auditor", f"/cycles/{CYCLE}/units/a/scores")["leaves"]["18a"]
    assert (leaf["final"], leaf["status"]) == ("3.00", "verified")
